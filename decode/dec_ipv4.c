/* SPDX-License-Identifier: MIT
 *
 * IPv4 (RFC 791).
 *
 *   version (4 bits), header words (4) | ToS | total length (2)
 *   identification (2)                 | flags (3 bits), fragment offset in 8 bytes (13)
 *   TTL | protocol                     | header checksum (2)
 *   source (4)
 *   destination (4)
 *   options
 *
 * A total length of zero is what a sending host captures before the network card cuts a large
 * segment into packets (TSO, BIG TCP): then the frame's length counts.
 */
#include "decode/checksum.h"
#include "decode/decoders.h"
#include "decode/layer.h"

enum { IPV4_HEADER = 20, FLAG_MORE = 0x2000, OFFSET_MASK = 0x1fff, OPTION_END = 0, OPTION_NOP = 1 };

/* Every option but END and NOP has a length that counts itself. */
static void check_options(struct packet *p, struct cursor c, bool cut)
{
	while (cursor_left(&c)) {
		uint8_t kind = cursor_u8(&c);

		if (kind == OPTION_END)
			return;
		if (kind == OPTION_NOP)
			continue;
		uint8_t len = cursor_u8(&c);

		if (len < 2)
			cursor_fail(&c);
		else
			cursor_skip(&c, len - 2u);
	}
	if (c.bad && !cut)
		packet_anomaly(p, ANOMALY_IP_OPTIONS);
}

static void options(struct decode *d, uint32_t len)
{
	struct cursor c = d->c;

	cursor_limit(&c, len);
	check_options(d->packet, c, cursor_left(&c) < len);
}

/* With its options if they were captured. What leaves it to the card leaves other sums as well. */
static void check_sum(struct decode *d, const uint8_t *h, uint32_t options)
{
	enum checksum sum;

	if (!options && checksum_fold(checksum_add20(h)) == 0xffff)
		return;
	if (!cursor_peek(&d->c, options))
		return;
	sum = checksum_ipv4(cursor_init(h, IPV4_HEADER + options));
	d->packet->unfilled = sum == CHECKSUM_UNFILLED;
	if (sum == CHECKSUM_BAD)
		packet_anomaly(d->packet, ANOMALY_IP_CHECKSUM);
}

static void note_header(struct packet *p, const uint8_t *h, uint32_t total)
{
	uint16_t offset = load_be16(h + 6);

	p->other = PACKET_IN_FLOW;
	p->ip_version = 4;
	p->ttl = h[8];
	p->proto = h[9];
	p->ip_bytes = total;
	p->src = addr_v4(h + 12);
	p->dst = addr_v4(h + 16);
	p->has_ports = p->after_ah = false;
	p->transport = NULL;
	p->unfilled = false;
	p->src_port = p->dst_port = 0;
	p->fragment_more = (offset & FLAG_MORE) != 0;
	p->fragment_offset = (uint32_t)(offset & OFFSET_MASK) * 8;
	p->fragment_id = load_be16(h + 4);
	p->fragment = p->fragment_more || p->fragment_offset;
}

/* Oversized: the end of the datagram would not fit in its 16-bit length (ping of death). */
static void check_fragment(struct packet *p, uint32_t bytes)
{
	if (p->fragment_offset + bytes > 0xffff - IPV4_HEADER)
		packet_anomaly(p, ANOMALY_IP_FRAGMENT);
	if (p->fragment_more && bytes % 8)
		packet_anomaly(p, ANOMALY_IP_FRAGMENT);
}

enum decode_status dec_ipv4(struct decode *d)
{
	struct packet *p = d->packet;
	uint32_t left = layer_left(d);
	const uint8_t *h = cursor_bytes(&d->c, IPV4_HEADER);
	uint32_t header, total;

	if (!h)
		return decode_short(d, ANOMALY_IP_LENGTH);
	header = (h[0] & 15u) * 4;
	total = load_be16(h + 2);
	if (!total)
		total = left;
	if (h[0] >> 4 != 4)
		return DECODE_MALFORMED;
	if (header < IPV4_HEADER || total < header || header > left) {
		packet_anomaly(p, ANOMALY_IP_LENGTH);
		return DECODE_MALFORMED;
	}
	note_header(p, h, total);
	check_sum(d, h, header - IPV4_HEADER);
	if (total > left)
		packet_anomaly(p, ANOMALY_IP_LENGTH);
	else
		layer_limit(d, total - IPV4_HEADER);
	if (header > IPV4_HEADER) {
		options(d, header - IPV4_HEADER);
		layer_skip(d, header - IPV4_HEADER);
	}
	packet_payload(d);
	if (!p->fragment)
		return decode_next(d, SPACE_IP, p->proto);
	check_fragment(p, p->payload_bytes);
	packet_piece(d, p->proto);
	return p->fragment_offset ? DECODE_DONE : decode_next(d, SPACE_IP, p->proto);
}
