/* SPDX-License-Identifier: MIT */
#include "flow/key.h"

#include <string.h>

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

bool flow_key_is_one_way(const struct flow_key *k)
{
	return flow_key_is_icmp(k->proto) && icmp_counterpart(k->proto, (uint8_t)k->port[0]) < 0;
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

void flow_key_of_icmp(struct flow_key *k, int *sender, const struct packet *p)
{
	*sender = icmp_key(k, p->proto, &p->src, p->icmp_type, &p->dst, p->icmp_code);
}

void flow_key_of_quote(struct flow_key *k, int *sender, const struct packet_quote *q)
{
	if (flow_key_is_icmp(q->proto))
		*sender = icmp_key(k, q->proto, &q->src, (uint8_t)q->src_port, &q->dst,
				   (uint8_t)q->dst_port);
	else
		*sender = flow_key_make(k, q->proto, &q->src, q->src_port, &q->dst, q->dst_port);
}
