/* SPDX-License-Identifier: MIT
 *
 * Answers to the screen about any time: now, or what was known at an earlier one. Of files the
 * past is a second reading (replay.h).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* ---------------------------------------------------------------------------------------------- */

static void describe_now(const struct engine *en, struct snapshot *s)
{
	if (en->axis && en->axis->count)
		s->before_ns = axis_before_ns(en->axis, axis_end_ns(en->axis));
}

static void copy_axis(const struct engine *en, struct snapshot *s)
{
	s->axis = malloc(sizeof(*s->axis));
	if (s->axis)
		*s->axis = *en->axis;
}

struct snapshot *engine_look(struct engine *en, const struct query *q)
{
	struct snapshot *s;

	if (q->at_ns && en->axis && !en->axis->last) {
		s = look_at_file(en, q);
	} else {
		replay_free(en->replay);
		en->replay = NULL;
		s = engine_snapshot(en, q);
	}
	if (!s)
		return NULL;
	s->asked_ns = q->at_ns;
	if (!s->at_ns)
		describe_now(en, s);
	if (q->axis && en->axis)
		copy_axis(en, s);
	return s;
}
