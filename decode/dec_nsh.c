/* SPDX-License-Identifier: MIT
 *
 * Network service header (RFC 8300).
 *
 *   version, flags, TTL (10 bits), length in words (6) | metadata type (1) | next protocol (1) |
 *   path (4) | metadata
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum decode_status dec_nsh(struct decode *d)
{
	static const uint8_t next[] = {[1] = INNER_IPV4, [2] = INNER_IPV6, [5] = INNER_MPLS};
	uint16_t base = cursor_be16(&d->c);
	uint32_t len = (base & 0x3fu) * 4;
	uint8_t protocol;

	cursor_skip(&d->c, 1);
	protocol = cursor_u8(&d->c);
	if (len < 8)
		return DECODE_MALFORMED;
	cursor_skip(&d->c, len - 4);
	if (protocol == 3)
		return decode_next(d, SPACE_INNER, INNER_ETHER);
	if (protocol >= sizeof(next) || !next[protocol])
		return DECODE_UNKNOWN;
	return decode_next(d, SPACE_INNER, next[protocol]);
}
