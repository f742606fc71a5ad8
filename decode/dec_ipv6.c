/* SPDX-License-Identifier: MIT
 *
 * IPv6 (RFC 8200). Extension headers are rows of their own: dec_ipv6_ext.c.
 *
 *   version (4 bits), traffic class (8), flow label (20)
 *   payload length (2) | next header | hop limit
 *   source (16)
 *   destination (16)
 *
 * A payload length of zero means a jumbogram (RFC 2675; the option sets the length), or a packet
 * of a sending host before the card cuts it (BIG TCP): then the frame's length counts.
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { IPV6_HEADER = 40, NEXT_NONE = 59 };

static void note_header(struct packet *p, const uint8_t *h, uint32_t payload)
{
	p->other = PACKET_IN_FLOW;
	p->ip_version = 6;
	p->proto = h[6];
	p->ttl = h[7];
	p->ip_bytes = IPV6_HEADER + payload;
	p->src = addr_v6(h + 8);
	p->dst = addr_v6(h + 24);
	p->has_ports = p->after_ah = false;
	p->transport = NULL;
	p->unfilled = false;
	p->src_port = p->dst_port = 0;
	p->fragment = p->fragment_more = false;
	p->fragment_offset = p->fragment_id = 0;
}

enum decode_status dec_ipv6(struct decode *d)
{
	struct packet *p = d->packet;
	const uint8_t *h = cursor_bytes(&d->c, IPV6_HEADER);
	uint32_t payload;

	if (!h)
		return decode_short(d, ANOMALY_IP_LENGTH);
	if (h[0] >> 4 != 6)
		return DECODE_MALFORMED;
	payload = load_be16(h + 4);
	if (!payload && h[6] != NEXT_NONE)
		payload = layer_left(d);
	note_header(p, h, payload);
	if (!layer_limit(d, payload))
		packet_anomaly(p, ANOMALY_IP_LENGTH);
	packet_payload(d);
	return decode_next(d, SPACE_IP, p->proto);
}
