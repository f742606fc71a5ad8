/* SPDX-License-Identifier: MIT
 *
 * Packets into flows. Most of the time of a large table goes into waiting for memory, so while one
 * packet is taken, what later ones need is on its way, in three steps that each need what the one
 * before has fetched: the index entry, the flow's lines, and what the flow has elsewhere.
 */
#include <string.h>

#include "decode/decode.h"
#include "flow/app/follow.h"
#include "flow/originator.h"
#include "flow/recent.h"
#include "flow/table_private.h"
#include "flow/tcp/tcp.h"

/* How many packets ahead of the one that is taken. Memory serves some ten lines at a time. */
enum { LANES = 64, FLOW_AHEAD = 12, PARTS_AHEAD = 4 };

struct lane {
	struct flow_key key;
	int sender;
	uint64_t hash;
	struct flow *guess; /* that was fetched: most likely the flow; NULL without one */
};

static void prepare(struct flow_table *t, struct lane *l, const struct packet *p)
{
	if (p->straight)
		l->sender = flow_key_of_straight(&l->key, p);
	else if (p->other == PACKET_IN_FLOW)
		flow_key_of_packet(&l->key, &l->sender, p);
	else
		return;
	if (t->o.key_vlan || t->o.key_tunnel)
		l->key.scope = tags_scope(p, t->o.key_vlan, t->o.key_tunnel);
	l->hash = flow_hash(t, &l->key);
	hash_index_prefetch(&t->index, l->hash);
}

static void fetch(struct flow_table *t, struct lane *l, const struct packet *p)
{
	const char *line;
	uint32_t slot;

	l->guess = NULL;
	if (!p->straight && p->other != PACKET_IN_FLOW)
		return;
	slot = hash_index_guess(&t->index, l->hash);
	if (slot == HASH_NONE)
		return;
	l->guess = slab_at(&t->flows, slot);
	line = (const char *)l->guess;
	__builtin_prefetch(line, 1);
	__builtin_prefetch(line + 64, 1);
	if (!p->has_tcp)
		return;
	__builtin_prefetch(line + 128, 1);
	__builtin_prefetch(line + 192, 1);
	__builtin_prefetch(line + 256, 1);
	__builtin_prefetch(line + 320, 1);
}

__attribute__((always_inline)) static inline void
fetch_parts(struct flow_table *t, const struct lane *l, const struct packet *p)
{
	if (l->guess && p->has_tcp)
		flow_prefetch_parts(t, l->guess);
}

static void touch(struct flow_table *t, struct flow *f, int64_t first_ns, int64_t last_ns)
{
	if (first_ns < f->start_ns) {
		f->start_ns = first_ns;
		t->unordered = true;
	}
	if (last_ns > f->last_ns)
		f->last_ns = last_ns;
}

static void add(struct flow_table *t, struct flow *f, int d, const struct packet *p)
{
	touch(t, f, p->time_ns, p->time_ns);
	f->packets[d]++;
	f->bytes[d] += p->wirelen;
	f->ip_bytes[d] += p->ip_bytes;
	f->payload_bytes[d] += p->payload_bytes;
}

/* --- fragments -------------------------------------------------------------------------------- */

static bool has_port_fields(uint8_t proto)
{
	enum { DCCP = 33, UDP_LITE = 136 };

	return proto == PROTO_TCP || proto == PROTO_UDP || proto == PROTO_SCTP ||
	       proto == PROTO_ICMP || proto == PROTO_ICMPV6 || proto == DCCP || proto == UDP_LITE;
}

void flow_charge_fragments(void *owner, const struct flow_key *k, int sender,
			   const struct fragment_sum *sum)
{
	struct flow_table *t = owner;
	uint64_t hash = flow_hash(t, k);
	struct flow *f = flow_find_hashed(t, k, hash);
	bool is_new = !f;

	if (!f)
		f = flow_create(t, k, hash);
	if (!f) {
		t->refused += sum->packets;
		return;
	}
	if (!is_new)
		flow_changes(t, f);
	if (is_new) {
		f->start_ns = sum->first_ns;
		f->last_ns = sum->last_ns;
		flow_note_start(t, f);
		f->ip_version = sum->ip_version;
		f->originator = (uint8_t)sender;
		f->originator_by = ORIGINATOR_FIRST;
		f->flags = k->port[0] || k->port[1] ? 0 : FLOW_NO_PORTS;
		flow_cold_of(t, f)->path.tags = sum->tags;
	}
	touch(t, f, sum->first_ns, sum->last_ns);
	f->packets[sender] += sum->packets;
	f->bytes[sender] += sum->bytes;
	f->ip_bytes[sender] += sum->ip_bytes;
	f->payload_bytes[sender] += sum->payload_bytes;
	flow_rare_of(t, f)->fragments[sender] += sum->packets;
	if (is_new && t->o.on_new)
		t->o.on_new(t->o.ctx, f);
}

/* true when the lane names the flow of this fragment; false when it waits for the first one. */
static bool resolve(struct flow_table *t, struct lane *l, const struct packet *p,
		    enum reassembly_status status)
{
	bool waits;

