/* SPDX-License-Identifier: MIT */
#include "flow/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "flow/tcp/state.h"
#include "flow/app/follow.h"
#include "flow/table_private.h"

static const int64_t tick_ns = 1000000000;

enum {
	/*
	 * The wheel looks at every flow at least so often, since a flow that closes wants to leave
	 * sooner than its entry comes up. So a slot that was freed and taken again while its entry
	 * stood in the wheel is looked at in time as well.
	 */
	VISIT_TICKS = 10,
	PATIENT_SHARE = 4,	  /* of the room */
	WHEEL_BUCKETS = 32,	  /* more than VISIT_TICKS; a power of two */
	AHEAD = 8,		  /* flows fetched before the flush comes to them */
	RECLAIM_SEARCH = 1 << 16, /* slots looked at for one that is kept for the screen only */
	HELD_MAX = 1 << 14,	  /* so many SYNs of one tuple must not fill the table */
};

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
	    wheel_init(&t->wheel, tick_ns, WHEEL_BUCKETS) || tag_table_init(&t->tags) ||
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

/* --- beginning and ending --------------------------------------------------------------------- */

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

/* Nothing is to be done any more but to forget it. */
static bool is_over(const struct flow *f)
{
	return f->flags & FLOW_ENDED && !f->is_held;
}

static void release(struct flow_table *t, struct flow *f)
{
	if (f->flags & FLOW_ENDED)
		t->ended--;
	follow_release(t, f);
	f->flags = FLOW_ENDED; /* stays in the freed slot: no guess takes it for a live one */
	if (f->rare)
		slab_free(&t->rare, slab_id_of(&t->rare, f->rare - 1));
	if (f->cold.bound)
		slab_free(&t->bindings, slab_id_of(&t->bindings, f->cold.bound - 1));
	inspect_release(&t->inspector, flow_cold_of(t, f));
	slab_free(&t->flows, slab_id_of(&t->flows, f->slot));
}

/* Make room at the cap: flows that are kept for the screen only give way, round robin. */
static bool reclaim(struct flow_table *t)
{
	for (unsigned i = 0; t->ended && i < RECLAIM_SEARCH; i++) {
		uint32_t slot = slab_next(&t->flows, t->reclaim_hand);
		struct flow *f;

		t->reclaim_hand = slot < t->flows.slots ? slot + 1 : 0;
		if (slot == t->flows.slots)
			continue;
		f = slab_at(&t->flows, slot);
		if (!is_over(f))
			continue;
		release(t, f);
		return true;
	}
	return false;
}

struct flow *flow_create(struct flow_table *t, const struct flow_key *k, uint64_t hash)
{
	struct slab_id id;
	struct flow *f;

	if (t->flows.live >= t->flows.max && !reclaim(t))
		return NULL;
	f = slab_new(&t->flows, &id);
	if (!f)
		return NULL;
	f->key = *k;
	f->slot = id.slot;
	if (hash_index_insert(&t->index, hash, id.slot) ||
	    wheel_add(&t->wheel, id.slot, t->now_ns + VISIT_TICKS * tick_ns)) {
		hash_index_remove(&t->index, hash, id.slot);
		release(t, f);
		return NULL;
	}
	t->total++;
	return f;
}

static enum flow_end closed_by(const struct flow_table *t, const struct flow *f, enum flow_end why)
{
	if (!(f->flags & FLOW_CLOSED))
		return why;
	return state_reset(flow_cold_of(t, f)) ? FLOW_END_RST : FLOW_END_FIN;
}

/* A flow that is out of the index. */
static void finish(struct flow_table *t, struct flow *f, enum flow_end why)
{
	flow_changes(t, f);
	why = closed_by(t, f, f->is_held ? (enum flow_end)f->end_reason : why);
	t->held -= f->is_held;
	f->is_held = false;
	inspect_end(&t->inspector, f, flow_cold_of(t, f));
	f->flags |= FLOW_ENDED;
	t->ended++;
	f->end_reason = why & 7;
	if (t->o.on_end)
		t->o.on_end(t->o.ctx, f, why);
	if (!t->o.keep_ended_ns)
		release(t, f);
}

static void hold(struct flow_table *t, struct flow *f, enum flow_end why)
{
	flow_changes(t, f);
	f->flags |= FLOW_ENDED;
	f->end_reason = closed_by(t, f, why) & 7;
	f->is_held = true;
	t->held++;
}

static bool waits(struct flow_table *t, const struct flow *f)
{
	return t->o.waits && t->o.waits(t->o.ctx, f);
}

void flow_end(struct flow_table *t, struct flow *f, enum flow_end why)
{
	hash_index_remove(&t->index, flow_hash(t, &f->key), f->slot);
	if (why == FLOW_END_REUSED && t->held < HELD_MAX && waits(t, f))
		hold(t, f, why);
	else
		finish(t, f, why);
}

/* --- time ------------------------------------------------------------------------------------- */

void flow_table_be_patient(struct flow_table *t)
{
	t->patient = true;
}

/* A RST ends both ends at once; only after FINs does one wait for late segments (TIME-WAIT). */
static int64_t wait_of(const struct flow_table *t, const struct flow *f)
{
	const struct flow_cold *c = flow_cold_of(t, f);
	bool patient = t->patient && !(f->flags & FLOW_ENDED) &&
		       t->index.used <= t->flows.max / PATIENT_SHARE;
	bool closed = f->flags & FLOW_CLOSED;

	if (f->key.proto != PROTO_TCP)
		return FLOW_IDLE_NS;
	if (closed && state_settled(c))
		return patient && !state_reset(c) ? FLOW_PATIENT_LINGER_NS : FLOW_LINGER_NS;
	if (patient)
		return FLOW_PATIENT_TCP_NS;
	return closed ? FLOW_IDLE_NS : FLOW_IDLE_TCP_NS;
}

