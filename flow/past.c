/* SPDX-License-Identifier: MIT
 *
 * A tick is the time between two marks. Its records (flow/past_record.h) lead from what its flows
 * were at its end to what they were at its beginning.
 */
#include "flow/past.h"

#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "flow/past_record.h"
#include "flow/rates.h"
#include "flow/table_private.h"

enum {
	TICKS_MAX = 256,
	RAW_SHARE = 4, /* of the memory, for the tick that goes on */
};
#define SECOND_NS 1000000000ll

struct tick {
	int64_t from_ns, until_ns;
	struct past_totals until;
	uint32_t records; /* by slot of their flows */
	size_t bytes;
	uint8_t data[];
};

struct past {
	struct flow_table *table;      /* borrowed */
	size_t max_bytes, bytes;       /* of ticks */
	struct tick *ticks[TICKS_MAX]; /* owned, oldest first */
	unsigned count, undone;
	int64_t now_ns;		  /* of the table, while ticks are undone */
	int64_t mark_ns;	  /* the last one; INT64_MIN = none yet */
	struct past_totals mark;  /* at it */
	struct past_totals first; /* at the beginning of the oldest tick */
	/* The tick that goes on: records with whole parts. */
	uint8_t *raw; /* owned */
	size_t raw_used, raw_max;
	uint32_t raw_count;
};

/* --- the tick that goes on -------------------------------------------------------------------- */

struct past *past_new(struct flow_table *t, size_t max_bytes)
{
	struct past *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->table = t;
	p->max_bytes = max_bytes ? max_bytes : PAST_BYTES;
	p->raw_max = p->max_bytes / RAW_SHARE;
	p->raw = malloc(p->raw_max);
	p->mark_ns = INT64_MIN;
	if (!p->raw) {
		free(p);
		return NULL;
	}
	return p;
}

void past_free(struct past *p)
{
	if (!p)
		return;
	for (unsigned i = 0; i < p->count; i++)
		free(p->ticks[i]);
	free(p->raw);
	free(p);
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

void past_keep(struct past *p, struct flow *f)
{
	/* One that has begun since the mark was not there then. */
	if (f->flags & FLOW_KEPT || f->start_ns > p->mark_ns || p->undone)
		return;
	/* Full: the time until now becomes a tick of its own. */
	if (p->raw_used + past_record_whole_bytes(p->table) > p->raw_max)
		past_mark(p, later(p->table->now_ns, p->mark_ns + 1), &p->mark);
	p->raw_used += past_record_keep(p->table, f, p->raw + p->raw_used);
	p->raw_count++;
	f->flags |= FLOW_KEPT;
}

/* --- marks ------------------------------------------------------------------------------------ */

static int by_slot(const void *a, const void *b)
{
	const struct past_record *x = *(const struct past_record *const *)a,
				 *y = *(const struct past_record *const *)b;

	return (x->slot > y->slot) - (x->slot < y->slot);
}

/* The records of the tick that goes on, by slot; those of flows that are gone are left out. */
static uint32_t list_raw(struct past *p, const uint8_t **out)
{
	const uint8_t *at = p->raw;
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->raw_count; i++) {
		struct past_record r = past_record_at(at);
		struct flow *f = past_record_flow(p->table, &r);

		if (f) {
			f->flags &= (uint8_t)~FLOW_KEPT;
			out[n++] = at;
		}
		at += r.bytes;
	}
	qsort(out, n, sizeof(*out), by_slot);
	return n;
}

/* Changes never take more room than the whole, but for their bits. */
static size_t most_bytes(const struct past *p)
{
	return p->raw_used + (size_t)p->raw_count * PAST_RECORD_BITS_MAX;
}

static struct tick *make_tick(struct past *p)
{
	const uint8_t **list = malloc((p->raw_count + 1) * sizeof(*list));
	struct tick *t = list ? malloc(sizeof(*t) + most_bytes(p)) : NULL, *fit;
	uint8_t *to;

	if (t) {
		*t = (struct tick){.from_ns = p->mark_ns};
		to = t->data;
		t->records = list_raw(p, list);
		for (uint32_t i = 0; i < t->records; i++)
			past_record_changes(p->table, &to, list[i]);
		t->bytes = sizeof(*t) + (size_t)(to - t->data);
		fit = realloc(t, t->bytes);
		t = fit ? fit : t;
	}
	free(list);
	p->raw_used = p->raw_count = 0;
	return t;
}

