/* SPDX-License-Identifier: MIT
 *
 * GRE (RFC 2784, 2890; routing of RFC 1701), NVGRE (RFC 7637: Ethernet by its protocol number), the
 * PPTP variant (RFC 2637), and GRE in UDP (RFC 8086).
 *
 *   flags C R K S s (5 bits), depth (3), [A] ..., version (3) | protocol (2)
 *   [checksum (2) | offset (2)]  when C or R      [key (4)] when K      [sequence (4)] when S
 *   [routing entries]            when R           [acknowledgement (4)] when A, version 1
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum {
	GRE_CHECKSUM = 0x8000,
	GRE_ROUTING = 0x4000,
	GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000,
	GRE_ACK = 0x0080,
	GRE_VERSION = 0x0007,
	ERSPAN_1_2 = 0x88be,
	WCCP = 0x883e,
	EOIP = 0x6400
};

/* Source route entries (RFC 1701): family (2), offset (1), length (1), data; length 0 ends. */
static void skip_routing(struct cursor *c)
{
	uint8_t len;

	do {
		cursor_skip(c, 3);
		len = cursor_u8(c);
		cursor_skip(c, len);
	} while (len && !c->bad);
}

static enum decode_status payload(struct decode *d, uint16_t flags, uint16_t protocol)
{
	const uint8_t *first;

	switch (protocol) {
	case EOIP: return decode_next(d, SPACE_INNER, INNER_EOIP);
	case ERSPAN_1_2:
		/* Type I has no header, hence no sequence number either. */
		decode_tunnel_rename(d, TUNNEL_ERSPAN, 0);
		return decode_next(d, SPACE_INNER,
				   flags & GRE_SEQUENCE ? INNER_ERSPAN : INNER_ETHER);
	case WCCP:
		/* Version 2 has a redirect header of 4 bytes; a nibble of 4 is IP at once. */
		first = cursor_peek(&d->c, 1);
		if (first && *first >> 4 != 4)
			cursor_skip(&d->c, 4);
		return decode_next(d, SPACE_INNER, INNER_IPV4);
	default: return decode_next(d, SPACE_ETHERTYPE, protocol);
	}
}

enum decode_status dec_gre(struct decode *d)
{
	uint16_t flags = cursor_be16(&d->c), protocol = cursor_be16(&d->c);
	uint32_t key = 0;

	if ((flags & GRE_VERSION) > 1)
		return DECODE_UNKNOWN;
	if (protocol != EOIP) { /* its key field is read by its own decoder */
		if (flags & (GRE_CHECKSUM | GRE_ROUTING))
			cursor_skip(&d->c, 4);
		if (flags & GRE_KEY)
			key = cursor_be32(&d->c);
	}
	if (flags & GRE_SEQUENCE)
		cursor_skip(&d->c, 4);
	if (flags & GRE_VERSION && flags & GRE_ACK)
		cursor_skip(&d->c, 4);
	if (!(flags & GRE_VERSION) && flags & GRE_ROUTING)
		skip_routing(&d->c);
	if (d->c.bad)
		return DECODE_MALFORMED;
	/* Keep-alives and bare acknowledgements carry nothing. */
	if (!layer_left(d) || !decode_tunnel(d, TUNNEL_GRE, key))
		return DECODE_UNKNOWN;
	return payload(d, flags, protocol);
}
