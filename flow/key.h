/* SPDX-License-Identifier: MIT
 *
 * The name of a conversation: protocol and two ends, the smaller (address, port) first, so that
 * both directions give one key.
 */
#ifndef SOCKLENS_FLOW_KEY_H
#define SOCKLENS_FLOW_KEY_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/addr.h"
#include "base/hash.h"
#include "decode/packet.h"

struct flow_key {
	struct addr addr[2]; /* end 0 is the smaller one */
	uint16_t port[2];    /* host order; ICMP: see flow_key_of_packet */
	uint32_t scope;	     /* hash of vlan and tunnel ids when they are part of the key, else 0 */
	uint8_t proto;
	bool after_ah;	/* without ports: the IPv4 header names AH, not proto */
	uint8_t pad[2]; /* zero: keys are compared and hashed as bytes */
};

_Static_assert(sizeof(struct flow_key) == 44, "flow keys are hashed as bytes: no holes");

/* As eight-byte words: a call to memcmp would cost more than the comparison. */
static inline bool flow_key_eq(const struct flow_key *a, const struct flow_key *b)
{
	uint64_t x[5], y[5], differ = 0;
	uint32_t x_last, y_last;

	memcpy(x, a, sizeof(x));
	memcpy(y, b, sizeof(y));
	memcpy(&x_last, (const char *)a + sizeof(x), sizeof(x_last));
	memcpy(&y_last, (const char *)b + sizeof(y), sizeof(y_last));
	for (int i = 0; i < 5; i++)
		differ |= x[i] ^ y[i];
	return !(differ | (x_last ^ y_last));
}

static inline uint64_t flow_key_word(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/*
 * Cheaper than hash_bytes, because the length is known and the caller is inlined. Of a key that was just made
 * the compiler knows all parts: it need not read back what was written in other pieces.
 */
static inline uint64_t flow_key_hash(const struct flow_key *k, uint64_t seed)
{
	const uint8_t *a = k->addr[0].b, *b = k->addr[1].b;
	uint64_t ports = k->port[0] | (uint32_t)k->port[1] << 16 | (uint64_t)k->scope << 32;
	uint64_t proto = k->proto | (uint32_t)k->after_ah << 8;

	return hash_mix(hash_mix(flow_key_word(a), flow_key_word(a + 8), seed) +
				hash_mix(flow_key_word(b), flow_key_word(b + 8), ~seed) + ports,
			proto, seed);
}

/* As addr_cmp and then by port, without a call and without a branch that is hard to foresee. */
static inline bool flow_key_is_after(const struct addr *a, uint16_t a_port, const struct addr *b,
				     uint16_t b_port)
{
	uint64_t a_high = be64toh(flow_key_word(a->b)), b_high = be64toh(flow_key_word(b->b));
	uint64_t a_low = be64toh(flow_key_word(a->b + 8)), b_low = be64toh(flow_key_word(b->b + 8));

	if (a_high != b_high)
		return a_high > b_high;
	return a_low != b_low ? a_low > b_low : a_port > b_port;
}

/* Exchanges them, without a branch. */
static inline void flow_key_swap(uint64_t *a, uint64_t *b, bool really)
{
	uint64_t both = (*a ^ *b) & -(uint64_t)really;

	*a ^= both;
	*b ^= both;
}

/*
 * Order two ends into a key. Returns the index (0 or 1) of the end given first. Equal ends (a
 * socket talking to itself) give 0.
 */
static inline int flow_key_make(struct flow_key *k, uint8_t proto, const struct addr *a,
				uint16_t a_port, const struct addr *b, uint16_t b_port)
{
	bool first = flow_key_is_after(a, a_port, b, b_port);

	k->scope = 0;
	k->proto = proto;
	k->after_ah = false;
	memset(k->pad, 0, sizeof(k->pad));
	for (unsigned i = 0; i < sizeof(a->b); i += 8) {
		uint64_t x = flow_key_word(a->b + i), y = flow_key_word(b->b + i);

		flow_key_swap(&x, &y, first);
		memcpy(k->addr[0].b + i, &x, sizeof(x));
		memcpy(k->addr[1].b + i, &y, sizeof(y));
	}
	k->port[0] = first ? b_port : a_port;
	k->port[1] = first ? a_port : b_port;
	return first;
}

/* The same of a packet that is `straight`: both addresses are IPv4, and so their upper halves are 0. */
static inline int flow_key_of_straight(struct flow_key *k, const struct packet *p)
{
	uint64_t x = flow_key_word(p->src.b + 8), y = flow_key_word(p->dst.b + 8), none = 0;
	bool first = x != y ? be64toh(x) > be64toh(y) : p->src_port > p->dst_port;

	flow_key_swap(&x, &y, first);
	memcpy(k->addr[0].b, &none, sizeof(none));
	memcpy(k->addr[0].b + 8, &x, sizeof(x));
	memcpy(k->addr[1].b, &none, sizeof(none));
	memcpy(k->addr[1].b + 8, &y, sizeof(y));
	k->port[0] = first ? p->dst_port : p->src_port;
	k->port[1] = first ? p->src_port : p->dst_port;
	k->scope = 0;
	k->proto = PROTO_TCP;
	k->after_ah = false;
	memset(k->pad, 0, sizeof(k->pad));
	return first;
}

static inline bool flow_key_is_icmp(uint8_t proto)
{
	return proto == PROTO_ICMP || proto == PROTO_ICMPV6;
}

/* Of a packet of ICMP or ICMPv6 with a type: see flow_key_of_packet. */
void flow_key_of_icmp(struct flow_key *k, int *sender, const struct packet *p);

/*
 * The key of a packet in a flow, and in *sender the end that sent it. ICMP and ICMPv6 follow the
 * Community ID v1 rules: request and answer types pair up, other types are one-way.
 */
static inline void flow_key_of_packet(struct flow_key *k, int *sender, const struct packet *p)
{
	if (p->has_ports && flow_key_is_icmp(p->proto))
		flow_key_of_icmp(k, sender, p);
	else
		*sender = flow_key_make(k, p->proto, &p->src, p->has_ports ? p->src_port : 0,
					&p->dst, p->has_ports ? p->dst_port : 0);
	k->after_ah = p->after_ah && !p->has_ports;
}

/* The key of the packet that an ICMP error quotes, and which end sent that. */
void flow_key_of_quote(struct flow_key *k, int *sender, const struct packet_quote *q);

/* ICMP types that nobody answers: both "ports" are the sender's (type, code). */
bool flow_key_is_one_way(const struct flow_key *k);

/*
 * Community ID v1 ("1:" base64) of a key into out[40]; `ports` is false when its packets did not
 * tell them (fragments); seed 0 is the usual one.
 */
void community_id(char out[40], const struct flow_key *k, bool ports, uint16_t seed);

#endif