static void drop_oldest(struct past *p)
{
	p->first = p->ticks[0]->until;
	p->bytes -= p->ticks[0]->bytes;
	free(p->ticks[0]);
	memmove(p->ticks, p->ticks + 1, --p->count * sizeof(p->ticks[0]));
}

/* --- merging ---------------------------------------------------------------------------------- */

/* Copy a record unless its flow is gone; returns what follows it. */
static const uint8_t *copy_record(struct flow_table *t, uint8_t **to, uint32_t *n,
				  const uint8_t *from)
{
	struct past_record r = past_record_at(from);

	if (past_record_flow(t, &r)) {
		memcpy(*to, from, r.bytes);
		*to += r.bytes;
		++*n;
	}
	return from + r.bytes;
}

static void merge_records(struct flow_table *t, struct tick *out, const struct tick *a,
			  const struct tick *b)
{
	const uint8_t *x = a->data, *y = b->data;
	uint32_t left_a = a->records, left_b = b->records;
	uint8_t *to = out->data;

	while (left_a || left_b) {
		struct past_record ra = {.slot = UINT32_MAX}, rb = {.slot = UINT32_MAX};

		if (left_a)
			ra = past_record_at(x);
		if (left_b)
			rb = past_record_at(y);
		if (left_a && left_b && ra.slot == rb.slot && ra.generation == rb.generation) {
			past_record_merge(t, &to, x, y);
			out->records++;
			x += ra.bytes;
			y += rb.bytes;
			left_a--;
			left_b--;
		} else if (left_a && (!left_b || ra.slot <= rb.slot)) {
			x = copy_record(t, &to, &out->records, x);
			left_a--;
		} else {
			y = copy_record(t, &to, &out->records, y);
			left_b--;
		}
	}
	out->bytes = sizeof(*out) + (size_t)(to - out->data);
}

/* Tick i and the one after it become one; without memory they stay two. */
static void merge(struct past *p, unsigned i)
{
	struct tick *a = p->ticks[i], *b = p->ticks[i + 1], *fit;
	struct tick *out = malloc(a->bytes + b->bytes);

	if (!out)
		return;
	*out = (struct tick){.from_ns = a->from_ns, .until_ns = b->until_ns, .until = b->until};
	merge_records(p->table, out, a, b);
	fit = realloc(out, out->bytes);
	p->ticks[i] = fit ? fit : out;
	p->bytes += p->ticks[i]->bytes - a->bytes - b->bytes;
	free(a);
	free(b);
	p->count--;
	memmove(p->ticks + i + 1, p->ticks + i + 2, (p->count - i - 1) * sizeof(p->ticks[0]));
}

/* How long a tick may be that ended so long ago. */
static int64_t span_at(int64_t age_ns)
{
	return age_ns > 300 * SECOND_NS	 ? 15 * SECOND_NS
	       : age_ns > 60 * SECOND_NS ? 5 * SECOND_NS
					 : 0;
}

static void coarsen(struct past *p)
{
	for (unsigned i = 0; i + 1 < p->count;) {
		const struct tick *a = p->ticks[i], *b = p->ticks[i + 1];
		unsigned count = p->count;

		if (b->until_ns - a->from_ns <= span_at(p->mark_ns - b->until_ns))
			merge(p, i);
		if (p->count == count)
			i++;
	}
	while (p->count && (p->bytes > p->max_bytes - p->raw_max || p->count == TICKS_MAX ||
			    p->mark_ns - p->ticks[0]->until_ns > PAST_SPAN_NS))
		drop_oldest(p);
}

void past_mark(struct past *p, int64_t now_ns, const struct past_totals *now)
{
	struct tick *t;

	if (p->undone || now_ns <= p->mark_ns)
		return;
	if (p->mark_ns != INT64_MIN && now->packets == p->mark.packets && !p->raw_count)
		return; /* nothing happened: this is still the time of the last mark */
	if (p->mark_ns != INT64_MIN) {
		t = make_tick(p);
		if (!t) { /* nor is there anything before what was lost */
			while (p->count)
				drop_oldest(p);
			p->first = *now;
		} else {
			t->until_ns = now_ns;
			t->until = *now;
			p->ticks[p->count++] = t;
			p->bytes += t->bytes;
		}
	} else {
		p->first = *now;
	}
	p->mark_ns = now_ns;
	p->mark = *now;
	coarsen(p);
}

