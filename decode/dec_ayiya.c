/* SPDX-License-Identifier: MIT
 *
 * AYIYA: IPv6 in UDP for hosts that move (draft-massar-v6ops-ayiya).
 *
 *   log2 of identity length, identity type (1) | signature words, hash (1) |
 *   authentication, operation (1) | next header (1) | time (4) | identity | signature | packet
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { OPERATION_FORWARD = 1, NEXT_IPV4 = 4, NEXT_IPV6 = 41 };

enum decode_status dec_ayiya(struct decode *d)
{
	const uint8_t *h = cursor_bytes(&d->c, 8);

	if (!h || (h[2] & 15) != OPERATION_FORWARD || (h[3] != NEXT_IPV4 && h[3] != NEXT_IPV6))
		return DECODE_UNKNOWN;
	cursor_skip(&d->c, (1u << (h[0] >> 4)) + (h[1] >> 4) * 4u);
	if (d->c.bad || !decode_tunnel(d, TUNNEL_AYIYA, 0))
		return DECODE_UNKNOWN;
	return decode_next(d, SPACE_INNER, h[3] == NEXT_IPV4 ? INNER_IPV4 : INNER_IPV6);
}
