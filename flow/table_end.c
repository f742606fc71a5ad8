/* SPDX-License-Identifier: MIT
 *
 * How flows end (by time, because their tuple is used again, with the run), when they are told of, and when
 * they are forgotten.
 */
#include <stdlib.h>
#include <string.h>

#include "flow/app/follow.h"
#include "flow/table_private.h"
#include "flow/tcp/state.h"

enum {
	PATIENT_SHARE = 4,	  /* of the room */
	AHEAD = 8,		  /* flows fetched before the flush comes to them */
	RECLAIM_SEARCH = 1 << 16, /* slots looked at for one that is kept for the screen only */
	HELD_MAX = 1 << 14,	  /* so many SYNs of one tuple must not fill the table */
};

/* Nothing is to be done any more but to forget it. */
static bool is_over(const struct flow *f)
{
	return f->flags & FLOW_ENDED && !f->is_held;
}

void flow_release(struct flow_table *t, struct flow *f)
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

bool flow_reclaim(struct flow_table *t)
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
		flow_release(t, f);
		return true;
	}
	return false;
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
		flow_release(t, f);
}

/* It has ended, and on_end is called later. */
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
	if (why == FLOW_END_REUSED && waits(t, f)) {
		if (t->held < HELD_MAX) {
			hold(t, f, why);
			return;
		}
		t->not_held++;
	}
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
		flow_release(t, f);
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
		return now_ns + FLOW_TICK_NS;
	visit(t, f, now_ns);
	if (is_free(t, slot))
		return INT64_MIN;
	deadline_ns = deadline_of(t, f);
	if (deadline_ns > now_ns + FLOW_VISIT_NS)
		deadline_ns = now_ns + FLOW_VISIT_NS;
	return deadline_ns;
}

void flow_table_advance(struct flow_table *t, int64_t now_ns)
{
	if (now_ns < t->next_tick_ns)
		return;
	t->now_ns = now_ns;
	t->next_tick_ns = now_ns + FLOW_TICK_NS - now_ns % FLOW_TICK_NS;
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
