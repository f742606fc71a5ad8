/* SPDX-License-Identifier: MIT
 *
 * Community ID v1 (github.com/corelight/community-id-spec):
 *
 *   "1:" base64(SHA-1(seed (2) | address (4 or 16) | address | proto (1) | 0 (1) | port (2) | port
 * (2)))
 *
 * with the smaller (address, port) first, which is how keys are ordered. Protocols without ports
 * leave them out, and are what the IP header names: AH, not the ESP behind it.
 */
#include <gcrypt.h>
#include <string.h>

#include "flow/key.h"

enum { SHA1_BYTES = 20 };

static void put_be16(uint8_t **p, uint16_t v)
{
	*(*p)++ = (uint8_t)(v >> 8);
	*(*p)++ = (uint8_t)v;
}

static void put_addr(uint8_t **p, const struct addr *a)
{
	size_t skip = addr_is_v4(a) ? 12 : 0;

	memcpy(*p, a->b + skip, sizeof(a->b) - skip);
	*p += sizeof(a->b) - skip;
}

static bool has_ports(uint8_t proto)
{
	return proto == PROTO_TCP || proto == PROTO_UDP || proto == PROTO_SCTP ||
	       proto == PROTO_ICMP || proto == PROTO_ICMPV6;
}

/* 20 bytes need one sign of padding. */
static void base64(char *out, const uint8_t in[SHA1_BYTES])
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t padded[SHA1_BYTES + 1] = {0};

	memcpy(padded, in, SHA1_BYTES);
	for (size_t i = 0; i < sizeof(padded); i += 3) {
		uint32_t v =
			(uint32_t)padded[i] << 16 | (uint32_t)padded[i + 1] << 8 | padded[i + 2];

		for (int shift = 18; shift >= 0; shift -= 6)
			*out++ = alphabet[v >> shift & 63];
	}
	out[-1] = '=';
	*out = 0;
}

void community_id(char out[40], const struct flow_key *k, bool ports, uint16_t seed)
{
	uint8_t text[2 + 16 + 16 + 2 + 4], digest[SHA1_BYTES], *p = text;

	put_be16(&p, seed);
	put_addr(&p, &k->addr[0]);
	put_addr(&p, &k->addr[1]);
	*p++ = k->after_ah ? PROTO_AH : k->proto;
	*p++ = 0;
	if (ports && has_ports(k->proto)) {
		put_be16(&p, k->port[0]);
		put_be16(&p, k->port[1]);
	}
	gcry_md_hash_buffer(GCRY_MD_SHA1, digest, text, (size_t)(p - text));
	memcpy(out, "1:", 2);
	base64(out + 2, digest);
}
