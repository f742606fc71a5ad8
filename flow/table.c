/* SPDX-License-Identifier: MIT */
#include "flow/table.h"

#include <stdlib.h>

#include "flow/app/follow.h"
#include "flow/table_private.h"

enum { WHEEL_BUCKETS = 32 }; /* more ticks than FLOW_VISIT_NS has; a power of two */

struct flow_table *flow_table_new(const struct flow_table_options *o)
{
	struct flow_table *t = calloc(1, sizeof(*t));
	uint32_t max = o->max_flows ? o->max_flows : FLOW_TABLE_MAX;

	if (!t)
		return NULL;
	t->o = *o;
	fragments_init(&t->fragments, max);
	reassembly_init(&t->reassembly, flow_show_beginning, t);
	t->seed = o->seed ? o->seed : hash_random_seed();
	t->now_ns = t->next_tick_ns = INT64_MIN;
	t->shown_until_ns = INT64_MAX;
	if (slab_init(&t->flows, sizeof(struct flow), max) ||
	    slab_init(&t->rare, sizeof(struct flow_rare), max) ||
	    slab_init(&t->bindings, sizeof(struct bindings), max) ||
	    follow_init(t, max) ||
	    hash_index_init(&t->index, max) ||
	    wheel_init(&t->wheel, FLOW_TICK_NS, WHEEL_BUCKETS) || tag_table_init(&t->tags) ||
	    tunnel_totals_init(&t->tunnels) ||
	    inspector_init(&t->inspector, max)) {
		flow_table_free(t);
		return NULL;
	}
	return t;
}

void flow_table_free(struct flow_table *t)
{
	if (!t)
		return;
	inspector_done(&t->inspector);
	fragments_done(&t->fragments);
	reassembly_done(&t->reassembly);
	tokens_done(&t->mptcp);
	tokens_done(&t->sctp_tags);
	tunnel_totals_done(&t->tunnels);
	tag_table_done(&t->tags);
	wheel_done(&t->wheel);
	hash_index_done(&t->index);
	follow_done(t);
	slab_done(&t->bindings);
	slab_done(&t->rare);
	slab_done(&t->flows);
	free(t);
}

/* --- finding ---------------------------------------------------------------------------------- */

static bool key_eq(const void *owner, uint32_t slot, const void *key)
{
	const struct flow_table *t = owner;
	const struct flow *f = slab_at(&t->flows, slot);

	return flow_key_eq(&f->key, key);
}

struct flow *flow_find_hashed(struct flow_table *t, const struct flow_key *k, uint64_t hash)
{
	uint32_t slot = hash_index_find(&t->index, hash, key_eq, t, k);

	return slot == HASH_NONE ? NULL : slab_at(&t->flows, slot);
}

struct flow *flow_table_find(struct flow_table *t, const struct flow_key *k)
{
	return flow_find_hashed(t, k, flow_hash(t, k));
}

struct flow *flow_table_get(struct flow_table *t, uint64_t id)
{
	struct flow *f = slab_get(&t->flows, (struct slab_id){(uint32_t)(id >> 32), (uint32_t)id});

	return f && f->start_ns <= t->shown_until_ns ? f : NULL;
}

uint64_t flow_id(const struct flow_table *t, const struct flow *f)
{
	return (uint64_t)f->slot << 32 | slab_id_of(&t->flows, f->slot).generation;
}

struct flow *flow_table_next(struct flow_table *t, struct flow *f)
{
	uint32_t slot = f ? f->slot + 1 : 0;

	while ((slot = slab_next(&t->flows, slot)) < t->flows.slots) {
		f = slab_at(&t->flows, slot++);
		if (f->start_ns <= t->shown_until_ns)
			return f;
	}
	return NULL;
}

void flow_table_keep_past(struct flow_table *t, struct past *past)
{
	t->past = past;
}

uint32_t flow_table_count(const struct flow_table *t)
{
	return t->flows.live;
}

uint64_t flow_table_total(const struct flow_table *t)
{
	return t->total;
}

uint32_t flow_table_live(const struct flow_table *t)
{
	return (uint32_t)t->index.used;
}

const struct histogram *flow_table_dns_waits(const struct flow_table *t)
{
	return &t->dns_waits;
}

const struct tunnel_total *flow_table_tunnels(const struct flow_table *t, unsigned *count)
{
	*count = t->tunnels.count;
	return t->tunnels.rows;
}

void flow_table_loss(const struct flow_table *t, struct loss *out)
{
	out->count[LOSS_TABLE_FULL] += t->refused;
	out->count[LOSS_PENDING] += t->not_held;
	out->count[LOSS_STREAM] += t->reassembly.memory.refused;
	inspector_loss(&t->inspector, out);
}

uint64_t flow_table_bad_fragments(const struct flow_table *t)
{
	return t->reassembly.contradictions;
}

int64_t flow_start_ns(const struct flow_table *t, const struct flow *f)
{
	(void)t;
	return f->start_ns;
}

bool flow_first_seq(const struct flow_table *t, const struct flow *f, int end, uint32_t *seq)
{
	const struct flow_cold *c = flow_cold_of(t, f);

	if (f->key.proto != PROTO_TCP || !(c->tcp.flags[end] & TCP_HAS_BASE) ||
	    !((c->tcp.flags[0] | c->tcp.flags[1]) & TCP_HAS_SYN))
		return false;
	*seq = c->path.base_seq[end] + 1;
	return true;
}

const struct binding *flow_binding(const struct flow_table *t, const struct flow *f, int end)
{
	static const struct bindings none;
	const struct bindings *b = f->cold.bound ? slab_at(&t->bindings, f->cold.bound - 1) : &none;

	return &b->of[end];
}

struct binding *flow_binding_of(struct flow_table *t, struct flow *f, int end)
{
	struct slab_id id;

	if (!f->cold.bound) {
		if (!slab_new(&t->bindings, &id)) {
			t->bindings_sink = (struct bindings){0};
			return &t->bindings_sink.of[end];
		}
		f->cold.bound = id.slot + 1;
	}
	return &((struct bindings *)slab_at(&t->bindings, f->cold.bound - 1))->of[end];
}

/* --- beginning -------------------------------------------------------------------------------- */

struct flow_rare *flow_rare_of(struct flow_table *t, struct flow *f)
{
	struct slab_id id;
	struct flow_rare *r = flow_rare_peek(t, f);

	if (r)
		return r;
	r = slab_new(&t->rare, &id);
	if (!r)
		return &t->sink;
	f->rare = id.slot + 1;
	return r;
}

struct flow *flow_create(struct flow_table *t, const struct flow_key *k, uint64_t hash)
{
	struct slab_id id;
	struct flow *f;

	if (t->flows.live >= t->flows.max && !flow_reclaim(t))
		return NULL;
	f = slab_new(&t->flows, &id);
	if (!f)
		return NULL;
	f->key = *k;
	f->slot = id.slot;
	if (hash_index_insert(&t->index, hash, id.slot) ||
	    wheel_add(&t->wheel, id.slot, t->now_ns + FLOW_VISIT_NS)) {
		hash_index_remove(&t->index, hash, id.slot);
		flow_release(t, f);
		return NULL;
	}
	t->total++;
	return f;
}
