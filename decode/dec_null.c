/* SPDX-License-Identifier: MIT
 *
 * BSD loopback (link types NULL, LOOP) and OpenBSD's enc(4).
 *
 *   NULL, LOOP: address family (4)
 *   ENC:        address family (4) | SPI (4) | flags (4)
 *
 * The family is in the byte order of the capturing host for NULL and ENC, in network order for
 * LOOP. Families are below 2^16, so either order is told from the other without asking.
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { LINKTYPE_ENC = 109 };

enum decode_status dec_null(struct decode *d)
{
	bool enc = d->next_type == LINKTYPE_ENC;
	uint32_t family = cursor_le32(&d->c);

	if (family > 0xffff)
		family = __builtin_bswap32(family);
	if (enc)
		cursor_skip(&d->c, 8);
	if (d->c.bad)
		return DECODE_MALFORMED;
	switch (family) {
	case 2: /* AF_INET everywhere */ return decode_next(d, SPACE_INNER, INNER_IPV4);
	case 10: /* AF_INET6 of Linux */
	case 23: /* Windows */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* macOS */ return decode_next(d, SPACE_INNER, INNER_IPV6);
	default: return DECODE_UNKNOWN;
	}
}
