/* SPDX-License-Identifier: MIT
 *
 * Packets from firewalls' logs.
 *
 *   NFLOG: family (1) | version (1) | resource (2) | attributes
 *          attribute: length, header included (2) | type (2) | value, padded to 4 bytes
 *   PFLOG: length (1) | family (1) | ... padded to 4 bytes | IP
 *
 * NFLOG's attributes are in the byte order of the host that captured: a length that makes no sense
 * in one order is read in the other.
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { NFULA_PAYLOAD = 9, NFLOG_VERSION = 0, ATTRIBUTE_HEADER = 4 };

enum decode_status dec_nflog(struct decode *d)
{
	cursor_skip(&d->c, 1);
	if (cursor_u8(&d->c) != NFLOG_VERSION)
		return DECODE_UNKNOWN;
	cursor_skip(&d->c, 2);
	while (!d->c.bad) {
		uint16_t len = cursor_le16(&d->c), type = cursor_le16(&d->c);

		if (len < ATTRIBUTE_HEADER ||
		    (len > layer_left(d) + ATTRIBUTE_HEADER && len & 0xff00)) {
			len = __builtin_bswap16(len);
			type = __builtin_bswap16(type);
		}
		if (len < ATTRIBUTE_HEADER)
			return DECODE_MALFORMED;
		if (type == NFULA_PAYLOAD) {
			layer_limit(d, len - ATTRIBUTE_HEADER);
			return decode_next(d, SPACE_INNER, INNER_IP);
		}
		cursor_skip(&d->c, ((len + 3u) & ~3u) - ATTRIBUTE_HEADER);
	}
	return DECODE_MALFORMED;
}

enum decode_status dec_pflog(struct decode *d)
{
	uint8_t len = cursor_u8(&d->c);

	if (len < 2)
		return DECODE_MALFORMED;
	cursor_skip(&d->c, ((len + 3u) & ~3u) - 1);
	return decode_next(d, SPACE_INNER, INNER_IP);
}