	if (!has_port_fields(p->proto))
		return true;
	if (!p->has_ports && p->fragment_offset == 0 && status == REASSEMBLY_ALONE)
		return true;
	waits = fragments_resolve(&t->fragments, p, tags_intern(&t->tags, p), &l->key, &l->sender,
				  flow_charge_fragments, t);
	l->hash = flow_hash(t, &l->key);
	l->guess = NULL;
	return !waits;
}

/* --- packets ---------------------------------------------------------------------------------- */

__attribute__((noinline)) static struct flow *begin(struct flow_table *t, const struct lane *l,
						    const struct packet *p)
{
	struct flow *f = flow_create(t, &l->key, l->hash);

	if (!f)
		return NULL;
	f->start_ns = f->last_ns = p->time_ns;
	flow_note_start(t, f);
	f->ip_version = p->ip_version;
	if (!p->has_ports && !l->key.port[0] && !l->key.port[1])
		f->flags = FLOW_NO_PORTS;
	originator_guess(f, l->sender, p);
	flow_cold_of(t, f)->path.tags = tags_intern(&t->tags, p);
	inspect_begin(&t->inspector, f, flow_cold_of(t, f));
	return f;
}

/* An ICMP error counts on the flow whose packet it quotes, if that is known. */
__attribute__((noinline)) static void
charge_error(struct flow_table *t, const struct flow_key *error_key, const struct packet *p)
{
	struct flow_key k;
	struct flow *f;
	int sender;

	flow_key_of_quote(&k, &sender, &p->quote);
	k.scope = error_key->scope;
	f = flow_table_find(t, &k);
	if (!f)
		return;
	flow_changes(t, f);
	flow_rare_of(t, f)->icmp_errors++;
}

__attribute__((noinline)) static void add_fragment(struct flow_table *t, struct flow *f, int d,
						   const struct packet *p)
{
	flow_rare_of(t, f)->fragments[d]++;
	if (p->has_tcp)
		tcp_first_fragment(t, f, d, p);
	else if (p->proto == PROTO_TCP && p->fragment_offset)
		tcp_later_fragment(t, f, d, p->payload_bytes);
}

/* How many datagrams of direction d were shown to the inspector; fragments are not one each. */
static uint32_t datagrams(const struct flow_table *t, const struct flow *f, int d)
{
	const struct flow_rare *r = flow_rare_peek(t, f);

	return r ? f->packets[d] - r->fragments[d] + r->fragmented[d] : f->packets[d];
}

/* The usual answer is no, and this is all that the payload costs then. */
static inline bool may_tell(const struct flow *f, int d, const struct packet *p)
{
	return p->fragment || f->flags & FLOW_FOLLOWED || inspect_wants(f, d, p);
}

/* What its payload tells. */
__attribute__((noinline)) static void look_into(struct flow_table *t, struct flow *f, int d,
						const struct packet *p)
{
	if (p->fragment && !p->fragment_offset)
		flow_rare_of(t, f)->fragmented[d]++;
	if (inspect_wants(f, d, p)) {
		inspect_packet(&t->inspector, f, flow_cold_of(t, f), d, p, datagrams(t, f, d));
		follow_consider(t, f, p);
	}
	if (f->flags & FLOW_FOLLOWED)
		follow_datagram(t, f, d, p);
}

static void account(struct flow_table *t, struct flow *f, const struct lane *l,
		    const struct packet *p, bool alone)
{
	t->before_ns = f->last_ns;
	add(t, f, l->sender, p);
	if (p->fragment)
		add_fragment(t, f, l->sender, p);
	if (p->has_tcp)
		tcp_segment(t, f, l->sender, p);
	if (alone && may_tell(f, l->sender, p))
		look_into(t, f, l->sender, p);
	if (p->quote.proto)
		charge_error(t, &l->key, p);
}

/* For the screen. Not inline: where there is none a flag test is all that it costs. */
__attribute__((noinline)) static void note_recent(struct flow_table *t, const struct flow *f, int d,
						  const struct packet *p)
{
	struct recent_note n = {
		.time_ns = p->time_ns,
		.number = f->packets[0] + f->packets[1],
		.bytes = p->payload_bytes,
		.end = (uint8_t)d,
	};

	if (p->has_tcp) {
		n.seq = p->tcp.seq;
		n.ack = p->tcp.ack;
		n.window = p->tcp.window;
		n.flags = p->tcp.flags;
		n.marks = (uint16_t)t->tcp_marks;
	}
	recent_add(t->o.recent, f->slot, flow_id(t, f), &n);
}

/* The guess can be another flow of the same tag, or one that has ended (or was freed) since. */
static inline struct flow *find(struct flow_table *t, const struct lane *l)
{
	if (l->guess && !(l->guess->flags & FLOW_ENDED) && flow_key_eq(&l->guess->key, &l->key))
		return l->guess;
	return flow_find_hashed(t, &l->key, l->hash);
}

