/* SPDX-License-Identifier: MIT */
#include "flow/key.h"

#include <endian.h>
#include <string.h>

static uint64_t be64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return be64toh(v);
}

/* As addr_cmp and then by port, without a call and without a branch that is hard to foresee. */
static bool is_after(const struct addr *a, uint16_t a_port, const struct addr *b, uint16_t b_port)
{
	uint64_t a_high = be64(a->b), b_high = be64(b->b);
	uint64_t a_low = be64(a->b + 8), b_low = be64(b->b + 8);

	if (a_high != b_high)
		return a_high > b_high;
	return a_low != b_low ? a_low > b_low : a_port > b_port;
}

int flow_key_make(struct flow_key *k, uint8_t proto, const struct addr *a, uint16_t a_port,
		  const struct addr *b, uint16_t b_port)
{
	int first = is_after(a, a_port, b, b_port);

	k->scope = 0;
	k->proto = proto;
	k->after_ah = false;
	memset(k->pad, 0, sizeof(k->pad));
	k->addr[first] = *a;
	k->port[first] = a_port;
	k->addr[!first] = *b;
	k->port[!first] = b_port;
	return first;
}

/* Types that answer one another, both ways (Community ID v1). */
struct icmp_pair {
	uint8_t proto, type, counterpart;
};

static const struct icmp_pair icmp_pairs[] = {
	{PROTO_ICMP, 8, 0},	  /* echo */
	{PROTO_ICMP, 13, 14},	  /* timestamp */
	{PROTO_ICMP, 15, 16},	  /* information */
	{PROTO_ICMP, 10, 9},	  /* router solicitation, advertisement */
	{PROTO_ICMP, 17, 18},	  /* address mask */
	{PROTO_ICMPV6, 128, 129}, /* echo */
	{PROTO_ICMPV6, 133, 134}, /* router */
	{PROTO_ICMPV6, 135, 136}, /* neighbour */
	{PROTO_ICMPV6, 130, 131}, /* multicast listener */
	{PROTO_ICMPV6, 144, 145}, /* home agent discovery */
};

/* The type that answers (or asks for) this one, or -1: the type goes one way only. */
static int icmp_counterpart(uint8_t proto, uint8_t type)
{
	for (size_t i = 0; i < sizeof(icmp_pairs) / sizeof(*icmp_pairs); i++) {
		const struct icmp_pair *pair = &icmp_pairs[i];

		if (pair->proto != proto)
			continue;
		if (pair->type == type)
			return pair->counterpart;
		if (pair->counterpart == type)
			return pair->type;
	}
	return -1;
}

static bool is_icmp(uint8_t proto)
{
	return proto == PROTO_ICMP || proto == PROTO_ICMPV6;
}

bool flow_key_is_one_way(const struct flow_key *k)
{
	return is_icmp(k->proto) && icmp_counterpart(k->proto, (uint8_t)k->port[0]) < 0;
}

/* Returns the end that sent it. */
static int icmp_key(struct flow_key *k, uint8_t proto, const struct addr *src, uint8_t type,
		    const struct addr *dst, uint8_t code)
{
	int counterpart = icmp_counterpart(proto, type);

	if (counterpart >= 0)
		return flow_key_make(k, proto, src, type, dst, (uint16_t)counterpart);
	/* One-way: the sender stays first, whatever the addresses are. */
	memset(k, 0, sizeof(*k));
	k->proto = proto;
	k->addr[0] = *src;
	k->addr[1] = *dst;
	k->port[0] = type;
	k->port[1] = code;
	return 0;
}

void flow_key_of_packet(struct flow_key *k, int *sender, const struct packet *p)
{
	if (p->has_ports && is_icmp(p->proto))
		*sender = icmp_key(k, p->proto, &p->src, p->icmp_type, &p->dst, p->icmp_code);
	else
		*sender = flow_key_make(k, p->proto, &p->src, p->has_ports ? p->src_port : 0,
					&p->dst, p->has_ports ? p->dst_port : 0);
	k->after_ah = p->after_ah && !p->has_ports;
}

void flow_key_of_quote(struct flow_key *k, int *sender, const struct packet_quote *q)
{
	if (is_icmp(q->proto))
		*sender = icmp_key(k, q->proto, &q->src, (uint8_t)q->src_port, &q->dst,
				   (uint8_t)q->dst_port);
	else
		*sender = flow_key_make(k, q->proto, &q->src, q->src_port, &q->dst, q->dst_port);
}
