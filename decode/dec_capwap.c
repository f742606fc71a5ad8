/* SPDX-License-Identifier: MIT
 *
 * CAPWAP data channel: frames between an access point and its controller (RFC 5415).
 *
 *   version (4 bits), type (4) | header words (5 bits), radio (5), binding (5), T, F, L, W, M, K,
 *   reserved (3) | fragment id (2) | fragment offset (13 bits), reserved (3) | optional parts
 *
 * T says that the frame is in the radio's own format, of which 802.11 is the only one in use; some
 * controllers send its frame control with the two bytes swapped.
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum {
	TYPE_PLAIN = 0,
	FLAG_NATIVE = 0x0100,
	FLAG_FRAGMENT = 0x0080,
	FLAG_KEEP_ALIVE = 0x0008,
	FRAME_DATA = 0x08, /* 802.11 frame control, low nibble: version 0, data */
	WLAN_HEADER = 24
};

/*
 * With swapped bytes the header is read here: the decoder of 802.11 must see bytes as they are in
 * the frame, and the frame is not ours to change.
 */
static enum decode_status swapped(struct decode *d, const uint8_t *fc)
{
	bool ap_to_ap = (fc[0] & 3) == 3, qos = fc[1] & 0x80;
	bool encrypted = fc[0] & 0x40, no_data = fc[1] & 0x40;

	if (encrypted || no_data)
		return DECODE_UNKNOWN;
	cursor_skip(&d->c, WLAN_HEADER + (ap_to_ap ? 6u : 0) + (qos ? 2u : 0));
	return decode_next(d, SPACE_INNER, INNER_LLC);
}

enum decode_status dec_capwap(struct decode *d)
{
	const uint8_t *h = cursor_bytes(&d->c, 8), *fc;
	uint32_t header;
	uint16_t flags;

	if (!h || h[0] != TYPE_PLAIN)
		return DECODE_UNKNOWN;
	flags = load_be16(h + 2);
	header = (h[1] >> 3) * 4u;
	if (header < 8 || flags & (FLAG_FRAGMENT | FLAG_KEEP_ALIVE))
		return DECODE_UNKNOWN;
	cursor_skip(&d->c, header - 8);
	fc = cursor_peek(&d->c, 2);
	if (!fc || !decode_tunnel(d, TUNNEL_CAPWAP, 0))
		return DECODE_UNKNOWN;
	if (!(flags & FLAG_NATIVE))
		return decode_next(d, SPACE_INNER, INNER_ETHER);
	if ((fc[0] & 15) != FRAME_DATA && (fc[1] & 15) == FRAME_DATA)
		return swapped(d, fc);
	return decode_next(d, SPACE_INNER, INNER_WLAN);
}
