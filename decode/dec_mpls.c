/* SPDX-License-Identifier: MIT
 *
 * MPLS label stack (RFC 3032), also on IP (RFC 4023) and on UDP (RFC 7510).
 *
 *   label (20 bits), traffic class (3), bottom of stack (1), TTL (8)      repeated until the bottom
 *
 * Nothing says what follows. As every router does (RFC 4928): a first nibble of 4 or 6 is IP, 1 is
 * a pseudowire's own control channel, the rest Ethernet. Before Ethernet there may be a control
 * word (4 bytes), whose nibble of 0 is also that of most vendors' addresses: the EtherType decides.
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { BOTTOM = 0x100, MAX_LABELS = 32 };

static bool has_control_word(const struct decode *d)
{
	const uint8_t *h = cursor_peek(&d->c, 14);

	return h && h[0] >> 4 == 0 && !decode_known(SPACE_ETHERTYPE, load_be16(h + 12));
}

static enum decode_status payload(struct decode *d)
{
	const uint8_t *first = cursor_peek(&d->c, 1);

	if (!first)
		return decode_short(d, ANOMALY_LINK_HEADER);
	switch (*first >> 4) {
	case 4:
	case 6: return decode_next(d, SPACE_INNER, INNER_IP);
	case 1: return decode_other(d, PACKET_CONTROL);
	}
	if (has_control_word(d))
		cursor_skip(&d->c, 4);
	return decode_next(d, SPACE_INNER, INNER_ETHER);
}

enum decode_status dec_mpls(struct decode *d)
{
	for (int i = 0; i < MAX_LABELS; i++) {
		uint32_t label = cursor_be32(&d->c);

		if (d->c.bad)
			return DECODE_MALFORMED;
		if (label & BOTTOM)
			return payload(d);
	}
	return DECODE_MALFORMED;
}

enum decode_status dec_mplsip(struct decode *d)
{
	const uint8_t *label = cursor_peek(&d->c, 4);

	if (!label || !decode_tunnel(d, TUNNEL_MPLS, load_be32(label) >> 12))
		return DECODE_UNKNOWN;
	return decode_next(d, SPACE_INNER, INNER_MPLS);
}
