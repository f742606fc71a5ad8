/* SPDX-License-Identifier: MIT */
#include "decode/checksum.h"

#include <arpa/inet.h>

enum {
	/* The largest MTU in use but for loopback. What is longer was never on a wire in one piece. */
	MTU_MAX = 9216,
	IPV4_CHECKSUM = 10 /* offset in the header */
};

/* Where the checksum lies in the transport header, and what it covers. */
struct field {
	uint8_t offset;
	bool pseudo;	/* the pseudo-header of addresses, protocol and length as well */
	bool zero_none; /* 0 says that the sender made none (RFC 768, 6935) */
};

static const struct field *field_of(uint8_t proto)
{
	static const struct field tcp = {.offset = 16, .pseudo = true};
	static const struct field udp = {.offset = 6, .pseudo = true, .zero_none = true};
	static const struct field icmp = {.offset = 2};
	static const struct field icmp6 = {.offset = 2, .pseudo = true};

	switch (proto) {
	case PROTO_TCP: return &tcp;
	case PROTO_UDP: return &udp;
	case PROTO_ICMP: return &icmp;
	case PROTO_ICMPV6: return &icmp6;
	}
	return NULL;
}

/* As in memory; the caller has made sure that they are there. */
static uint16_t load16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static uint64_t load64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* Halves of 64-bit words gather in 64-bit sums, whose carries need no care below 2^32 words. */
uint64_t checksum_add(uint64_t sum, struct cursor c)
{
	uint64_t even = 0, odd = 0;
	uint8_t rest[8] = {0};
	const uint8_t *p;

	while ((p = cursor_peek(&c, 16))) {
		uint64_t a = load64(p), b = load64(p + 8);

		even += (a & 0xffffffff) + (b & 0xffffffff);
		odd += (a >> 32) + (b >> 32);
		cursor_skip(&c, 16);
	}
	for (; (p = cursor_peek(&c, 8)); cursor_skip(&c, 8)) {
		even += load64(p) & 0xffffffff;
		odd += load64(p) >> 32;
	}
	for (unsigned i = 0; cursor_left(&c); i++)
		rest[i] = cursor_u8(&c);
	even += load64(rest) & 0xffffffff;
	odd += load64(rest) >> 32;
	return sum + even + odd;
}

enum checksum checksum_ipv4(struct cursor header)
{
	const uint8_t *h = cursor_peek(&header, IPV4_CHECKSUM + 2);

	if (!h)
		return CHECKSUM_NONE;
	if (checksum_fold(checksum_add(0, header)) == 0xffff)
		return CHECKSUM_GOOD;
	return load16(h + IPV4_CHECKSUM) ? CHECKSUM_BAD : CHECKSUM_UNFILLED;
}

/* Addresses and protocol (RFC 9293 3.1, RFC 8200 8.1), without the length. */
static uint64_t pseudo_sum(const struct packet *p)
{
	size_t skip = p->ip_version == 4 ? sizeof(p->src.b) - 4 : 0;
	size_t len = sizeof(p->src.b) - skip;
	uint64_t sum = htons(p->proto);

	sum = checksum_add(sum, cursor_init(p->src.b + skip, len));
	return checksum_add(sum, cursor_init(p->dst.b + skip, len));
}

/*
 * With offload the field holds the sum of the pseudo-header alone, not complemented, for the card
 * to go on from; some cards want it without the length when they segment as well.
 */
static bool unfilled(uint16_t field, uint64_t pseudo, uint32_t length)
{
	return field == checksum_fold(pseudo + length) || field == checksum_fold(pseudo);
}

enum checksum checksum_transport(const struct packet *p)
{
	const uint32_t wrong = ANOMALY_BIT(ANOMALY_IP_LENGTH) | ANOMALY_BIT(ANOMALY_UDP_LENGTH);
	const struct field *f = p->has_ports ? field_of(p->proto) : NULL;
	uint32_t length = htonl(p->transport_bytes);
	uint64_t pseudo;
	uint16_t field;

	if (!f || !p->transport || p->ip_bytes > MTU_MAX || p->anomalies & wrong)
		return CHECKSUM_NONE;
	if (p->transport_bytes < f->offset + 2u)
		return CHECKSUM_NONE;
	field = load16(p->transport + f->offset);
	if (f->zero_none && !field)
		return CHECKSUM_NONE;
	pseudo = f->pseudo ? pseudo_sum(p) : 0;
	if (checksum_fold(checksum_add(f->pseudo ? pseudo + length : 0,
				       cursor_init(p->transport, p->transport_bytes))) == 0xffff)
		return CHECKSUM_GOOD;
	return f->pseudo && unfilled(field, pseudo, length) ? CHECKSUM_UNFILLED : CHECKSUM_BAD;
}

void checksum_verify(struct packet *p)
{
	if (checksum_transport(p) == CHECKSUM_BAD)
		p->anomalies |= ANOMALY_BIT(ANOMALY_L4_CHECKSUM);
}
