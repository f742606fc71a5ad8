/* SPDX-License-Identifier: MIT
 *
 * Which flow a fragment belongs to (RFC 791, RFC 8200 4.5). Only the first fragment tells the
 * ports; the others are charged to the same flow. Fragments that come before the first one wait
 * as sums, in a table of fixed size; when time or room runs out they are charged to a flow
 * without ports. Their bytes are put together by flow/reassembly.h.
 */
#ifndef SOCKLENS_FLOW_FRAGMENT_H
#define SOCKLENS_FLOW_FRAGMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/packet.h"
#include "flow/key.h"

/* What all fragments of a datagram have in common. */
struct datagram {
	struct addr src, dst;
	uint32_t id, scope;
	uint8_t proto, ip_version;
	uint8_t pad[2]; /* compared as bytes */
};

static inline struct datagram datagram_of(const struct packet *p, uint8_t proto, uint32_t scope)
{
	return (struct datagram){.src = p->src,
				 .dst = p->dst,
				 .id = p->fragment_id,
				 .scope = scope,
				 .proto = proto,
				 .ip_version = p->ip_version};
}

/* Frames of one datagram that wait for its first fragment. */
struct fragment_sum {
	int64_t first_ns, last_ns;
	uint64_t bytes, ip_bytes, payload_bytes;
	uint32_t packets; /* 0 = none wait */
	uint8_t ip_version;
	uint16_t tags;
};

struct fragments {
	struct fragment_entry *entries; /* owned; made when the first fragment is seen */
	int64_t now_ns, check_ns;
	uint32_t size;	  /* of entries */
	uint32_t waiting; /* entries with frames that wait */
};

/* Charge a sum to the flow `k`, sent by end `sender`. */
typedef void (*fragment_charge_fn)(void *owner, const struct flow_key *k, int sender,
				   const struct fragment_sum *sum);

/* For about `max` datagrams at a time, never more than some thousands. */
void fragments_init(struct fragments *fr, uint32_t max);
void fragments_done(struct fragments *fr);

/*
 * A fragment of a protocol that has ports. For a first one, which has them, key and sender are
 * those of the packet, and what has waited for them is charged. For a later one they are filled
 * in as soon as they are known; true when they are not, and the packet has been put aside.
 * (Without memory nothing waits: the key then is the one without ports.)
 */
bool fragments_resolve(struct fragments *fr, const struct packet *p, uint16_t tags,
		       struct flow_key *key, int *sender, fragment_charge_fn charge, void *owner);

/* Give up what has waited for longer than a host would; everything when now_ns is INT64_MAX. */
void fragments_advance(struct fragments *fr, int64_t now_ns, fragment_charge_fn charge,
		       void *owner);

#endif
