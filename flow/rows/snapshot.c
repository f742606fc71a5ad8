/* SPDX-License-Identifier: MIT
 *
 * Answers to the screen: copies of the rows that one view asks for, and what else it wants to
 * know.
 *
 * Only the rows of the window asked for are kept. Which they are is in choice.c, where they come
 * from in snapshot_rows.c.
 */
#include "flow/rows/snapshot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vis.h"
#include "flow/kept_frames.h"
#include "flow/rows/choice_keep.h"
#include "flow/rows/filter.h"

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
	free(s->bytes);
	free(s->sums);
	free(s->axis);
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

/* --- the answer ------------------------------------------------------------------------------- */

static void keep_rows(struct snapshot *s, void *rows)
{
	switch (s->of) {
	case QUERY_SOCKETS: s->sockets = rows; break;
	case QUERY_PROCESSES: s->processes = rows; break;
	case QUERY_GROUPS: s->groups = rows; break;
	default: s->rows = rows; break;
	}
}

static int copy_window(struct row_source *from, struct snapshot *s, const struct choice *c)
{
	const struct row_kind *kind = from->kind;
	const struct query *q = from->q;
	uint32_t left;
	char *rows;

	s->offset = q->offset < s->matched ? q->offset : s->matched;
	left = s->matched - s->offset;
	s->row_count = q->limit < left ? q->limit : left;
	/* Not zeroed: each is filled as a whole, and most of a row is room for texts that are short. */
	rows = reallocarray(NULL, s->row_count ? s->row_count : 1, kind->size);
	if (!rows)
		return -ENOMEM;
	keep_rows(s, rows);
	for (uint32_t i = 0; i < s->row_count; i++)
		kind->get(from, c->all[s->offset + i].id, rows + i * kind->size);
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
	engine_recording(en, &s->record);
}

/* Without memory for them there are none. */
static void copy_sums(struct row_source *from, struct snapshot *s, const struct choice *c)
{
	const struct query *q = from->q;

	s->sums = c->sums.count ? calloc(1, from->kind->size) : NULL;
	if (!s->sums)
		return;
	sums_put(&c->sums, s->sums);
	if (from->kind->whole && !*q->filter && !q->only.count)
		from->kind->whole(from, s->sums);
}

static int fill(struct snapshot *s, struct row_source *from)
{
	struct choice own = {0}, *c = choice_again(from);
	int status = 0;

	if (!c) {
		status = choice_init(&own, from, s->total);
		c = status ? NULL : choice_keep(from, &own);
		if (c)
			own = (struct choice){0};
		else
			c = &own;
	}
	if (!status) {
		s->matched = c->count;
		s->finds = c->finds;
		s->follow_index = choice_position(c, from->q->follow_id);
		s->found = choice_find(c, from->q);
		copy_sums(from, s, c);
		status = copy_window(from, s, c);
	}
	choice_done(&own);
	return status;
}

/* --- the flow that is open ---------------------------------------------------------------------- */

/* When the past is looked at: without what came later. */
static void drop_later(struct flow_frames *f, int64_t then_ns)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < f->count; i++)
		if (f->notes[i].time_ns <= then_ns)
			f->notes[kept++] = f->notes[i];
	f->count = kept;
}

static struct flow_frames *copy_frames(struct engine *en, const struct flow *f, uint64_t id)
{
	uint32_t count = en->recent ? recent_count(en->recent, f->slot, id) : 0;
	struct flow_frames *out = malloc(sizeof(*out) + count * sizeof(out->notes[0]));

	if (!out)
		return NULL;
	out->id = id;
	out->count = count;
	out->calls = en->recent ? recent_calls(en->recent, f->slot, id) : 0;
	if (count)
		recent_copy(en->recent, f->slot, id, out->notes);
	for (uint32_t i = 0; i < count; i++)
		out->notes[i].end ^= f->originator;
	if (en->then_ns)
		drop_later(out, en->then_ns);
	return out;
}

struct flow_frames *engine_flow_frames(struct engine *en, uint64_t id)
{
	struct flow *f = en->recent ? flow_table_get(en->flows, id) : NULL;
	struct flow_frames *out = f ? copy_frames(en, f, id) : NULL;
	uint32_t frames = 0;

	for (uint32_t i = 0; out && i < out->count; i++)
		if (out->notes[i].kind == RECENT_FRAME)
			out->notes[frames++] = out->notes[i];
	if (out)
		out->count = frames;
	return out;
}

static struct frame_bytes *copy_bytes(struct engine *en, const struct flow_row *row,
				      const struct query *q)
{
	struct frame f;
	bool found = kept_frames_find(en->bytes, row, q->bytes_ns, q->bytes_end == 0, &f);
	struct frame_bytes *out = malloc(sizeof(*out) + (found ? f.caplen : 0));

	if (!out)
		return NULL;
	*out = (struct frame_bytes){.time_ns = q->bytes_ns};
	if (found) {
		out->caplen = f.caplen;
		out->wirelen = f.wirelen;
		memcpy(out->data, f.data, f.caplen);
	}
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
	if (q->bytes_ns && en->bytes && s->open)
		s->bytes = copy_bytes(en, s->open, q);
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
	s->find_ticket = q->find_ticket;
	s->errand = q->errand;
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
