/* SPDX-License-Identifier: MIT
 *
 * VXLAN (RFC 7348), and its generic extension, which names the inner protocol.
 *
 *   flags (1) | reserved (2) | reserved, or next protocol (1) | network id (3) | reserved (1)
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { FLAG_ID = 0x08, FLAG_NEXT_PROTOCOL = 0x04 };

/* false when this is no VXLAN; else *next is the header's fourth byte. */
static bool header(struct decode *d, uint8_t *flags, uint8_t *next)
{
	const uint8_t *h = cursor_bytes(&d->c, 8);

	if (!h || !(h[0] & FLAG_ID))
		return false;
	*flags = h[0];
	*next = h[3];
	return decode_tunnel(d, TUNNEL_VXLAN, load_be32(h + 4) >> 8);
}

enum decode_status dec_vxlan(struct decode *d)
{
	uint8_t flags, next;

	if (!header(d, &flags, &next))
		return DECODE_UNKNOWN;
	return decode_next(d, SPACE_INNER, INNER_ETHER);
}

enum decode_status dec_vxlan_gpe(struct decode *d)
{
	uint8_t flags, next;

	if (!header(d, &flags, &next))
		return DECODE_UNKNOWN;
	if (!(flags & FLAG_NEXT_PROTOCOL))
		return decode_next(d, SPACE_INNER, INNER_ETHER);
	switch (next) {
	case 1: return decode_next(d, SPACE_INNER, INNER_IPV4);
	case 2: return decode_next(d, SPACE_INNER, INNER_IPV6);
	case 3: return decode_next(d, SPACE_INNER, INNER_ETHER);
	case 4: return decode_next(d, SPACE_INNER, INNER_NSH);
	default: return DECODE_UNKNOWN;
	}
}
