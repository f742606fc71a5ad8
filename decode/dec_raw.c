/* SPDX-License-Identifier: MIT
 *
 * A bare IP packet, whose first four bits tell its version (RFC 791 3.1, RFC 8200 3).
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum decode_status dec_raw(struct decode *d)
{
	const uint8_t *first = cursor_peek(&d->c, 1);

	if (!first)
		return decode_short(d, ANOMALY_LINK_HEADER);
	switch (*first >> 4) {
	case 4: return decode_next(d, SPACE_INNER, INNER_IPV4);
	case 6: return decode_next(d, SPACE_INNER, INNER_IPV6);
	default: return DECODE_UNKNOWN;
	}
}
