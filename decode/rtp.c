/* SPDX-License-Identifier: MIT
 *
 * Headers of RTP and RTCP, and the static payload types.
 *
 *   RTP:  version 2 (2 bits) | padding | extension | number of CSRCs (4) | marker | payload type
 * (7) | sequence (2) | timestamp (4) | SSRC (4) | CSRCs (4 each) | extension: profile (2), words
 * (2), data RTCP: version 2 (2 bits) | padding | count (5) | type (1) | length in words, minus one
 * (2) | ... SR: SSRC (4) | sender information (20) | report blocks (24 each); RR: the same without
 * the information
 */
#include "decode/rtp.h"

enum {
	VERSION_MASK = 0xc0,
	VERSION_2 = 0x80,
	PADDING = 0x20,
	EXTENSION = 0x10,
	CSRC_COUNT = 0x0f,
	TYPE_MASK = 0x7f,
	LAST_STATIC = 34,
	FIRST_DYNAMIC = 96,
	RTCP_FIRST = 192,
	RTCP_LAST = 213,
	SENDER_INFORMATION = 20,
};

static bool drop_padding(struct cursor *c)
{
	size_t n = cursor_left(c), padding = n ? c->p[n - 1] : 0;

	if (!padding || padding > n)
		return false;
	cursor_limit(c, n - padding);
	return true;
}

bool rtp_parse(struct cursor c, struct rtp_header *h)
{
	uint8_t first = cursor_u8(&c), second = cursor_u8(&c);
	const struct rtp_codec *codec;

	h->marker = second & 0x80;
	h->payload_type = second & TYPE_MASK;
	h->seq = cursor_be16(&c);
	h->timestamp = cursor_be32(&c);
	h->ssrc = cursor_be32(&c);
	cursor_skip(&c, 4u * (first & CSRC_COUNT));
	if (first & EXTENSION) {
		cursor_skip(&c, 2);
		cursor_skip(&c, 4u * cursor_be16(&c));
	}
	if (c.bad || (first & VERSION_MASK) != VERSION_2 || !cursor_left(&c))
		return false;
	if (h->payload_type > LAST_STATIC && h->payload_type < FIRST_DYNAMIC)
		return false; /* unassigned, or RTCP's */
	if (first & PADDING && !drop_padding(&c))
		return false;
	h->payload = c;
	codec = rtp_codec(h->payload_type);
	h->clock_hz = codec ? codec->clock_hz : 0;
	h->event = false;
	return true;
}

static void report(struct cursor c, struct rtcp *out)
{
	if (out->type == RTCP_SR)
		cursor_skip(&c, SENDER_INFORMATION);
	out->about = cursor_be32(&c);
	out->fraction_lost = cursor_u8(&c);
	out->lost = (int32_t)(cursor_be24(&c) << 8) >> 8; /* 24 bits, signed */
	cursor_skip(&c, 4);				  /* highest sequence number */
	out->jitter = cursor_be32(&c);
	out->has_report = !c.bad;
}

/* One packet of a compound; false when its header is none. */
static bool rtcp_packet(struct cursor *c, uint8_t *type, uint8_t *count, struct cursor *body)
{
	uint8_t first = cursor_u8(c);

	*count = first & 0x1f;
	*type = cursor_u8(c);
	*body = cursor_sub(c, 4u * cursor_be16(c));
	return !c->bad && (first & VERSION_MASK) == VERSION_2 && *type >= RTCP_FIRST &&
	       *type <= RTCP_LAST;
}

bool rtcp_parse(struct cursor c, struct rtcp *out)
{
	uint8_t type, count;
	struct cursor body;

	*out = (struct rtcp){.has_report = false};
	if (!rtcp_packet(&c, &out->type, &count, &body) || cursor_left(&body) < 4)
		return false;
	out->ssrc = cursor_be32(&body);
	if (count && (out->type == RTCP_SR || out->type == RTCP_RR))
		report(body, out);
	while (cursor_left(&c))
		if (!rtcp_packet(&c, &type, &count, &body))
			return false;
	return true;
}

const struct rtp_codec *rtp_codec(uint8_t payload_type)
{
	static const struct rtp_codec codecs[LAST_STATIC + 1] = {
		[0] = {"PCMU", 8000},	[3] = {"GSM", 8000},	[4] = {"G723", 8000},
		[5] = {"DVI4", 8000},	[6] = {"DVI4", 16000},	[7] = {"LPC", 8000},
		[8] = {"PCMA", 8000},	[9] = {"G722", 8000},	[10] = {"L16", 44100},
		[11] = {"L16", 44100},	[12] = {"QCELP", 8000}, [13] = {"CN", 8000},
		[14] = {"MPA", 90000},	[15] = {"G728", 8000},	[16] = {"DVI4", 11025},
		[17] = {"DVI4", 22050}, [18] = {"G729", 8000},	[25] = {"CelB", 90000},
		[26] = {"JPEG", 90000}, [28] = {"nv", 90000},	[31] = {"H261", 90000},
		[32] = {"MPV", 90000},	[33] = {"MP2T", 90000}, [34] = {"H263", 90000},
	};

	return payload_type <= LAST_STATIC && codecs[payload_type].name ? &codecs[payload_type]
									: NULL;
}
