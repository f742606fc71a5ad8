/* SPDX-License-Identifier: MIT */
#include "tui/rungs.h"

#include <stdlib.h>

#include "flow/rows/call_row.h"

/* What has no known beginning, or no end yet, is one rung from the start. */
static uint32_t put_call(struct rung *out, const struct recent_note *n, uint32_t at)
{
	struct rung entry = {n->time_ns - (int64_t)n->took_us * 1000, at, RUNG_ENTRY};
	struct rung end = {n->time_ns, at, RUNG_RETURN};
	uint32_t count = 0;

	if (!(n->flags & CALL_FLAG_RESUMED))
		out[count++] = entry;
	if (!(n->flags & CALL_FLAG_UNFINISHED))
		out[count++] = end;
	return count;
}

/* Of one moment: the call that was told of first, and its beginning before its return. */
static int by_time(const void *x, const void *y)
{
	const struct rung *a = x, *b = y;

	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	if (a->note != b->note)
		return a->note < b->note ? -1 : 1;
	return (int)a->part - (int)b->part;
}

/* What a call causes comes after it began and before it returned, be they of one moment. */
static bool is_before(const struct rung *call, int64_t frame_ns)
{
	return call->time_ns < frame_ns || (call->time_ns == frame_ns && call->part == RUNG_ENTRY);
}

static uint32_t merge(struct rung *out, const struct flow_frames *f, const struct rung *calls,
		      uint32_t call_count)
{
	uint32_t count = 0, next = 0;

	for (uint32_t i = 0; i < f->count; i++) {
		if (f->notes[i].kind != RECENT_FRAME)
			continue;
		while (next < call_count && is_before(&calls[next], f->notes[i].time_ns))
			out[count++] = calls[next++];
		out[count++] = (struct rung){f->notes[i].time_ns, i, RUNG_FRAME};
	}
	while (next < call_count)
		out[count++] = calls[next++];
	return count;
}

/* A beginning right before its own return: one rung, which stands where the call began. */
static uint32_t fold(struct rung *rungs, uint32_t count)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < count; i++) {
		if (kept && rungs[i].part == RUNG_RETURN && rungs[kept - 1].part == RUNG_ENTRY &&
		    rungs[kept - 1].note == rungs[i].note)
			rungs[kept - 1].part = RUNG_CALL;
		else
			rungs[kept++] = rungs[i];
	}
	return kept;
}

struct rung *rungs_of(const struct flow_frames *f, uint32_t *count)
{
	/* A call is two at most; one more, since nothing is NULL only without memory. */
	size_t most = 2 * (size_t)f->count + 1;
	struct rung *out = malloc(most * sizeof(*out)), *calls = malloc(most * sizeof(*calls));
	uint32_t call_count = 0;

	if (!out || !calls) {
		free(out);
		free(calls);
		return NULL;
	}
	for (uint32_t i = 0; i < f->count; i++)
		if (f->notes[i].kind == RECENT_CALL)
			call_count += put_call(calls + call_count, &f->notes[i], i);
	qsort(calls, call_count, sizeof(*calls), by_time);
	*count = fold(out, merge(out, f, calls, call_count));
	free(calls);
	return out;
}
