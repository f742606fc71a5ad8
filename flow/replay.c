/* SPDX-License-Identifier: MIT
 *
 * Frames come in batches, so that some beyond the time are read with those before it: they are
 * held, in their order, for when time goes on. Frames of a file need not be in order. The first
 * reading has measured how far back they jump, so that is how far beyond the time one has to read.
 * Where a held frame stands before one that was taken, going on would change their order: then it
 * begins anew.
 */
#include "flow/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flow/engine_private.h"
#include "flow/in_order.h"
#include "flow/record_notes.h"

enum { HELD_FRAMES = 4096, HELD_BYTES = 16 << 20, RATE_SECONDS = 4 };
#define SECOND_NS 1000000000ll

struct replay {
	struct engine *of; /* borrowed */
	struct engine *en; /* owned; NULL = not begun */
	struct in_order *order; /* owned; of its files; NULL = all have been read */
	int64_t at_ns;	   /* frames before it have been taken */
	int64_t newest_ns; /* of those that were read */
	bool once;	   /* time cannot go on from here */
	struct frame held[HELD_FRAMES];
	size_t held_at[HELD_FRAMES][2]; /* their data and comments in bytes[] */
	unsigned held_count;
	uint8_t *bytes; /* owned; room for HELD_BYTES */
	size_t bytes_used;
};

struct replay *replay_new(struct engine *of)
{
	struct replay *r = calloc(1, sizeof(*r));

	if (r)
		r->of = of;
	return r;
}

void replay_free(struct replay *r)
{
	if (!r)
		return;
	in_order_free(r->order);
	engine_free(r->en);
	free(r->bytes);
	free(r);
}

/* --- frames ----------------------------------------------------------------------------------- */

static size_t keep_bytes(struct replay *r, const void *data, size_t n)
{
	size_t at = r->bytes_used;

	if (n)
		memcpy(r->bytes + at, data, n);
	r->bytes_used += n;
	return at;
}

/* Later than the time. Without room it is left out, and has to be read again. */
static void hold(struct replay *r, const struct frame *f)
{
	size_t need = (size_t)f->caplen + f->comment_len;

	if (!r->bytes)
		r->bytes = malloc(HELD_BYTES);
	if (!r->bytes || r->held_count == HELD_FRAMES || need > HELD_BYTES - r->bytes_used) {
		r->once = true;
		return;
	}
	r->held[r->held_count] = *f;
	r->held_at[r->held_count][0] = keep_bytes(r, f->data, f->caplen);
	r->held_at[r->held_count][1] = keep_bytes(r, f->comment, f->comment_len);
	r->held_count++;
}

/* Of frames in their order, take those before the time and hold the others. */
static void take(struct replay *r, const struct frame *frames, unsigned n)
{
	for (unsigned i = 0, run; i < n; i += run ? run : 1) {
		for (run = 0; i + run < n && frames[i + run].time_ns < r->at_ns; run++)
			;
		if (run) {
			r->once |= r->held_count > 0;
			r->en->frames(r->en->frames_ctx, frames + i, run);
		} else {
			hold(r, &frames[i]);
		}
	}
}

static void on_frames(void *ctx, const struct frame *frames, unsigned n)
{
	struct replay *r = ctx;

	for (unsigned i = 0; i < n; i++) {
		if (frames[i].time_ns > r->newest_ns)
			r->newest_ns = frames[i].time_ns;
	}
	take(r, frames, n);
}

/* Time has gone on: those that were held may count now. What is still too late stays where it is.
 */
static void take_held(struct replay *r)
{
	unsigned n = r->held_count, left = 0;

	for (unsigned i = 0; i < n; i++) {
		struct frame f = r->held[i];

		f.data = r->bytes + r->held_at[i][0];
		f.comment = f.comment ? (const char *)r->bytes + r->held_at[i][1] : NULL;
		if (f.time_ns < r->at_ns) {
			r->once |= left > 0;
			r->en->frames(r->en->frames_ctx, &f, 1);
			continue;
		}
		memmove(r->held_at[left], r->held_at[i], sizeof(r->held_at[i]));
		r->held[left++] = r->held[i];
	}
	r->held_count = left;
	if (!left)
		r->bytes_used = 0;
}

/* --- reading ---------------------------------------------------------------------------------- */

static int begin(struct replay *r, struct err *e)
{
	struct engine_options o = r->of->options;
	int status;

	in_order_free(r->order);
	r->order = NULL;
	engine_free(r->en);
	r->en = NULL;
	r->held_count = 0;
	r->bytes_used = 0;
	r->at_ns = r->newest_ns = INT64_MIN;
	r->once = false;
	o.proc_reader = NULL;
	o.look_back = false;
	status = engine_new(&r->en, &o, e);
	if (status)
		return status;
	r->en->still = true;
	r->en->seed = r->of->seed; /* groups are found again by their ids */
	engine_set_probe_absent(r->en, r->of->probe_absent);
	flow_table_be_patient(r->en->flows);
	for (unsigned i = 0; i < r->of->source_count && !status; i++) {
		struct source *s;

		status = source_again(&s, r->of->sources[i], e);
		if (!status)
			status = engine_add_source(r->en, s);
	}
	if (!status)
		r->order = in_order_new(r->en->sources, r->en->source_count);
	if (!status && !r->order)
		status = err_set(e, -ENOMEM, "out of memory");
	if (!status)
		in_order_on_note(r->order, record_note, r->en);
	if (status) {
		engine_free(r->en);
		r->en = NULL;
	}
	return status;
}

static bool is_interrupted(const struct engine *of)
{
	return atomic_load(&of->stop) || atomic_load(&of->question);
}

static int read_on(struct replay *r)
{
	struct engine *en = r->en;
	int64_t until_ns = r->at_ns + r->of->counts.disorder_ns;
	struct err e;

	while (r->order && r->newest_ns < until_ns) {
		int n = in_order_read(r->order, SOURCE_BATCH, on_frames, r, &e);

		if (n < 0 && n != -ENODATA)
			engine_note_damage(en, n, &e);
		if (n == -ENODATA) {
			in_order_free(r->order);
			r->order = NULL;
		}
		if (is_interrupted(r->of))
			return -EAGAIN;
	}
	return 0;
}

/* -ESTALE when time cannot go on from here. */
static int move(struct replay *r, int64_t at_ns)
{
	if (r->once && at_ns > r->at_ns)
		return -ESTALE;
	r->at_ns = at_ns;
	take_held(r);
	return read_on(r);
}

/* Rates are of seconds that have gone by: the last few are taken one by one. */
static int move_by_seconds(struct replay *r, int64_t at_ns)
{
	struct rates *rates = &r->en->rates;
	int64_t first_ns = at_ns - RATE_SECONDS * SECOND_NS;
	int status = 0;

	if (rates->last_ns > first_ns)
		first_ns = rates->last_ns + SECOND_NS;
	for (int64_t ns = first_ns; ns <= at_ns && !status; ns += SECOND_NS) {
		if (ns < r->at_ns)
			continue;
		status = move(r, ns);
		if (!status)
			rates_update(rates, r->en->flows, ns);
	}
	return status ? status : move(r, at_ns);
}

int replay_to(struct replay *r, int64_t at_ns, struct engine **out, struct err *e)
{
	int status = 0;

	if (!r->en || at_ns < r->at_ns)
		status = begin(r, e);
	if (!status)
		status = move_by_seconds(r, at_ns);
	if (status == -ESTALE) {
		status = begin(r, e);
		if (!status)
			status = move(r, at_ns);
	}
	if (!status)
		*out = r->en;
	return status;
}
