/* SPDX-License-Identifier: MIT
 *
 * L2TP version 2 (RFC 2661): PPP in UDP. Control messages stay in the UDP flow.
 *
 *   flags T L - - S - O P, version (2) | [length (2)] when L | tunnel (2) | session (2) |
 *   [Ns (2) | Nr (2)] when S | [offset (2) | padding] when O | PPP
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum {
	L2TP_CONTROL = 0x8000,
	L2TP_LENGTH = 0x4000,
	L2TP_SEQUENCE = 0x0800,
	L2TP_OFFSET = 0x0200,
	L2TP_VERSION = 0x000f
};

enum decode_status dec_l2tp(struct decode *d)
{
	uint16_t flags = cursor_be16(&d->c);
	uint32_t id;

	if (flags & L2TP_CONTROL || (flags & L2TP_VERSION) != 2)
		return DECODE_UNKNOWN;
	if (flags & L2TP_LENGTH) {
		uint16_t len = cursor_be16(&d->c);

		if (len < 4 || !layer_limit(d, len - 4u))
			return DECODE_UNKNOWN;
	}
	id = cursor_be32(&d->c);
	if (flags & L2TP_SEQUENCE)
		cursor_skip(&d->c, 4);
	if (flags & L2TP_OFFSET)
		cursor_skip(&d->c, cursor_be16(&d->c));
	if (d->c.bad || !layer_left(d) || !decode_tunnel(d, TUNNEL_L2TP, id))
		return DECODE_UNKNOWN;
	return decode_next(d, SPACE_INNER, INNER_PPP);
}
