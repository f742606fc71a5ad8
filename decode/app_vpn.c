/* SPDX-License-Identifier: MIT
 *
 * Virtual private networks on UDP: WireGuard, IKE (RFC 7296, RFC 2408), OpenVPN.
 *
 *   WireGuard: type (1) | 0 0 0 | ...   1: 148 bytes, 2: 92, 3: 64, 4: 32 + 16 n
 *   IKE:       [0 (4) on port 4500] | cookies (16) | next (1) | version (1) | exchange (1) |
 *              flags (1) | message (4) | length (4)
 *   OpenVPN:   [length (2) on TCP] | opcode (5 bits), key (3) | session (8) | ...
 */
#include "decode/app_rows.h"

enum {
	WIREGUARD_COOKIE = 3,
	WIREGUARD_DATA = 4,
	WIREGUARD_DATA_MIN = 32,
	IKE_NAT_PORT = 4500,
	OPENVPN_HARD_RESET_MIN = 14,
	OPENVPN_OPCODE_MAX = 10,
};

enum app_status app_wireguard(const struct app_input *in, const struct app_sink *sink)
{
	static const uint8_t sizes[] = {0, 148, 92, 64};
	size_t len = cursor_left(&in->data);
	struct cursor c = in->data;
	uint32_t type = cursor_le32(&c);

	(void)sink;
	if (c.bad || type == 0 || type > WIREGUARD_DATA)
		return APP_NO;
	if (type < WIREGUARD_COOKIE)
		return len == sizes[type] ? APP_DONE : APP_NO;
	if (type == WIREGUARD_COOKIE && len != sizes[type])
		return APP_NO;
	return len >= WIREGUARD_DATA_MIN && len % 16 == 0 && app_expected(in, APP_ID_wireguard)
		       ? APP_DONE
		       : APP_NO;
}

enum app_status app_ike(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint8_t version, exchange;
	uint64_t initiator;
	size_t left;

	(void)sink;
	if (in->port[0] == IKE_NAT_PORT || in->port[1] == IKE_NAT_PORT)
		if (cursor_be32(&c) != 0)
			return APP_NO; /* ESP */
	left = cursor_left(&c);
	initiator = cursor_be64(&c);
	cursor_skip(&c, 9);
	version = cursor_u8(&c);
	exchange = cursor_u8(&c);
	cursor_skip(&c, 5);
	if (cursor_be32(&c) < left || c.bad || !initiator)
		return APP_NO;
	return (version == 0x10 || version >> 4 == 2) && exchange ? APP_DONE : APP_NO;
}

enum app_status app_openvpn(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	size_t len = in->datagram ? cursor_left(&c) : cursor_be16(&c);
	uint8_t opcode = cursor_u8(&c) >> 3;

	(void)sink;
	if (c.bad)
		return app_undecided(in);
	if (opcode == 0 || opcode > OPENVPN_OPCODE_MAX || len < OPENVPN_HARD_RESET_MIN)
		return APP_NO;
	return APP_DONE;
}
