/* SPDX-License-Identifier: MIT */
#include "flow/app/stream.h"

#include <stdlib.h>
#include <string.h>

enum { SIZE_MIN = 512 };

_Static_assert(STREAM_MAX <= UINT16_MAX, "offsets are 16 bits");

void stream_begin(struct stream *s, uint32_t start_seq)
{
	s->start_seq = start_seq;
	s->limit = STREAM_MAX;
	s->islands = 1;
}

void stream_done(struct stream *s, struct budget *b)
{
	budget_give(b, s->size);
	free(s->large);
	s->large = NULL;
	s->size = s->limit = 0;
	s->islands = 0;
}

static uint8_t *bytes_of(struct stream *s)
{
	return s->large ? s->large : s->small;
}

static bool reserve(struct stream *s, struct budget *b, uint32_t end)
{
	uint32_t size = s->size ? s->size : SIZE_MIN;
	uint8_t *grown;

	if (end <= STREAM_SMALL || end <= s->size)
		return true;
	while (size < end)
		size *= 2;
	if (!budget_take(b, size - s->size))
		return false;
	grown = realloc(s->large, size);
	if (!grown) {
		budget_give(b, size - s->size);
		return false;
	}
	if (!s->large)
		memcpy(grown, s->small, STREAM_SMALL);
	s->large = grown;
	s->size = (uint16_t)size;
	return true;
}

/* Copy what no island covers: the first to come wins. */
static void copy_new(struct stream *s, uint32_t from, uint32_t to, const uint8_t *data)
{
	uint8_t *bytes = bytes_of(s);
	uint32_t at = from;

	for (unsigned i = 0; i < s->islands && at < to; i++) {
		const struct island *is = &s->island[i];

		if (is->to <= at)
			continue;
		if (is->from > at) {
			uint32_t end = is->from < to ? is->from : to;

			memcpy(bytes + at, data + (at - from), end - at);
		}
		at = is->to;
	}
	if (at < to)
		memcpy(bytes + at, data + (at - from), to - at);
}

/* The islands that touch [from, to) and that piece become one; has_place() was asked. */
static void merge(struct stream *s, uint32_t from, uint32_t to)
{
	unsigned first = 0, past, gone;

	while (first < s->islands && s->island[first].to < from)
		first++;
	for (past = first; past < s->islands && s->island[past].from <= to; past++) {
		if (s->island[past].from < from)
			from = s->island[past].from;
		if (s->island[past].to > to)
			to = s->island[past].to;
	}
	gone = past - first;
	memmove(&s->island[first + 1], &s->island[past],
		(s->islands - past) * sizeof(s->island[0]));
	s->island[first] = (struct island){(uint16_t)from, (uint16_t)to};
	s->islands = (uint8_t)(s->islands + 1 - gone);
}

/* Would it stand alone where there is no place for one more? */
static bool has_place(const struct stream *s, uint32_t from, uint32_t to)
{
	if (s->islands < STREAM_ISLANDS)
		return true;
	for (unsigned i = 0; i < s->islands; i++)
		if (s->island[i].from <= to && s->island[i].to >= from)
			return true;
	return false;
}

/* A sequence number as an offset; negative before the start. */
static int64_t offset_of(const struct stream *s, uint32_t seq)
{
	return (int32_t)(seq - s->start_seq);
}

/* Bytes from `from` to before `to` will not come: unless they are there, this is where it ends. */
static void limit_to(struct stream *s, int64_t from, int64_t to)
{
	int64_t have = s->island[0].to;

	if (to <= have)
		return;
	if (from < have)
		from = have;
	if (from < s->limit)
		s->limit = (uint16_t)from;
}

static bool insert(struct stream *s, struct budget *b, uint32_t from, uint32_t to,
		   const uint8_t *data)
{
	uint16_t had = s->island[0].to;

	if (!has_place(s, from, to) || !reserve(s, b, to)) {
		b->refused += to - from;
		return false;
	}
	copy_new(s, from, to, data);
	merge(s, from, to);
	if (s->island[0].to > had)
		s->later = 0;
	return true;
}

bool stream_add(struct stream *s, struct budget *b, uint32_t seq, struct cursor data,
		uint32_t wire_len)
{
	int64_t from = offset_of(s, seq), to = from + (int64_t)cursor_left(&data);
	const uint8_t *bytes = data.p;

	if (from > s->island[0].to && s->later < UINT8_MAX)
		s->later++;
	if (wire_len > cursor_left(&data))
		limit_to(s, to, from + wire_len);
	if (to > s->limit)
		to = s->limit;
	if (to <= 0 || from >= to)
		return true;
	if (from < 0) {
		bytes += -from;
		from = 0;
	}
	return insert(s, b, (uint32_t)from, (uint32_t)to, bytes);
}

void stream_end(struct stream *s, uint32_t seq)
{
	limit_to(s, offset_of(s, seq), INT64_MAX);
}

void stream_give_up(struct stream *s)
{
	s->limit = s->island[0].to;
}

struct cursor stream_beginning(const struct stream *s)
{
	return cursor_init(s->large ? s->large : s->small, s->island[0].to);
}

bool stream_is_over(const struct stream *s)
{
	return s->island[0].to >= s->limit || s->later > STREAM_PATIENCE;
}

bool stream_skip_hole(struct stream *s)
{
	uint8_t *bytes = bytes_of(s);
	uint16_t skipped, end;

	if (s->islands < 2 || s->island[0].to)
		return false;
	skipped = s->island[1].from;
	end = s->island[s->islands - 1].to;
	memmove(bytes, bytes + skipped, end - skipped);
	s->islands--;
	for (unsigned i = 0; i < s->islands; i++) {
		s->island[i].from = (uint16_t)(s->island[i + 1].from - skipped);
		s->island[i].to = (uint16_t)(s->island[i + 1].to - skipped);
	}
	s->start_seq += skipped;
	s->limit = s->limit > skipped ? (uint16_t)(s->limit - skipped) : 0;
	s->later = 0;
	return true;
}
