/* SPDX-License-Identifier: MIT
 *
 * Answers to the screen: choose, sort and copy the rows that one view asks for.
 *
 * Sorting compares fixed-size binary keys taken once from each row, and only the rows of the window
 * asked for are kept, so that an answer costs one row's work a flow and no more memory than a key
 * each. Where rows come from is in snapshot_rows.c.
 */
#include "flow/rows/snapshot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vis.h"
#include "flow/rows/filter.h"
#include "flow/rows/snapshot_rows.h"

enum { SORT_KEY = 40 };

struct candidate {
	unsigned char key[SORT_KEY]; /* memcmp order is the order of the rows */
	uint64_t id;
};

void snapshot_free(struct snapshot *s)
{
	if (!s)
		return;
	free(s->rows);
	free(s->sockets);
	free(s->processes);
	free(s->groups);
	free(s->open);
	free(s->frames);
	free(s);
}

const struct filter_table *filter_table_of(enum query_rows of)
{
	switch (of) {
	case QUERY_SOCKETS: return &socket_filter_table;
	case QUERY_PROCESSES: return &process_filter_table;
	case QUERY_GROUPS: return &group_table;
	default: return &flow_filter_table;
	}
}

const void *snapshot_row(const struct snapshot *s, uint32_t i)
{
	switch (s->of) {
	case QUERY_SOCKETS: return &s->sockets[i];
	case QUERY_PROCESSES: return &s->processes[i];
	case QUERY_GROUPS: return &s->groups[i];
	default: return &s->rows[i];
	}
}

/* --- order ------------------------------------------------------------------------------------ */

static void put_be64(unsigned char *out, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		out[i] = (unsigned char)(v >> (56 - 8 * i));
}

/* Byte 0 keeps absent values last in either direction; the rest is inverted to descend. */
static void sort_key(unsigned char key[SORT_KEY], const struct field *f, bool descending,
		     const void *row)
{
	memset(key, 0, SORT_KEY);
	key[0] = !field_present(f, row);
	if (f->type == FIELD_ADDR)
		memcpy(key + 1, (const char *)row + f->offset, sizeof(struct addr));
	else if (field_is_text(f))
		field_text(f, row, false, (char *)key + 1, SORT_KEY - 1);
	else
		put_be64(key + 1, (uint64_t)field_int(f, row) ^ (1ull << 63));
	if (descending)
		for (int i = 1; i < SORT_KEY; i++)
			key[i] = (unsigned char)~key[i];
}

static int compare(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int order = memcmp(x->key, y->key, SORT_KEY);

	return order ? order : (x->id > y->id) - (x->id < y->id);
}

/* --- the answer ------------------------------------------------------------------------------- */

/* Keys of all rows that are asked for, in their order; their number, or a negative errno. */
static int64_t choose(struct row_source *from, struct filter *filter, struct candidate *out,
		      uint32_t max)
{
	const struct row_kind *kind = from->kind;
	const struct query *q = from->q;
	const struct field *sort = q->sort[0] ? kind->find(q->sort) : NULL;
	bool descending = sort ? q->descending : true;
	void *row = malloc(kind->size);
	uint32_t n = 0;

	if (!row)
		return -ENOMEM;
	if (!sort)
		sort = kind->find(kind->newest);
	while (n < max && kind->next(from, row)) {
		if (!filter_holds(filter, row))
			continue;
		sort_key(out[n].key, sort, descending, row);
		memcpy(&out[n++].id, row, sizeof(out->id)); /* rows begin with their ids */
	}
	free(row);
	qsort(out, n, sizeof(*out), compare);
	return n;
}

static int64_t position(const struct candidate *c, uint32_t n, uint64_t id)
{
	for (uint32_t i = 0; id && i < n; i++)
		if (c[i].id == id)
			return i;
	return -1;
}

static void keep_rows(struct snapshot *s, void *rows)
{
	switch (s->of) {
	case QUERY_SOCKETS: s->sockets = rows; break;
	case QUERY_PROCESSES: s->processes = rows; break;
	case QUERY_GROUPS: s->groups = rows; break;
	default: s->rows = rows; break;
	}
}

