/* SPDX-License-Identifier: MIT
 *
 * LISP data packets: IP in UDP between sites (RFC 9300).
 *
 *   flags (1) | nonce or map version (3) | instance id (3), status bits (1) | IP
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { LISP_FLAG_INSTANCE = 0x08 };

enum decode_status dec_lisp(struct decode *d)
{
	const uint8_t *h = cursor_bytes(&d->c, 8), *first = cursor_peek(&d->c, 1);
	uint32_t id;

	if (!h || !first || (*first >> 4 != 4 && *first >> 4 != 6))
		return DECODE_UNKNOWN;
	id = h[0] & LISP_FLAG_INSTANCE ? load_be32(h + 4) >> 8 : 0;
	if (!decode_tunnel(d, TUNNEL_LISP, id))
		return DECODE_UNKNOWN;
	return decode_next(d, SPACE_INNER, INNER_IP);
}
