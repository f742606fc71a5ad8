/* SPDX-License-Identifier: MIT
 *
 * Link types that wrap a frame of another link type, told by its number.
 *
 *   PPI:   version (1) | flags (1) | length (2) | link type (4) | fields          little endian
 *   PKTAP: length (4) | record type (4) | link type (4) | interface ...           little endian
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { PKTAP_PACKET = 1 };

static enum decode_status wrapped(struct decode *d, uint32_t linktype, uint32_t rest)
{
	cursor_skip(&d->c, rest);
	if (d->c.bad)
		return DECODE_MALFORMED;
	if (linktype > UINT16_MAX)
		return DECODE_UNKNOWN;
	return decode_next(d, SPACE_LINKTYPE, (uint16_t)linktype);
}

enum decode_status dec_ppi(struct decode *d)
{
	uint32_t len, linktype;

	cursor_skip(&d->c, 2);
	len = cursor_le16(&d->c);
	linktype = cursor_le32(&d->c);
	return len < 8 ? DECODE_MALFORMED : wrapped(d, linktype, len - 8);
}

enum decode_status dec_pktap(struct decode *d)
{
	uint32_t len = cursor_le32(&d->c);
	uint32_t record = cursor_le32(&d->c);
	uint32_t linktype = cursor_le32(&d->c);

	if (len < 12)
		return DECODE_MALFORMED;
	if (record != PKTAP_PACKET)
		return decode_other(d, PACKET_CONTROL);
	return wrapped(d, linktype, len - 12);
}