static int copy_window(struct row_source *from, struct snapshot *s, const struct candidate *c)
{
	const struct row_kind *kind = from->kind;
	const struct query *q = from->q;
	uint32_t left;
	char *rows;

	s->offset = q->offset < s->matched ? q->offset : s->matched;
	left = s->matched - s->offset;
	s->row_count = q->limit < left ? q->limit : left;
	rows = calloc(s->row_count ? s->row_count : 1, kind->size);
	if (!rows)
		return -ENOMEM;
	keep_rows(s, rows);
	for (uint32_t i = 0; i < s->row_count; i++)
		kind->get(from, c[s->offset + i].id, rows + i * kind->size);
	return 0;
}

static void describe(struct engine *en, struct snapshot *s)
{
	const struct source *source =
		en->source_count
			? en->sources[en->file_index < en->source_count ? en->file_index
									: en->source_count - 1]
			: NULL;

	s->now_ns = en->counts.last_ns;
	s->packets_per_s = en->meter.packets_per_s;
	s->bits_per_s = en->meter.bits_per_s;
	s->finished = en->finished;
	s->live = source && source_is_live(source);
	if (source)
		vis_str(s->source, sizeof(s->source), source_name(source), 256);
	snprintf(s->error, sizeof(s->error), "%s", en->error.text);
	engine_summary(en, &s->summary);
}

/* Who asks has tried the expression: one that is wrong keeps every row. */
static int choose_filter(struct filter **out, const struct query *q)
{
	struct err e;
	int status = filter_compile(out, filter_table_of(q->of), q->filter, NULL, &e);

	return status == -EINVAL ? filter_compile(out, &flow_filter_table, "", NULL, &e) : status;
}

static int fill(struct snapshot *s, struct row_source *from)
{
	struct candidate *c = malloc((s->total ? s->total : 1) * sizeof(*c));
	struct filter *filter = NULL;
	int status = c ? choose_filter(&filter, from->q) : -ENOMEM;
	int64_t n;

	if (status)
		goto out_free;
	n = choose(from, filter, c, s->total);
	if (n < 0) {
		status = (int)n;
		goto out_free;
	}
	s->matched = (uint32_t)n;
	s->follow_index = position(c, s->matched, from->q->follow_id);
	status = copy_window(from, s, c);
out_free:
	filter_free(filter);
	free(c);
	return status;
}

/* --- the flow that is open ---------------------------------------------------------------------- */

static struct flow_frames *copy_frames(struct engine *en, const struct flow *f, uint64_t id)
{
	uint32_t count = en->recent ? recent_count(en->recent, f->slot, id) : 0;
	struct flow_frames *out = malloc(sizeof(*out) + count * sizeof(out->notes[0]));

	if (!out)
		return NULL;
	out->id = id;
	out->count = count;
	if (count)
		recent_copy(en->recent, f->slot, id, out->notes);
	for (uint32_t i = 0; i < count; i++)
		out->notes[i].end ^= f->originator;
	return out;
}

/* Without memory for it the rest is an answer, too. */
static void copy_open(struct engine *en, struct snapshot *s, const struct query *q)
{
	struct flow *f = q->open_id ? flow_table_get(en->flows, q->open_id) : NULL;

	s->open_id = q->open_id;
	if (en->recent)
		recent_open(en->recent, q->open_id);
	if (!f)
		return;
	s->open = malloc(sizeof(*s->open));
	if (s->open)
		engine_fill_row(en, s->open, f);
	if (q->frames)
		s->frames = copy_frames(en, f, q->open_id);
}

struct snapshot *engine_snapshot(struct engine *en, const struct query *q)
{
	struct snapshot *s = calloc(1, sizeof(*s));
	struct row_source from;
	int status;

	if (!s)
		return NULL;
	s->of = q->of;
	s->ticket = q->ticket;
	status = row_source_init(&from, en, q);
	if (!status) {
		s->total = from.kind->count(&from);
		status = fill(s, &from);
	}
	row_source_done(&from);
	if (status) {
		snapshot_free(s);
		return NULL;
	}
	copy_open(en, s, q);
	describe(en, s);
	return s;
}
