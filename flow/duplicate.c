/* SPDX-License-Identifier: MIT
 *
 * Theory: a machine passes a packet on within microseconds and changes nothing in it but the hop
 * limit, the header checksum and (where a device cannot do without) the transport checksum. So the
 * signature of a packet has none of these, and the rule needs no knowledge of who forwards to whom:
 *
 *   the n-th frame of one signature on an interface is a copy if another interface has shown n of
 *   them within the last 50 ms; else it was sent an n-th time.
 *
 * A retransmission that equals the first one to the bit (IPv6 has no identification, pure acks no
 * progress) passes the same interfaces again, so its n grows everywhere: one frame of it counts,
 * and the others are copies. On one interface, loopback or a single card, nothing is ever a copy.
 * What is lost between two interfaces counts where it was seen. Doubt is decided for the packet:
 * a signature that was overwritten or is too old makes a frame new.
 *
 * Not recognised: a packet whose addresses were translated on the way (two flows, rightly), and one
 * that is cut into segments between two captures.
 */
#include "flow/duplicate.h"

#include <stdlib.h>

#include "base/hash.h"
#include "flow/tags.h"

enum {
	ENTRY_BITS = 14,
	ENTRIES = 1 << ENTRY_BITS,
	PLACES = 8, /* a longer way through one machine is rare: then the last ones share a place */
	PAYLOAD_MAX = 32,
	WINDOW_NS = 50000000
};

/* One signature and how often each interface has shown it. */
struct entry {
	uint64_t signature;
	int64_t time_ns; /* when it was last new */
	uint32_t interface[PLACES];
	uint16_t count[PLACES]; /* 0 = free, and so are the places after it */
};
_Static_assert(sizeof(struct entry) == 64, "an entry is a cache line");

struct duplicates {
	uint64_t seed; /* of the hash, against aimed collisions */
	bool key_vlan, key_tunnel;
	struct entry entries[ENTRIES]; /* by the low bits of the signature; the newest stays */
};

/* No padding: hashed as it lies in memory. */
struct signature {
	struct addr src, dst;
	uint64_t payload; /* hash of its first bytes: it tells datagrams without a number apart */
	uint32_t scope, proto;
	uint32_t payload_bytes, fragment_id, fragment_offset;
	uint32_t seq, ack, ts_value;
	uint16_t src_port, dst_port, icmp_id, icmp_seq;
	uint16_t window, flags;
	uint32_t sack;
};
_Static_assert(sizeof(struct signature) == 88, "no padding");

struct duplicates *duplicates_new(bool key_vlan, bool key_tunnel)
{
	struct duplicates *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->seed = hash_random_seed();
	d->key_vlan = key_vlan;
	d->key_tunnel = key_tunnel;
	return d;
}

void duplicates_free(struct duplicates *d)
{
	free(d);
}

static uint64_t hash_payload(const struct packet *p, uint64_t seed)
{
	size_t n = cursor_left(&p->payload);

	return n ? hash_bytes(p->payload.p, n < PAYLOAD_MAX ? n : PAYLOAD_MAX, seed) : 0;
}

static uint64_t signature_of(const struct duplicates *d, const struct packet *p)
{
	struct signature s = {
		.src = p->src,
		.dst = p->dst,
		.payload = hash_payload(p, d->seed),
		.proto = p->proto,
		.payload_bytes = p->payload_bytes,
		.fragment_id = p->fragment_id,
		.fragment_offset = p->fragment_offset,
		.src_port = p->src_port,
		.dst_port = p->dst_port,
		.icmp_id = p->icmp_id,
		.icmp_seq = p->icmp_seq,
	};

	if (d->key_vlan || d->key_tunnel)
		s.scope = tags_scope(p, d->key_vlan, d->key_tunnel);
	if (p->has_tcp) {
		s.seq = p->tcp.seq;
		s.ack = p->tcp.ack;
		s.ts_value = p->tcp.has_timestamp ? p->tcp.ts_value : 0;
		s.window = p->tcp.window;
		s.flags = p->tcp.flags;
		s.sack = p->tcp.sack_count ? p->tcp.sack[0].right : 0;
	}
	return hash_bytes(&s, sizeof(s), d->seed);
}

/* Of the interface, or a free one; the last one when all belong to others. */
static unsigned place_of(struct entry *e, uint32_t interface)
{
	unsigned i;

	for (i = 0; i < PLACES && e->count[i]; i++)
		if (e->interface[i] == interface)
			return i;
	if (i == PLACES)
		i--;
	e->interface[i] = interface;
	e->count[i] = 0;
	return i;
}

static void entry_begin(struct entry *e, uint64_t signature, const struct packet *p)
{
	*e = (struct entry){
		.signature = signature,
		.time_ns = p->time_ns,
		.interface = {p->interface},
		.count = {1},
	};
}

/* Frames of several CPUs may come a little out of order. */
static bool within_window(int64_t a_ns, int64_t b_ns)
{
	return (a_ns > b_ns ? a_ns - b_ns : b_ns - a_ns) <= WINDOW_NS;
}

bool duplicates_seen(struct duplicates *d, const struct packet *p)
{
	uint64_t signature = signature_of(d, p);
	struct entry *e = &d->entries[signature % ENTRIES];
	uint16_t sent = 0, seen;

	if (!e->count[0] || e->signature != signature || !within_window(p->time_ns, e->time_ns)) {
		entry_begin(e, signature, p);
		return false;
	}
	for (unsigned i = 0; i < PLACES; i++)
		if (e->count[i] > sent)
			sent = e->count[i];
	seen = ++e->count[place_of(e, p->interface)];
	if (seen && seen <= sent)
		return true;
	if (!seen) /* the count is full: begin again */
		entry_begin(e, signature, p);
	e->time_ns = p->time_ns;
	return false;
}
