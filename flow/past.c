/* SPDX-License-Identifier: MIT
 *
 * A tick is the time between two marks. Its records lead from what its flows were at its end to
 * what they were at its beginning: per part of a flow a bit a word, and the old words of those
 * that differ. To exchange them with the present ones twice changes nothing.
 */
#include "flow/past.h"

#include <stdlib.h>
#include <string.h>

#include "flow/rates.h"
#include "flow/table_private.h"

enum {
	TICKS_MAX = 256,
	WORDS_MAX = 256, /* of a part */
	RAW_SHARE = 4,	 /* of the memory, for the tick that goes on */
};
#define SECOND_NS 1000000000ll

enum part { PART_FLOW, PART_RARE, PARTS };

/* Ahead of its parts, each of which is a struct part_head, its bits and its words. */
struct record {
	uint32_t slot, generation; /* of the flow */
	uint32_t bytes;		   /* of it all */
	uint32_t parts;		   /* bits of enum part */
};

struct part_head {
	uint32_t slot;	/* in its slab */
	uint32_t words; /* that follow the bits */
};

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

/* --- parts of a flow -------------------------------------------------------------------------- */

static struct slab *slab_of(struct flow_table *t, enum part part)
{
	struct slab *const slabs[PARTS] = {&t->flows, &t->rare};

	return slabs[part];
}

static unsigned words_of(struct flow_table *t, enum part part)
{
	return (unsigned)(slab_of(t, part)->object_size / sizeof(uint64_t));
}

static unsigned bits_bytes(unsigned words)
{
	return (words + 63) / 64 * (unsigned)sizeof(uint64_t);
}

/* Its slot, or false: the flow has no such part. */
static bool part_slot(const struct flow *f, enum part part, uint32_t *slot)
{
	uint32_t plus_one = part == PART_FLOW ? f->slot + 1 : f->rare;

	*slot = plus_one - 1;
	return plus_one != 0;
}

/* --- the tick that goes on -------------------------------------------------------------------- */

struct past *past_new(struct flow_table *t, size_t max_bytes)
{
	struct past *p = calloc(1, sizeof(*p));

