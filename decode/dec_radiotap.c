/* SPDX-License-Identifier: MIT
 *
 * What a radio adds in front of 802.11 frames, in three dialects.
 *
 *   radiotap: version (1) | pad (1) | length (2, little endian) | present bits (4, repeated while
 *             bit 31 is set) | fields in the order of their bits, aligned to their size
 *   AVS:      magic 80211001 | length (4) | ...
 *   Prism:    message code (4) | length (4) | ...            in the host's byte order
 *
 * Of the fields only `flags` matters: it tells padding between the 802.11 header and its data.
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum {
	PRESENT_TSFT = 1,
	PRESENT_FLAGS = 2,
	FLAG_DATA_PAD = 0x20,
	MAX_PRESENT = 8,
	AVS_LENGTH_MAX = 256
};
static const uint32_t PRESENT_MORE = 1u << 31;

/* The field "flags", 0 when absent; c is at the present bits, 4 bytes into the header. */
static uint8_t read_flags(struct cursor c)
{
	uint32_t present = cursor_le32(&c), more = present, words = 1;

	while (more & PRESENT_MORE && words < MAX_PRESENT) {
		more = cursor_le32(&c);
		words++;
	}
	if (!(present & PRESENT_FLAGS))
		return 0;
	/* The time stamp is aligned to 8 bytes from the header's start. */
	if (present & PRESENT_TSFT)
		cursor_skip(&c, (words % 2 ? 0 : 4) + 8);
	return cursor_u8(&c);
}

enum decode_status dec_radiotap(struct decode *d)
{
	struct cursor fields;
	uint16_t len;
	bool padded;

	cursor_skip(&d->c, 2);
	len = cursor_le16(&d->c);
	if (d->c.bad || len < 8)
		return DECODE_MALFORMED;
	fields = cursor_sub(&d->c, len - 4u);
	padded = read_flags(fields) & FLAG_DATA_PAD;
	return decode_next(d, SPACE_INNER, padded ? INNER_WLAN_PADDED : INNER_WLAN);
}

enum decode_status dec_avs(struct decode *d)
{
	uint32_t len;

	cursor_skip(&d->c, 4);
	len = cursor_be32(&d->c);
	if (len > AVS_LENGTH_MAX)
		len = __builtin_bswap32(len);
	if (d->c.bad || len < 8 || len > AVS_LENGTH_MAX)
		return DECODE_MALFORMED;
	cursor_skip(&d->c, len - 8);
	return decode_next(d, SPACE_INNER, INNER_WLAN);
}
