/* SPDX-License-Identifier: MIT
 *
 * Industrial control: Modbus TCP, BACnet/IP (ISO 16484-5 annex J), DNP3 (IEEE 1815), EtherNet/IP.
 *
 *   Modbus:      transaction (2) | 0 (2) | length (2) | unit (1) | function (1) | ...
 *   BACnet/IP:   81 | function (1) | length (2)
 *   DNP3:        05 64 | length (1) | control (1) | destination, source (4) | CRC (2)
 *   EtherNet/IP: command (2, LE) | length (2, LE) | session (4) | status (4) | ...
 */
#include "decode/app_rows.h"

enum {
	MODBUS_LENGTH_MIN = 2,
	MODBUS_LENGTH_MAX = 254,
	BACNET_TYPE = 0x81,
	DNP3_START = 0x0564,
	ENIP_COMMAND_MAX = 0x70,
};

enum app_status app_modbus(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint16_t protocol, len;

	(void)sink;
	cursor_skip(&c, 2);
	protocol = cursor_be16(&c);
	len = cursor_be16(&c);
	cursor_skip(&c, 1);
	if ((cursor_u8(&c) & 0x7f) == 0 && !c.bad)
		return APP_NO;
	if (c.bad)
		return app_undecided(in);
	return protocol == 0 && len >= MODBUS_LENGTH_MIN && len <= MODBUS_LENGTH_MAX ? APP_DONE
										     : APP_NO;
}

enum app_status app_bacnet(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	size_t len = cursor_left(&c);
	uint8_t type = cursor_u8(&c);

	(void)sink;
	cursor_skip(&c, 1);
	return type == BACNET_TYPE && cursor_be16(&c) == len && !c.bad ? APP_DONE : APP_NO;
}

enum app_status app_dnp3(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint16_t start = cursor_be16(&c);

	(void)sink;
	if (cursor_u8(&c) < 5 && !c.bad)
		return APP_NO;
	if (c.bad)
		return app_undecided(in);
	return start == DNP3_START ? APP_DONE : APP_NO;
}

enum app_status app_enip(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint16_t command = cursor_le16(&c);
	uint32_t status;

	(void)sink;
	cursor_skip(&c, 6);
	status = cursor_le32(&c);
	if (c.bad)
		return app_undecided(in);
	return command <= ENIP_COMMAND_MAX && status <= 0x69 ? APP_DONE : APP_NO;
}
