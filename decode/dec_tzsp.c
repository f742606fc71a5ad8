/* SPDX-License-Identifier: MIT
 *
 * TaZmen Sniffer Protocol: frames that a remote sniffer sends in UDP.
 *
 *   version (1) | type (1) | protocol (2) | tags: kind (1) | length (1) | value | frame
 *
 * The tags 0 (padding) and 1 (end) have no length.
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum {
	TZSP_VERSION = 1,
	TYPE_RECEIVED = 0,
	TYPE_TRANSMIT = 1,
	FRAME_ETHER = 1,
	FRAME_WLAN = 18,
	FRAME_PRISM = 119,
	FRAME_AVS = 127,
	TAG_PAD = 0,
	TAG_END = 1
};

static void skip_tags(struct cursor *c)
{
	uint8_t tag;

	do {
		tag = cursor_u8(c);
		if (tag != TAG_PAD && tag != TAG_END)
			cursor_skip(c, cursor_u8(c));
	} while (tag != TAG_END && !c->bad);
}

enum decode_status dec_tzsp(struct decode *d)
{
	const uint8_t *h = cursor_bytes(&d->c, 4);

	if (!h || h[0] != TZSP_VERSION || (h[1] != TYPE_RECEIVED && h[1] != TYPE_TRANSMIT))
		return DECODE_UNKNOWN;
	skip_tags(&d->c);
	if (d->c.bad || !decode_tunnel(d, TUNNEL_TZSP, 0))
		return DECODE_UNKNOWN;
	switch (load_be16(h + 2)) {
	case FRAME_ETHER: return decode_next(d, SPACE_INNER, INNER_ETHER);
	case FRAME_WLAN: return decode_next(d, SPACE_INNER, INNER_WLAN);
	case FRAME_PRISM: return decode_next(d, SPACE_LINKTYPE, 119);
	case FRAME_AVS: return decode_next(d, SPACE_LINKTYPE, 163);
	default: return DECODE_UNKNOWN;
	}
}
