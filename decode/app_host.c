/* SPDX-License-Identifier: MIT
 *
 * Small services of hosts and routers: TFTP (RFC 1350), CoAP (RFC 7252), RIP (RFC 2453), BGP (RFC
 * 4271), HSRP (RFC 2281), NetBIOS datagrams (RFC 1002), Cisco Skinny, Telnet (RFC 854), SOCKS (RFC
 * 1928).
 *
 *   TFTP:    1 read or 2 write (2) | file text | 0 | mode text | 0; 3 data, 4 acknowledged, 5 error
 *   CoAP:    version 1 (2 bits), type (2), token length (4) | code (1) | message (2)
 *   RIP:     command 1 or 2 (1) | version 1 or 2 (1) | 0 (2) | entries of 20
 *   BGP:     ff (16) | length (2) | type 1-5 (1)
 *   Skinny:  length (4, LE) | version (4, LE) | message (4, LE)
 *   NetBIOS: type 10-16 (1) | flags (1) | id (2) | address (4) | port 138 (2)
 *   Telnet:  ff | command fb-fe (1) | option (1)
 */
#include <string.h>

#include "decode/app_rows.h"
#include "decode/app_text.h"

enum {
	TFTP_WRITE = 2,
	TFTP_ERROR = 5,
	COAP_TOKEN_MAX = 8,
	RIP_ENTRY = 20,
	BGP_MARKER = 16,
	BGP_HEADER = 19,
	BGP_MAX = 4096,
	BGP_TYPE_MAX = 5,
	HSRP_PACKET = 20,
	NBDGM_PORT = 138,
	SKINNY_MAX = 4096,
	SKINNY_VERSION_MAX = 22,
	SKINNY_MESSAGE_MAX = 0x8200,
	TELNET_IAC = 0xff,
	TELNET_WILL = 0xfb,
};

/* A transfer is asked for on port 69 and goes on between ports of its own. */
enum app_status app_tftp(const struct app_input *in, const struct app_sink *sink)
{
	static const char *const modes[] = {"octet", "netascii", "mail", NULL};
	struct cursor c = in->data, file, mode;
	uint16_t opcode = cursor_be16(&c);

	(void)sink;
	if (opcode > TFTP_WRITE && opcode <= TFTP_ERROR + 1)
		return app_expected(in, APP_ID_tftp) ? APP_DONE : APP_NO;
	if (opcode == 0 || opcode > TFTP_WRITE || !text_until(&c, 0, &file) ||
	    !text_until(&c, 0, &mode))
		return APP_NO;
	if (!cursor_left(&file) || !text_plain(&file))
		return APP_NO;
	return text_match_any(&mode, modes) == TEXT_EQUAL ? APP_DONE : APP_NO;
}

enum app_status app_coap(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint8_t first = cursor_u8(&c), code = cursor_u8(&c), token = first & 0x0f;

	(void)sink;
	cursor_skip(&c, 2 + (size_t)token);
	if (c.bad || first >> 6 != 1 || token > COAP_TOKEN_MAX)
		return APP_NO;
	return code >> 5 <= 5 && code >> 5 != 1 ? APP_DONE : APP_NO;
}

enum app_status app_rip(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint8_t command = cursor_u8(&c), version = cursor_u8(&c);
	uint16_t zero = cursor_be16(&c);

	(void)sink;
	if (c.bad || command < 1 || command > 2 || version < 1 || version > 2 || zero)
		return APP_NO;
	return cursor_left(&c) && cursor_left(&c) % RIP_ENTRY == 0 ? APP_DONE : APP_NO;
}

enum app_status app_bgp(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint16_t len;
	uint8_t type;

	(void)sink;
	for (unsigned i = 0; i < BGP_MARKER; i++)
		if (cursor_u8(&c) != 0xff)
			return c.bad ? app_undecided(in) : APP_NO;
	len = cursor_be16(&c);
	type = cursor_u8(&c);
	if (c.bad)
		return app_undecided(in);
	return len >= BGP_HEADER && len <= BGP_MAX && type && type <= BGP_TYPE_MAX ? APP_DONE
										   : APP_NO;
}

enum app_status app_hsrp(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint8_t version = cursor_u8(&c), operation = cursor_u8(&c);

	(void)sink;
	if (version == 0)
		return cursor_left(&in->data) == HSRP_PACKET && operation <= 3 ? APP_DONE : APP_NO;
	return version == 1 && operation == 40 ? APP_DONE
					       : APP_NO; /* version 2: type 1, length 40 */
}

enum app_status app_nbdgm(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint8_t type = cursor_u8(&c);

	(void)sink;
	cursor_skip(&c, 7);
	return type >= 0x10 && type <= 0x16 && cursor_be16(&c) == NBDGM_PORT ? APP_DONE : APP_NO;
}

enum app_status app_skinny(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint32_t len = cursor_le32(&c), version = cursor_le32(&c), message = cursor_le32(&c);

	(void)sink;
	if (c.bad)
		return app_undecided(in);
	return len >= 4 && len <= SKINNY_MAX && version <= SKINNY_VERSION_MAX &&
			       message <= SKINNY_MESSAGE_MAX
		       ? APP_DONE
		       : APP_NO;
}

enum app_status app_telnet(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint8_t first = cursor_u8(&c), command = cursor_u8(&c);

	(void)sink;
	cursor_skip(&c, 1);
	if (cursor_left(&in->data) && first != TELNET_IAC)
		return APP_NO;
	if (c.bad)
		return app_undecided(in);
	return command >= TELNET_WILL && command <= 0xfe ? APP_DONE : APP_NO;
}