/* The same two ends, but not the same conversation any more. */
static bool is_reuse(struct flow_table *t, struct flow *f, int sender, const struct packet *p)
{
	if (p->has_tcp)
		return tcp_is_reuse(flow_cold_of(t, f), sender, p);
	return f->flags & FLOW_HAS_SOCKET && t->o.outlived &&
	       t->o.outlived(t->o.ctx, f, sender, p->time_ns);
}

/* `alone`: its payload is shown as it is; else it will be with the rest of its datagram. */
__attribute__((noinline)) static void charge(struct flow_table *t, const struct lane *l,
							 const struct packet *p, bool alone)
{
	struct flow *f;
	bool is_new;

	f = find(t, l);
	if (f && is_reuse(t, f, l->sender, p)) {
		flow_end(t, f, FLOW_END_REUSED);
		f = NULL;
	}
	is_new = !f;
	if (f)
		flow_changes(t, f);
	else
		f = begin(t, l, p);
	if (!f) {
		t->refused++;
		return;
	}
	account(t, f, l, p, alone);
	if (t->o.recent)
		note_recent(t, f, l->sender, p);
	if (is_new && t->o.on_new)
		t->o.on_new(t->o.ctx, f);
}

/* --- fragments put together ------------------------------------------------------------------ */

/* The datagram that was put together, or its beginning, as a packet; false when it names no flow.
 */
static bool read_joined(struct packet *p, struct lane *l, const struct reassembled *r)
{
	const struct datagram *g = &r->datagram;

	memset(p, 0, sizeof(*p));
	p->time_ns = r->time_ns;
	p->ip_version = g->ip_version;
	p->src = g->src;
	p->dst = g->dst;
	if (!decode_transport(p, g->proto, r->data, r->len))
		return false;
	p->fragment_id = g->id;
	flow_key_of_packet(&l->key, &l->sender, p);
	l->key.scope = g->scope;
	return true;
}

/* Charged already, fragment by fragment. */
static void show_joined(struct flow_table *t, const struct lane *l, const struct packet *p)
{
	struct flow *f = flow_table_find(t, &l->key);

	if (f)
		look_into(t, f, l->sender, p);
}

void flow_show_beginning(void *owner, const struct reassembled *r)
{
	struct packet p;
	struct lane l;

	if (read_joined(&p, &l, r))
		show_joined(owner, &l, &p);
}

__attribute__((noinline)) static void take_fragment(struct flow_table *t, struct lane *l,
						    const struct packet *p)
{
	struct reassembled whole;
	enum reassembly_status status = reassembly_add(&t->reassembly, p, l->key.scope, &whole);
	struct packet joined;
	struct lane to;
	bool named = status == REASSEMBLY_WHOLE && read_joined(&joined, &to, &whole);

	if (named) /* the first fragment may have been too short for them */
		resolve(t, &to, &joined, status);
	if (resolve(t, l, p, status))
		charge(t, l, p, status == REASSEMBLY_ALONE);
	if (named)
		show_joined(t, &to, &joined);
}

/* ---------------------------------------------------------------------------------------------- */

/* As charge(), of what is there already: most packets are that, and need no further question. */
static inline void take_straight(struct flow_table *t, const struct lane *l, const struct packet *p)
{
	struct flow *f = find(t, l);
	int d = l->sender;

	if (!f || p->tcp.flags & TCP_SYN) {
		charge(t, l, p, true);
		return;
	}
	flow_changes(t, f);
	t->before_ns = f->last_ns;
	add(t, f, d, p);
	tcp_segment(t, f, d, p);
	if (f->flags & FLOW_FOLLOWED || inspect_wants(f, d, p))
		look_into(t, f, d, p);
	if (t->o.recent)
		note_recent(t, f, d, p);
}

static void take(struct flow_table *t, struct lane *l, const struct packet *p)
{
	if (p->other != PACKET_IN_FLOW)
		return;
	flow_table_advance(t, p->time_ns);
	if (p->straight) {
		take_straight(t, l, p);
		return;
	}
	if (p->tunnel_count)
		tunnel_totals_add(&t->tunnels, p);
	if (p->fragment)
		take_fragment(t, l, p);
	else
		charge(t, l, p, true);
}

/* Up to a batch. */
static void take_some(struct flow_table *t, const struct packet *packets, unsigned n)
{
	struct lane lanes[LANES];

	for (unsigned i = 0; i < n; i++)
		prepare(t, &lanes[i], &packets[i]);
	for (unsigned i = 0; i < FLOW_AHEAD && i < n; i++)
		fetch(t, &lanes[i], &packets[i]);
	for (unsigned i = 0; i < n; i++) {
		unsigned flow = i + FLOW_AHEAD, parts = i + PARTS_AHEAD;

		if (flow < n)
			fetch(t, &lanes[flow], &packets[flow]);
		if (parts < n)
			fetch_parts(t, &lanes[parts], &packets[parts]);
		take(t, &lanes[i], &packets[i]);
	}
}

void flow_table_packets(struct flow_table *t, const struct packet *packets, unsigned n)
{
	for (unsigned some; n; packets += some, n -= some) {
		some = n < LANES ? n : LANES;
		take_some(t, packets, some);
	}
}
