/* SPDX-License-Identifier: MIT
 *
 * Remote procedure calls: ONC (RFC 5531; NFS, portmap, mount) and DCE (C706, MS-RPCE).
 *
 *   ONC: [last (1 bit), length (31) on TCP] | transaction (4) | 0 call: version 2 (4) | program (4)
 * | ... | 1 reply: 0 or 1 (4) DCE: 5 | minor 0 or 1 | type (1) | flags (1) | representation (4) |
 * length (2) | auth (2) | call (4)
 */
#include "decode/app_rows.h"

enum {
	ONC_VERSION = 2,
	ONC_PROGRAM_MIN = 100000,
	ONC_PROGRAM_MAX = 0x5fffffff,
	DCE_HEADER = 16,
	DCE_TYPE_MAX = 19,
	DCE_LITTLE_ENDIAN = 0x10,
};

static bool onc_call(struct cursor c)
{
	uint32_t version = cursor_be32(&c), program = cursor_be32(&c);

	return !c.bad && version == ONC_VERSION && program >= ONC_PROGRAM_MIN &&
	       program <= ONC_PROGRAM_MAX;
}

enum app_status app_rpc(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint32_t mark = in->datagram ? 0 : cursor_be32(&c), direction;

	(void)sink;
	cursor_skip(&c, 4);
	direction = cursor_be32(&c);
	if (c.bad)
		return app_undecided(in);
	if (direction > 1 || (mark & 0x7fffffff) > 1 << 22)
		return APP_NO;
	if (cursor_left(&c) < 8)
		return app_undecided(in);
	if (direction == 0)
		return onc_call(c) ? APP_DONE : APP_NO;
	return cursor_be32(&c) <= 1 && app_expected(in, APP_ID_rpc) ? APP_DONE : APP_NO;
}

enum app_status app_dcerpc(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint16_t version = cursor_be16(&c), len;
	uint8_t type = cursor_u8(&c), representation;

	(void)sink;
	cursor_skip(&c, 1);
	representation = cursor_u8(&c);
	cursor_skip(&c, 3);
	len = representation & DCE_LITTLE_ENDIAN ? cursor_le16(&c) : cursor_be16(&c);
	if (c.bad)
		return cursor_left(&in->data) && *in->data.p != 5 ? APP_NO : app_undecided(in);
	if ((version != 0x0500 && version != 0x0501) || type > DCE_TYPE_MAX)
		return APP_NO;
	return (representation & ~DCE_LITTLE_ENDIAN) == 0 && len >= DCE_HEADER ? APP_DONE : APP_NO;
}
