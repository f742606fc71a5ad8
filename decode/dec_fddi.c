/* SPDX-License-Identifier: MIT
 *
 * FDDI and Token Ring: LLC after the link addresses.
 *
 *   FDDI:       frame control (1) | destination (6) | source (6) | LLC
 *   Token Ring: access control (1) | frame control (1) | destination (6) | source (6) |
 *               [routing information] | LLC
 *
 * Only frame controls of the LLC kind carry LLC. A source address with its group bit set announces
 * routing information, whose first byte holds its length (IEEE 802.5).
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum {
	FDDI_FORMAT_MASK = 0x30,
	FDDI_LLC = 0x10,
	RING_LLC = 0x40,
	RING_TYPE_MASK = 0xc0,
	SOURCE_ROUTED = 0x80
};

enum decode_status dec_fddi(struct decode *d)
{
	const uint8_t *h = cursor_bytes(&d->c, 13);

	if (!h)
		return DECODE_MALFORMED;
	if ((h[0] & FDDI_FORMAT_MASK) != FDDI_LLC)
		return decode_other(d, PACKET_CONTROL);
	return decode_next(d, SPACE_INNER, INNER_LLC);
}

enum decode_status dec_tokenring(struct decode *d)
{
	const uint8_t *h = cursor_bytes(&d->c, 14);
	const uint8_t *routing;

	if (!h)
		return DECODE_MALFORMED;
	if ((h[1] & RING_TYPE_MASK) != RING_LLC)
		return decode_other(d, PACKET_CONTROL);
	if (h[8] & SOURCE_ROUTED) {
		routing = cursor_peek(&d->c, 1);
		cursor_skip(&d->c, routing ? *routing & 0x1fu : 1);
	}
	return decode_next(d, SPACE_INNER, INNER_LLC);
}
