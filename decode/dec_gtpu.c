/* SPDX-License-Identifier: MIT
 *
 * GTP user plane: a phone's packets (3GPP TS 29.281, version 1; TS 09.60, version 0).
 *
 *   version (3 bits), GTP (1), - , E, S, PN | message (1) | length (2) | tunnel id (4) |
 *   [sequence (2) | N-PDU (1) | next extension (1)]      when any of E, S, PN is set
 *   extension: length in words (1) | ... | next extension (1)
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum {
	GTP_VERSION = 5, /* shift */
	GTP_NOT_PRIME = 0x10,
	GTP_OPTIONAL = 0x07,
	GTP_EXTENSION = 0x04,
	GTP_PACKET = 255, /* message type G-PDU */
	MAX_EXTENSIONS = 16
};

static bool skip_extensions(struct cursor *c, uint8_t next)
{
	for (int i = 0; next && i < MAX_EXTENSIONS && !c->bad; i++) {
		uint32_t len = cursor_u8(c) * 4u;

		if (len < 4)
			return false;
		cursor_skip(c, len - 2);
		next = cursor_u8(c);
	}
	return !next && !c->bad;
}

static bool version_1(struct decode *d, const uint8_t *h, uint32_t *id)
{
	const uint8_t *teid, *optional;

	layer_limit(d, load_be16(h + 2) + 4u);
	teid = cursor_bytes(&d->c, 4);
	if (!teid)
		return false;
	*id = load_be32(teid);
	if (!(h[0] & GTP_OPTIONAL))
		return true;
	optional = cursor_bytes(&d->c, 4);
	return optional && (!(h[0] & GTP_EXTENSION) || skip_extensions(&d->c, optional[3]));
}

/* Version 0: sequence (2), flow label (2), N-PDU (1), spare (3), tunnel id (8). */
static bool version_0(struct decode *d, uint32_t *id)
{
	const uint8_t *rest = cursor_bytes(&d->c, 16);

	if (rest)
		*id = load_be32(rest + 12);
	return rest != NULL;
}

enum decode_status dec_gtpu(struct decode *d)
{
	const uint8_t *h = cursor_bytes(&d->c, 4), *first;
	uint32_t id;

	if (!h || !(h[0] & GTP_NOT_PRIME) || h[0] >> GTP_VERSION > 1 || h[1] != GTP_PACKET)
		return DECODE_UNKNOWN;
	if (!(h[0] >> GTP_VERSION ? version_1(d, h, &id) : version_0(d, &id)))
		return DECODE_UNKNOWN;
	first = cursor_peek(&d->c, 1);
	if (!first || (*first >> 4 != 4 && *first >> 4 != 6))
		return DECODE_UNKNOWN; /* PPP, Ethernet or end marker */
	if (!decode_tunnel(d, TUNNEL_GTPU, id))
		return DECODE_UNKNOWN;
	return decode_next(d, SPACE_INNER, INNER_IP);
}