	_Static_assert(sizeof(struct flow) % 8 == 0 && sizeof(struct flow_rare) % 8 == 0,
		       "parts are whole words");
	_Static_assert(sizeof(struct flow_rare) / 8 <= WORDS_MAX, "a part fits");
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

static void put(uint8_t **to, const void *data, size_t n)
{
	memcpy(*to, data, n);
	*to += n;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static size_t whole_bytes(struct flow_table *t)
{
	size_t bytes = sizeof(struct record);

	for (enum part part = 0; part < PARTS; part++)
		bytes += sizeof(struct part_head) + slab_of(t, part)->object_size;
	return bytes;
}

void past_keep(struct past *p, struct flow *f)
{
	struct record r = {.slot = f->slot,
			   .generation = slab_id_of(&p->table->flows, f->slot).generation};
	uint8_t *at, *begin;

	/* One that has begun since the mark was not there then. */
	if (f->flags & FLOW_KEPT || f->start_ns > p->mark_ns || p->undone)
		return;
	/* Full: the time until now becomes a tick of its own. */
	if (p->raw_used + whole_bytes(p->table) > p->raw_max)
		past_mark(p, later(p->table->now_ns, p->mark_ns + 1), &p->mark);
	begin = at = p->raw + p->raw_used;
	at += sizeof(r);
	for (enum part part = 0; part < PARTS; part++) {
		struct part_head h = {.words = words_of(p->table, part)};

		if (!part_slot(f, part, &h.slot))
			continue;
		r.parts |= 1u << part;
		put(&at, &h, sizeof(h));
		put(&at, slab_at(slab_of(p->table, part), h.slot), h.words * sizeof(uint64_t));
	}
	r.bytes = (uint32_t)(at - begin);
	memcpy(begin, &r, sizeof(r));
	p->raw_used += r.bytes;
	p->raw_count++;
	f->flags |= FLOW_KEPT;
}

/* --- records ---------------------------------------------------------------------------------- */

static struct record record_at(const uint8_t *p)
{
	struct record r;

	memcpy(&r, p, sizeof(r));
	return r;
}

static struct flow *flow_of(struct flow_table *t, const struct record *r)
{
	return slab_get(&t->flows, (struct slab_id){r->slot, r->generation});
}

/* A part taken apart: which words, and what they were. */
struct words {
	uint32_t slot;
	uint64_t bits[WORDS_MAX / 64];
	uint64_t old[WORDS_MAX]; /* by word */
};

static unsigned count_bits(const struct words *w)
{
	unsigned n = 0;

	for (unsigned i = 0; i < WORDS_MAX / 64; i++)
		n += (unsigned)__builtin_popcountll(w->bits[i]);
	return n;
}

static bool has_word(const struct words *w, unsigned i)
{
	return w->bits[i / 64] >> i % 64 & 1;
}

/* Returns what follows. */
static const uint8_t *read_part(struct words *w, const uint8_t *p, unsigned words)
{
	struct part_head h;

	memcpy(&h, p, sizeof(h));
	p += sizeof(h);
	memset(w->bits, 0, sizeof(w->bits));
	memcpy(w->bits, p, bits_bytes(words));
	p += bits_bytes(words);
	w->slot = h.slot;
	for (unsigned i = 0; i < words; i++) {
		if (!has_word(w, i))
			continue;
		memcpy(&w->old[i], p, sizeof(w->old[i]));
		p += sizeof(w->old[i]);
	}
	return p;
}

static void put_part(uint8_t **to, const struct words *w, unsigned words)
{
	struct part_head h = {w->slot, count_bits(w)};

	put(to, &h, sizeof(h));
	put(to, w->bits, bits_bytes(words));
	for (unsigned i = 0; i < words; i++) {
		if (has_word(w, i))
			put(to, &w->old[i], sizeof(w->old[i]));
	}
}

/* Of a part as it was, the words that differ now. */
static const uint8_t *compare_part(struct flow_table *t, struct words *w, const uint8_t *p,
				   enum part part)
{
	const uint8_t *now;
	struct part_head h;

	memcpy(&h, p, sizeof(h));
	p += sizeof(h);
	memset(w->bits, 0, sizeof(w->bits));
	w->slot = h.slot;
	now = slab_at(slab_of(t, part), h.slot);
	for (unsigned i = 0; i < h.words; i++) {
		memcpy(&w->old[i], p + 8 * i, 8);
		if (memcmp(now + 8 * i, p + 8 * i, 8) != 0)
			w->bits[i / 64] |= 1ull << i % 64;
	}
	return p + h.words * sizeof(uint64_t);
}

/* Words of either; where both have one the older counts, that is `a`. */
static void merge_words(struct words *a, const struct words *b)
{
	for (unsigned i = 0; i < WORDS_MAX; i++) {
		if (has_word(b, i) && !has_word(a, i))
			a->old[i] = b->old[i];
	}
	for (unsigned i = 0; i < WORDS_MAX / 64; i++)
		a->bits[i] |= b->bits[i];
}

/* --- marks ------------------------------------------------------------------------------------ */

static int by_slot(const void *a, const void *b)
{
	const struct record *x = *(const struct record *const *)a,
			    *y = *(const struct record *const *)b;

	return (x->slot > y->slot) - (x->slot < y->slot);
}

/* The records of the tick that goes on, by slot; those of flows that are gone are left out. */
static uint32_t list_raw(struct past *p, const uint8_t **out)
{
	const uint8_t *at = p->raw;
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->raw_count; i++) {
		struct record r = record_at(at);
		struct flow *f = flow_of(p->table, &r);

		if (f) {
			f->flags &= (uint8_t)~FLOW_KEPT;
			out[n++] = at;
		}
		at += r.bytes;
	}
	qsort(out, n, sizeof(*out), by_slot);
	return n;
}

static void put_changes(struct past *p, uint8_t **to, const uint8_t *from)
{
	struct record r = record_at(from);
	uint8_t *begin = *to;
	struct words w;

	from += sizeof(r);
	*to += sizeof(r);
	for (enum part part = 0; part < PARTS; part++) {
		if (!(r.parts & 1u << part))
			continue;
		from = compare_part(p->table, &w, from, part);
		put_part(to, &w, words_of(p->table, part));
	}
	r.bytes = (uint32_t)(*to - begin);
	memcpy(begin, &r, sizeof(r));
}

/* Changes never take more room than the whole, but for their bits. */
static size_t most_bytes(const struct past *p)
{
	return p->raw_used + (size_t)p->raw_count * PARTS * bits_bytes(WORDS_MAX);
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
			put_changes(p, &to, list[i]);
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

/* Two records of one flow as one. */
static void put_both(struct flow_table *t, uint8_t **to, const uint8_t *a, const uint8_t *b)
{
	struct record ra = record_at(a), rb = record_at(b), r = ra;
	uint8_t *begin = *to;

	a += sizeof(ra);
	b += sizeof(rb);
	*to += sizeof(r);
	r.parts = ra.parts | rb.parts;
	for (enum part part = 0; part < PARTS; part++) {
		bool in_a = ra.parts & 1u << part, in_b = rb.parts & 1u << part;
		struct words x, y;

		if (in_a)
			a = read_part(&x, a, words_of(t, part));
		if (in_b)
			b = read_part(in_a ? &y : &x, b, words_of(t, part));
		if (in_a && in_b)
			merge_words(&x, &y);
		if (in_a || in_b)
			put_part(to, &x, words_of(t, part));
	}
	r.bytes = (uint32_t)(*to - begin);
	memcpy(begin, &r, sizeof(r));
}

/* Copy a record unless its flow is gone; returns what follows it. */
static const uint8_t *copy_record(struct flow_table *t, uint8_t **to, uint32_t *n,
				  const uint8_t *from)
{
	struct record r = record_at(from);

	if (flow_of(t, &r)) {
		put(to, from, r.bytes);
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
		struct record ra = {.slot = UINT32_MAX}, rb = {.slot = UINT32_MAX};

		if (left_a)
			ra = record_at(x);
		if (left_b)
			rb = record_at(y);
		if (left_a && left_b && ra.slot == rb.slot && ra.generation == rb.generation) {
			put_both(t, &to, x, y);
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

static void exchange_words(uint8_t *object, uint8_t **p, uint64_t bits)
{
	for (; bits; bits &= bits - 1) {
		uint8_t *word = object + 8 * __builtin_ctzll(bits);
		uint64_t now;

		memcpy(&now, word, sizeof(now));
		memcpy(word, *p, sizeof(now));
		memcpy(*p, &now, sizeof(now));
		*p += sizeof(now);
	}
}

/* The part at p; returns what follows. */
static uint8_t *exchange_part(struct flow_table *t, uint8_t *p, enum part part)
{
	unsigned bytes = bits_bytes(words_of(t, part));
	uint64_t bits[WORDS_MAX / 64];
	struct part_head h;
	uint8_t *object;

	memcpy(&h, p, sizeof(h));
	memcpy(bits, p + sizeof(h), bytes);
	p += sizeof(h) + bytes;
	object = slab_at(slab_of(t, part), h.slot);
	for (unsigned i = 0; i < bytes / sizeof(bits[0]); i++)
		exchange_words(object + 64 * sizeof(uint64_t) * i, &p, bits[i]);
	return p;
}

static void exchange(struct flow_table *t, struct tick *tick)
{
	uint8_t *p = tick->data;

	for (uint32_t n = 0; n < tick->records; n++) {
		struct record r = record_at(p);
		uint8_t *at = p + sizeof(r);

		for (enum part part = 0; part < PARTS && flow_of(t, &r); part++) {
			if (r.parts & 1u << part)
				at = exchange_part(t, at, part);
		}
		p += r.bytes;
	}
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

/* What moved in a tick, by its records: the flow part comes first in each. */
static void rates_of_records(const struct past *p, const struct tick *tick, double per_ns,
			     struct rates *out)
{
	enum { BYTES = offsetof(struct flow, bytes) / 8 };
	const uint8_t *at = tick->data;
	struct words w;

	for (uint32_t n = 0; n < tick->records; n++) {
		struct record r = record_at(at);
		const struct flow *f = flow_of(p->table, &r);
		int64_t bps[2] = {0, 0};

		read_part(&w, at + sizeof(r), words_of(p->table, PART_FLOW));
		for (int d = 0; f && d < 2; d++) {
			if (has_word(&w, BYTES + d))
				bps[d] = (int64_t)((double)(f->bytes[d] - w.old[BYTES + d]) * 8 *
						   per_ns);
		}
		if (f)
			rates_put(out, flow_id(p->table, f), bps);
		at += r.bytes;
	}
}

void past_rates(const struct past *p, struct rates *out)
{
	unsigned mark = p->count - p->undone;
	const struct tick *tick = mark ? p->ticks[mark - 1] : NULL;
	double per_ns;

	if (!tick)
		return;
	per_ns = 1e9 / (double)(tick->until_ns - tick->from_ns);
	for (struct flow *f = flow_table_next(p->table, NULL); f;
	     f = flow_table_next(p->table, f)) {
		bool is_new = f->start_ns > tick->from_ns;
		int64_t bps[2] = {0, 0};

		for (int d = 0; is_new && d < 2; d++)
			bps[d] = (int64_t)((double)f->bytes[d] * 8 * per_ns);
		rates_put(out, flow_id(p->table, f), bps);
	}
	rates_of_records(p, tick, per_ns, out);
}
