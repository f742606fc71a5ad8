/* SPDX-License-Identifier: MIT
 *
 * Answers to the screen about any time: now, or what was known at an earlier one. Of files the
 * past is a second reading (replay.h).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"
#include "flow/engine_private.h"

/* --- files ------------------------------------------------------------------------------------ */

/* 0 and an engine that knows what was known then, or a negative errno and the reason. */
static int reread(struct engine *en, int64_t at_ns, struct engine **out, struct err *e)
{
	if (!en->finished)
		return err_set(e, -EBUSY, "the file is still being read");
	if (!en->replay)
		en->replay = replay_new(en);
	if (!en->replay)
		return err_set(e, -ENOMEM, "out of memory");
	return replay_to(en->replay, at_ns, out, e);
}

/* What the first reading knows better. */
static void describe_file(const struct engine *en, struct snapshot *s, int64_t at_ns)
{
	s->at_ns = at_ns;
	s->finished = en->finished;
	axis_rates(en->axis, at_ns, &s->packets_per_s, &s->bits_per_s);
	s->before_ns = axis_before_ns(en->axis, at_ns);
	s->after_ns = axis_after_ns(en->axis, at_ns);
	if (s->after_ns >= axis_end_ns(en->axis))
		s->after_ns = 0;
}

static struct snapshot *look_at_file(struct engine *en, const struct query *q)
{
	struct engine *then;
	struct snapshot *s;
	struct err e = {""};
	int status = reread(en, q->at_ns, &then, &e);

	if (status == -EAGAIN)
		return NULL;
	s = engine_snapshot(status ? en : then, q);
	if (s && status)
		snprintf(s->error, sizeof(s->error), "%s", e.text);
	else if (s)
		describe_file(en, s, q->at_ns);
	return s;
}

/* --- live ------------------------------------------------------------------------------------- */

static struct past_totals totals_of(const struct engine *en)
{
	return (struct past_totals){
		.packets = (int64_t)en->counts.packets,
		.bytes = (int64_t)en->counts.bytes,
		.flows = (int64_t)flow_table_total(en->flows),
		.live_flows = flow_table_live(en->flows),
	};
}

void engine_mark(struct engine *en)
{
	const struct past_totals now = totals_of(en);

	if (en->past && en->counts.packets)
		past_mark(en->past, en->counts.last_ns, &now);
}

static void describe_live(struct snapshot *s, const struct past_place *place)
{
	const struct past_totals *now = &place->totals, *before = &place->before;
	double span_ns = (double)(place->at_ns - place->before_ns);

	s->at_ns = s->now_ns = place->at_ns;
	s->before_ns = place->before_ns;
	s->after_ns = place->after_ns;
	s->packets_per_s = s->bits_per_s = ROW_ABSENT;
	if (place->before_ns) {
		s->packets_per_s = saturate_rate((double)(now->packets - before->packets), span_ns);
		s->bits_per_s = saturate_rate((double)(now->bytes - before->bytes) * 8, span_ns);
	}
	s->summary.packets = now->packets;
	s->summary.bytes = now->bytes;
	s->summary.flows = now->flows;
	s->summary.live_flows = now->live_flows;
}

static struct snapshot *look_at_live(struct engine *en, const struct query *q)
{
	struct past_place place;
	struct snapshot *s;

	engine_mark(en);
	if (!en->past || !past_go(en->past, q->at_ns, &place)) {
		s = engine_snapshot(en, q);
		if (s)
			snprintf(s->error, sizeof(s->error), "there is no past yet");
		return s;
	}
	en->then_ns = place.at_ns;
	past_rates(en->past, &en->then_rates);
	s = engine_snapshot(en, q);
	past_return(en->past);
	en->then_ns = 0;
	if (s)
		describe_live(s, &place);
	return s;
}

/* ---------------------------------------------------------------------------------------------- */

static void describe_now(const struct engine *en, struct snapshot *s)
{
	if (en->past)
		s->before_ns = past_before(en->past, en->counts.last_ns);
	else if (en->axis && en->axis->count)
		s->before_ns = axis_before_ns(en->axis, axis_end_ns(en->axis));
}

static void copy_axis(const struct engine *en, struct snapshot *s)
{
	s->axis = malloc(sizeof(*s->axis));
	if (s->axis)
		*s->axis = *en->axis;
}

static struct snapshot *look_at(struct engine *en, const struct query *q)
{
	if (q->at_ns && en->axis)
		return en->axis->last ? look_at_live(en, q) : look_at_file(en, q);
	replay_free(en->replay);
	en->replay = NULL;
	return engine_snapshot(en, q);
}

struct snapshot *engine_look(struct engine *en, const struct query *q)
{
	struct snapshot *s = look_at(en, q);

	if (!s)
		return NULL;
	s->asked_ns = q->at_ns;
	if (!s->at_ns)
		describe_now(en, s);
	if (en->past)
		past_extent(en->past, &s->past);
	if (q->axis && en->axis)
		copy_axis(en, s);
	return s;
}
