/* SPDX-License-Identifier: MIT
 *
 * Mobile core networks: GTP (TS 29.060, TS 29.274, TS 29.281), PFCP (TS 29.244), Diameter (RFC
 * 6733).
 *
 *   GTP 1:    version 1, flags (1) | type (1) | length after byte 8 (2) | tunnel (4)
 *   GTP 2:    version 2, flags (1) | type (1) | length after byte 4 (2)        PFCP: the same,
 * version 1 Diameter: 1 | length (3) | flags (1) | command (3) | application (4) | ids (8)
 */
#include "decode/app_rows.h"

enum {
	GTP1_HEADER = 8,
	GTP2_HEADER = 4,
	DIAMETER_HEADER = 20,
	DIAMETER_RESERVED = 0x0f,
	DIAMETER_MAX = 1 << 16,
};

enum app_status app_gtp(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	size_t all = cursor_left(&c), len;
	uint8_t version = cursor_u8(&c) >> 5;

	(void)sink;
	if (cursor_u8(&c) == 0)
		return APP_NO;
	len = cursor_be16(&c);
	if (c.bad || version > 2)
		return APP_NO;
	if (version == 0)
		return len <= all ? APP_DONE : APP_NO;
	return len + (version == 1 ? GTP1_HEADER : GTP2_HEADER) <= all ? APP_DONE : APP_NO;
}

enum app_status app_pfcp(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	size_t all = cursor_left(&c);
	uint8_t version = cursor_u8(&c) >> 5, type = cursor_u8(&c);
	size_t len = cursor_be16(&c);

	(void)sink;
	return !c.bad && version == 1 && type && len + GTP2_HEADER <= all ? APP_DONE : APP_NO;
}

enum app_status app_diameter(const struct app_input *in, const struct app_sink *sink)
{
	struct cursor c = in->data;
	uint8_t version = cursor_u8(&c), flags;
	uint32_t len = cursor_be24(&c);

	(void)sink;
	flags = cursor_u8(&c);
	if (c.bad)
		return app_undecided(in);
	if (version != 1 || len < DIAMETER_HEADER || len % 4 || len > DIAMETER_MAX)
		return APP_NO;
	return flags & DIAMETER_RESERVED ? APP_NO : APP_DONE;
}
