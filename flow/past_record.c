/* SPDX-License-Identifier: MIT */
#include "flow/past_record.h"

#include <string.h>

#include "flow/table_private.h"

enum { WORDS_MAX = 256 }; /* of a part */

enum part { PART_FLOW, PART_RARE, PARTS };

_Static_assert(sizeof(struct flow) % 8 == 0 && sizeof(struct flow_rare) % 8 == 0,
	       "parts are whole words");
_Static_assert(sizeof(struct flow_rare) / 8 <= WORDS_MAX, "a part fits");
_Static_assert(PARTS *WORDS_MAX / 8 <= PAST_RECORD_BITS_MAX, "and its bits");

/* Ahead of what follows of a part: all of it, or its bits and the words that differ. */
struct part_head {
	uint32_t slot;	/* in its slab */
	uint32_t words; /* that follow */
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

static void put(uint8_t **to, const void *data, size_t n)
{
	memcpy(*to, data, n);
	*to += n;
}

/* --- whole records ---------------------------------------------------------------------------- */

struct past_record past_record_at(const uint8_t *p)
{
	struct past_record r;

	memcpy(&r, p, sizeof(r));
	return r;
}

struct flow *past_record_flow(struct flow_table *t, const struct past_record *r)
{
	return slab_get(&t->flows, (struct slab_id){r->slot, r->generation});
}

size_t past_record_whole_bytes(struct flow_table *t)
{
	size_t bytes = sizeof(struct past_record);

	for (enum part part = 0; part < PARTS; part++)
		bytes += sizeof(struct part_head) + slab_of(t, part)->object_size;
	return bytes;
}

size_t past_record_keep(struct flow_table *t, const struct flow *f, uint8_t *to)
{
	struct past_record r = {.slot = f->slot,
				.generation = slab_id_of(&t->flows, f->slot).generation};
	uint8_t *at = to + sizeof(r);

	for (enum part part = 0; part < PARTS; part++) {
		struct part_head h = {.words = words_of(t, part)};

		if (!part_slot(f, part, &h.slot))
			continue;
		r.parts |= 1u << part;
		put(&at, &h, sizeof(h));
		put(&at, slab_at(slab_of(t, part), h.slot), h.words * sizeof(uint64_t));
	}
	r.bytes = (uint32_t)(at - to);
	memcpy(to, &r, sizeof(r));
	return r.bytes;
}

/* --- records of changes ----------------------------------------------------------------------- */

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

void past_record_changes(struct flow_table *t, uint8_t **to, const uint8_t *from)
{
	struct past_record r = past_record_at(from);
	uint8_t *begin = *to;
	struct words w;

	from += sizeof(r);
	*to += sizeof(r);
	for (enum part part = 0; part < PARTS; part++) {
		if (!(r.parts & 1u << part))
			continue;
		from = compare_part(t, &w, from, part);
		put_part(to, &w, words_of(t, part));
	}
	r.bytes = (uint32_t)(*to - begin);
	memcpy(begin, &r, sizeof(r));
}

void past_record_merge(struct flow_table *t, uint8_t **to, const uint8_t *a, const uint8_t *b)
{
	struct past_record ra = past_record_at(a), rb = past_record_at(b), r = ra;
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

uint8_t *past_record_exchange(struct flow_table *t, uint8_t *p)
{
	struct past_record r = past_record_at(p);
	uint8_t *at = p + sizeof(r);

	for (enum part part = 0; part < PARTS && past_record_flow(t, &r); part++) {
		if (r.parts & 1u << part)
			at = exchange_part(t, at, part);
	}
	return p + r.bytes;
}

/* The flow part comes first in each record. */
void past_record_bytes(struct flow_table *t, const uint8_t *p, const struct flow *f,
		       uint64_t out[2])
{
	enum { BYTES = offsetof(struct flow, bytes) / 8 };
	struct words w;

	read_part(&w, p + sizeof(struct past_record), words_of(t, PART_FLOW));
	for (unsigned d = 0; d < 2; d++)
		out[d] = has_word(&w, BYTES + d) ? f->bytes[d] - w.old[BYTES + d] : 0;
}
