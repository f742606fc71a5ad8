/* SPDX-License-Identifier: MIT
 *
 * IEEE 802.11 (the standard's section 9).
 *
 *   frame control (2) | duration (2) | address 1, 2, 3 (6 each) | sequence (2) |
 *   [address 4 (6)] between access points | [QoS (2)] | [HT control (4)] | LLC
 *
 * An aggregate (A-MSDU) holds subframes "destination (6) | source (6) | length (2) | LLC"; the
 * first one gives the flow. Management and control frames, and data frames without data, are
 * link control; an encrypted frame hides what it carries.
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum {
	TYPE_DATA = 2,
	SUBTYPE_NO_DATA = 4,
	SUBTYPE_QOS = 8,
	FLAG_TO_AP = 0x01,
	FLAG_FROM_AP = 0x02,
	FLAG_PROTECTED = 0x40,
	FLAG_HT_CONTROL = 0x80,
	QOS_AGGREGATE = 0x80,
	AP_TO_AP = FLAG_TO_AP | FLAG_FROM_AP
};

/* Length of the header, and in *aggregate whether subframes follow. */
static uint32_t header_length(const uint8_t *fc)
{
	uint32_t len = 24;

	if ((fc[1] & AP_TO_AP) == AP_TO_AP)
		len += 6;
	if (fc[0] >> 4 & SUBTYPE_QOS)
		len += fc[1] & FLAG_HT_CONTROL ? 6 : 2;
	return len;
}

static bool is_aggregate(const uint8_t *h, uint32_t len)
{
	uint32_t qos = len - (h[1] & FLAG_HT_CONTROL ? 6 : 2);

	return (h[0] >> 4 & SUBTYPE_QOS) && (h[qos] & QOS_AGGREGATE);
}

enum decode_status dec_wlan(struct decode *d)
{
	bool padded = d->next_space == SPACE_INNER && d->next_type == INNER_WLAN_PADDED;
	const uint8_t *fc = cursor_peek(&d->c, 2), *h;
	uint32_t len;

	if (!fc)
		return decode_short(d, ANOMALY_LINK_HEADER);
	if (fc[0] & 3) /* protocol version */
		return DECODE_MALFORMED;
	if ((fc[0] >> 2 & 3) != TYPE_DATA || fc[0] >> 4 & SUBTYPE_NO_DATA)
		return decode_other(d, PACKET_CONTROL);
	len = header_length(fc);
	h = cursor_bytes(&d->c, len);
	if (!h)
		return DECODE_MALFORMED;
	if (padded)
		cursor_skip(&d->c, -len & 3);
	if (h[1] & FLAG_PROTECTED) {
		d->packet->encrypted = true;
		return DECODE_UNKNOWN;
	}
	if (is_aggregate(h, len)) {
		cursor_skip(&d->c, 12);
		layer_limit(d, cursor_be16(&d->c));
	}
	return decode_next(d, SPACE_INNER, INNER_LLC);
}