/* --- going back ------------------------------------------------------------------------------- */

static void exchange(struct flow_table *t, struct tick *tick)
{
	uint8_t *p = tick->data;

	for (uint32_t n = 0; n < tick->records; n++)
		p = past_record_exchange(t, p);
}

static int64_t mark_time(const struct past *p, unsigned i)
{
	return i ? p->ticks[i - 1]->until_ns : p->ticks[0]->from_ns;
}

static struct past_totals mark_totals(const struct past *p, unsigned i)
{
	return i ? p->ticks[i - 1]->until : p->first;
}

bool past_go(struct past *p, int64_t at_ns, struct past_place *out)
{
	unsigned mark = p->count;

	if (!p->count || p->undone)
		return false;
	while (mark && mark_time(p, mark) > at_ns)
		mark--;
	*out = (struct past_place){
		.at_ns = mark_time(p, mark),
		.before_ns = mark ? mark_time(p, mark - 1) : 0,
		.after_ns = mark < p->count ? mark_time(p, mark + 1) : 0,
		.totals = mark_totals(p, mark),
		.before = mark_totals(p, mark ? mark - 1 : 0),
	};
	if (out->after_ns == p->mark_ns)
		out->after_ns = 0;
	while (p->count - p->undone > mark) {
		exchange(p->table, p->ticks[p->count - p->undone - 1]);
		p->undone++;
	}
	p->table->shown_until_ns = out->at_ns;
	p->now_ns = p->table->now_ns;
	p->table->now_ns = out->at_ns; /* what goes on has lasted until then */
	return true;
}

void past_return(struct past *p)
{
	while (p->undone) {
		exchange(p->table, p->ticks[p->count - p->undone]);
		p->undone--;
	}
	p->table->shown_until_ns = INT64_MAX;
	p->table->now_ns = p->now_ns;
}

int64_t past_before(const struct past *p, int64_t at_ns)
{
	unsigned mark = p->count;

	if (!p->count)
		return 0;
	while (mark && mark_time(p, mark) >= at_ns)
		mark--;
	return mark_time(p, mark) < at_ns ? mark_time(p, mark) : 0;
}

void past_extent(const struct past *p, struct past_extent *out)
{
	*out = (struct past_extent){
		.from_ns = p->count ? p->ticks[0]->from_ns : 0,
		.bytes = p->bytes + p->raw_used,
		.max_bytes = p->max_bytes,
		.marks = p->count,
	};
}

/* --- rates ------------------------------------------------------------------------------------ */

/* What moved in a tick, by its records. */
static void rates_of_records(const struct past *p, const struct tick *tick, double span_ns,
			     struct rates *out)
{
	const uint8_t *at = tick->data;

	for (uint32_t n = 0; n < tick->records; n++) {
		struct past_record r = past_record_at(at);
		const struct flow *f = past_record_flow(p->table, &r);

		if (f) {
			uint64_t bytes[2];
			int64_t bps[2];

			past_record_bytes(p->table, at, f, bytes);
			for (int d = 0; d < 2; d++)
				bps[d] = saturate_rate((double)bytes[d] * 8, span_ns);
			rates_put(out, flow_id(p->table, f), bps);
		}
		at += r.bytes;
	}
}

void past_rates(const struct past *p, struct rates *out)
{
	unsigned mark = p->count - p->undone;
	const struct tick *tick = mark ? p->ticks[mark - 1] : NULL;
	double span_ns;

	if (!tick)
		return;
	span_ns = (double)(tick->until_ns - tick->from_ns);
	for (struct flow *f = flow_table_next(p->table, NULL); f;
	     f = flow_table_next(p->table, f)) {
		bool is_new = f->start_ns > tick->from_ns;
		int64_t bps[2] = {0, 0};

		for (int d = 0; is_new && d < 2; d++)
			bps[d] = saturate_rate((double)f->bytes[d] * 8, span_ns);
		rates_put(out, flow_id(p->table, f), bps);
	}
	rates_of_records(p, tick, span_ns, out);
}