static int64_t deadline_of(const struct flow_table *t, const struct flow *f)
{
	int64_t wait_ns = wait_of(t, f);

	if (f->flags & FLOW_ENDED)
		wait_ns += t->o.keep_ended_ns;
	return f->last_ns + wait_ns;
}

static bool is_free(const struct flow_table *t, uint32_t slot)
{
	return !slab_get(&t->flows, slab_id_of(&t->flows, slot));
}

static void visit(struct flow_table *t, struct flow *f, int64_t now_ns)
{
	if (f->is_held)
		finish(t, f, FLOW_END_REUSED);
	else if (now_ns < deadline_of(t, f))
		return;
	else if (f->flags & FLOW_ENDED)
		release(t, f);
	else
		flow_end(t, f, FLOW_END_IDLE);
}

/* The wheel asks: has this slot's time come? */
static int64_t due(void *owner, uint32_t slot, int64_t now_ns)
{
	struct flow_table *t = owner;
	struct flow *f = slab_at(&t->flows, slot);
	int64_t deadline_ns;

	if (is_free(t, slot))
		return INT64_MIN;
	if (f->is_held && waits(t, f))
		return now_ns + tick_ns;
	visit(t, f, now_ns);
	if (is_free(t, slot))
		return INT64_MIN;
	deadline_ns = deadline_of(t, f);
	if (deadline_ns > now_ns + VISIT_TICKS * tick_ns)
		deadline_ns = now_ns + VISIT_TICKS * tick_ns;
	return deadline_ns;
}

void flow_table_advance(struct flow_table *t, int64_t now_ns)
{
	if (now_ns < t->next_tick_ns)
		return;
	t->now_ns = now_ns;
	t->next_tick_ns = now_ns + tick_ns - now_ns % tick_ns;
	reassembly_advance(&t->reassembly, now_ns);
	fragments_advance(&t->fragments, now_ns, flow_charge_fragments, t);
	wheel_advance(&t->wheel, now_ns, due, t);
}

struct by_start {
	int64_t start_ns;
	uint32_t slot;
};

static int compare_start(const void *a, const void *b)
{
	const struct by_start *x = a, *y = b;

	if (x->start_ns != y->start_ns)
		return x->start_ns < y->start_ns ? -1 : 1;
	return x->slot < y->slot ? -1 : 1;
}

/* Often, since slots are given out in order: then there is nothing to sort. */
static bool is_in_order(struct flow_table *t)
{
	int64_t last_ns = INT64_MIN;

	for (struct flow *f = flow_table_next(t, NULL); f; f = flow_table_next(t, f)) {
		if (is_over(f))
			continue;
		if (f->start_ns < last_ns)
			return false;
		last_ns = f->start_ns;
	}
	return true;
}

/* The flows still to be told of; *count is set. NULL without memory. */
static struct by_start *list_untold(struct flow_table *t, size_t *count)
{
	struct by_start *list = malloc((t->index.used + t->held + 1) * sizeof(*list));
	size_t n = 0;

	if (!list)
		return NULL;
	for (struct flow *f = flow_table_next(t, NULL); f; f = flow_table_next(t, f))
		if (!is_over(f))
			list[n++] = (struct by_start){f->start_ns, f->slot};
	qsort(list, n, sizeof(*list), compare_start);
	*count = n;
	return list;
}

__attribute__((always_inline)) static inline void fetch_parts(const struct flow_table *t,
							      uint32_t slot)
{
	flow_prefetch_parts(t, slab_at(&t->flows, slot));
}

static void finish_listed(struct flow_table *t, const struct by_start *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i + 2 * AHEAD < count)
			flow_prefetch(t, list[i + 2 * AHEAD].slot);
		if (i + AHEAD < count)
			fetch_parts(t, list[i + AHEAD].slot);
		finish(t, slab_at(&t->flows, list[i].slot), FLOW_END_RUN);
	}
}

static void finish_by_slot(struct flow_table *t)
{
	for (uint32_t slot = 0; (slot = slab_next(&t->flows, slot)) < t->flows.slots; slot++) {
		struct flow *f = slab_at(&t->flows, slot);

		if (slot + 2 * AHEAD < t->flows.slots) /* free or not: it was used once */
			flow_prefetch(t, slot + 2 * AHEAD);
		if (slot + AHEAD < t->flows.slots)
			fetch_parts(t, slot + AHEAD);
		if (!is_over(f))
			finish(t, f, FLOW_END_RUN);
	}
}

/* All at once: to look up a million entries one by one would take longer than to write the flows.
 */
static void clear_index(struct hash_index *h)
{
	memset(h->entries, 0, (h->mask + 1) * sizeof(*h->entries));
	h->used = 0;
}

void flow_table_flush(struct flow_table *t)
{
	struct by_start *list = NULL;
	size_t count = 0;

	reassembly_advance(&t->reassembly, INT64_MAX);
	fragments_advance(&t->fragments, INT64_MAX, flow_charge_fragments, t);
	if (t->unordered && !is_in_order(t))
		list = list_untold(t, &count);
	clear_index(&t->index);
	if (list)
		finish_listed(t, list, count);
	else
		finish_by_slot(t); /* without memory to sort them they still must not be lost */
	free(list);
}
