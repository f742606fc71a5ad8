/* SPDX-License-Identifier: MIT
 *
 * The packet that an ICMP error quotes (RFC 792: the IP header and 8 bytes; RFC 4443: as much as
 * fits): addresses, protocol and ports, as its sender sent them.
 */
#include "decode/layer.h"

enum { MAX_EXTENSIONS = 8 };

static void quote_ipv4(struct packet_quote *q, struct cursor *c)
{
	const uint8_t *h = cursor_bytes(c, 20);

	if (!h)
		return;
	cursor_skip(c, (h[0] & 15u) < 5 ? SIZE_MAX : (h[0] & 15u) * 4 - 20);
	if (load_be16(h + 6) & 0x1fff)
		cursor_fail(c); /* a later fragment has no ports */
	q->src = addr_v4(h + 12);
	q->dst = addr_v4(h + 16);
	q->proto = h[9];
}

/* Steps over one extension header; the next header's number, or `next` itself when it is none. */
static uint8_t quote_extension(struct cursor *c, uint8_t next)
{
	const uint8_t *h;

	if (next != 0 && next != 43 && next != 44 && next != 60)
		return next;
	h = cursor_bytes(c, 8);
	if (!h)
		return next;
	if (next == 44 && load_be16(h + 2) & 0xfff8)
		cursor_fail(c); /* a later fragment has no ports */
	if (next != 44)
		cursor_skip(c, h[1] * 8u);
	return h[0];
}

static void quote_ipv6(struct packet_quote *q, struct cursor *c)
{
	const uint8_t *h = cursor_bytes(c, 40);
	uint8_t proto;

	if (!h)
		return;
	proto = h[6];
	for (int i = 0; i < MAX_EXTENSIONS && !c->bad; i++)
		proto = quote_extension(c, proto);
	q->src = addr_v6(h + 8);
	q->dst = addr_v6(h + 24);
	q->proto = proto;
}

static void quote_ports(struct packet_quote *q, struct cursor *c)
{
	switch (q->proto) {
	case PROTO_ICMP:
	case PROTO_ICMPV6:
		q->src_port = cursor_u8(c);
		q->dst_port = cursor_u8(c);
		break;
	case PROTO_TCP:
	case PROTO_UDP:
	case PROTO_SCTP:
		q->src_port = cursor_be16(c);
		q->dst_port = cursor_be16(c);
		break;
	}
}

void quote_read(struct decode *d)
{
	struct packet *p = d->packet;
	struct packet_quote q = {0};
	struct cursor c = d->c;
	const uint8_t *first = cursor_peek(&c, 1);

	if (first && *first >> 4 == 4)
		quote_ipv4(&q, &c);
	else if (first && *first >> 4 == 6)
		quote_ipv6(&q, &c);
	else
		cursor_fail(&c);
	quote_ports(&q, &c);
	if (!c.bad)
		p->quote = q;
	else if (!d->cut)
		packet_anomaly(p, ANOMALY_ICMP_SHORT);
}
