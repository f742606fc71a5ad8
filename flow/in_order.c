/* SPDX-License-Identifier: MIT
 *
 * Inputs stand in a line, the one whose next frame is oldest in front. It gives a run of frames
 * until the second would be older, and steps back to its place. An input without frames at hand
 * stays in front until it has been read: its next frame could be the oldest. Captures that follow
 * one another thus cost a comparison a frame, however many they are.
 */
#include "flow/in_order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cursor.h"

struct input {
	struct source *source;
	int64_t key; /* time of the next frame; before it is known: of the last one */
	unsigned index;
	struct buf notes;		  /* before the batch: length and bytes of each */
	unsigned at, count;		  /* of the batch */
	struct frame batch[SOURCE_BATCH]; /* borrowed until the source is read again */
};

struct in_order {
	struct input **line; /* owned, as what is in it */
	unsigned count;	     /* inputs that have not ended */
	unsigned current;
	note_fn on_note; /* NULL = nobody asked */
	void *on_note_ctx;
};

enum { NOTES_MAX = 64 << 20 /* bytes, before one frame; what is more is left out */ };

struct in_order *in_order_new(struct source *const *sources, unsigned count)
{
	struct in_order *o = calloc(1, sizeof(*o));

	if (o)
		o->line = calloc(count ? count : 1, sizeof(*o->line));
	for (; o && o->line && o->count < count; o->count++) {
		struct input *in = malloc(sizeof(*in));

		if (!in)
			break;
		in->source = sources[o->count];
		in->key = INT64_MIN;
		in->index = o->count;
		in->at = in->count = 0;
		buf_init(&in->notes, NOTES_MAX);
		o->line[o->count] = in;
	}
	if (o && o->line && o->count == count)
		return o;
	in_order_free(o);
	return NULL;
}

static void free_input(struct input *in)
{
	buf_done(&in->notes);
	free(in);
}

void in_order_free(struct in_order *o)
{
	if (!o)
		return;
	for (unsigned i = 0; o->line && i < o->count; i++)
		free_input(o->line[i]);
	free(o->line);
	free(o);
}

unsigned in_order_current(const struct in_order *o)
{
	return o->current;
}

/* --- notes ------------------------------------------------------------------------------------ */

static void keep_note(void *ctx, const uint8_t *data, size_t n)
{
	struct input *in = ctx;

	buf_put(&in->notes, &n, sizeof(n));
	buf_put(&in->notes, data, n);
}

void in_order_on_note(struct in_order *o, note_fn fn, void *ctx)
{
	o->on_note = fn;
	o->on_note_ctx = ctx;
	for (unsigned i = 0; i < o->count; i++)
		source_on_note(o->line[i]->source, keep_note, o->line[i]);
}

/* Frames of other captures came first: only now is it their turn. */
static void give_notes(struct in_order *o, struct input *in)
{
	struct cursor c = cursor_init((const uint8_t *)in->notes.p, in->notes.len);

	while (cursor_left(&c)) {
		const uint8_t *head = cursor_bytes(&c, sizeof(size_t)), *data;
		size_t n;

		if (!head)
			break; /* there was no memory for it */
		memcpy(&n, head, sizeof(n));
		data = cursor_bytes(&c, n);
		if (!data)
			break;
		o->on_note(o->on_note_ctx, data, n);
	}
	buf_reset(&in->notes);
}

/* --- the line --------------------------------------------------------------------------------- */

static bool comes_before(const struct input *a, const struct input *b)
{
	return a->key != b->key ? a->key < b->key : a->index < b->index;
}

/* The first one's key has changed. */
static void step_back(struct in_order *o)
{
	struct input *first = o->line[0];
	unsigned i = 0;

	for (; i + 1 < o->count && comes_before(o->line[i + 1], first); i++)
		o->line[i] = o->line[i + 1];
	o->line[i] = first;
}

static void leave(struct in_order *o)
{
	give_notes(o, o->line[0]);
	free_input(o->line[0]);
	o->count--;
	memmove(o->line, o->line + 1, o->count * sizeof(*o->line));
}

/* --- frames ----------------------------------------------------------------------------------- */

/* A frame without a time belongs where it stands. */
static int64_t key_of(const struct input *in, const struct frame *f)
{
	return f->time_ns ? f->time_ns : in->key;
}

/* A filter may make several small ones of one batch. */
static void keep_frames(void *ctx, const struct frame *frames, unsigned n)
{
	struct input *in = ctx;

	memcpy(in->batch + in->count, frames, n * sizeof(*frames));
	in->count += n;
}

/* As source_read; the frames stay here. */
static int refill(struct in_order *o, struct err *e)
{
	struct input *in = o->line[0];
	int n;

	in->at = in->count = 0;
	n = source_read(in->source, SOURCE_BATCH, keep_frames, in, e);
	if (n <= 0)
		return n;
	in->key = key_of(in, &in->batch[0]);
	step_back(o);
	return n;
}

/* Hand out the first one's frames until another's turn, `most` at most. */
static unsigned give_run(struct in_order *o, unsigned most, frames_fn fn, void *ctx)
{
	struct input *in = o->line[0];
	const struct input *second = o->count > 1 ? o->line[1] : NULL;
	unsigned from = in->at, until = from + most < in->count ? from + most : in->count;

	if (!in->at)
		give_notes(o, in);
	do {
		in->at++;
		if (in->at < in->count)
			in->key = key_of(in, &in->batch[in->at]);
	} while (in->at < until && (!second || comes_before(in, second)));
	fn(ctx, in->batch + from, in->at - from);
	if (in->at < in->count)
		step_back(o);
	return in->at - from;
}

int in_order_read(struct in_order *o, unsigned budget, frames_fn fn, void *ctx, struct err *e)
{
	unsigned handed = 0;

	while (handed < budget && o->count) {
		struct input *in = o->line[0];
		int n;

		o->current = in->index;
		if (in->at < in->count) {
			handed += give_run(o, budget - handed, fn, ctx);
			continue;
		}
		n = refill(o, e);
		if (n < 0 && handed && n != -ENODATA)
			return (int)handed; /* the next call meets the same */
		if (n < 0)
			leave(o);
		if (n == 0 || (n < 0 && n != -ENODATA))
			return n < 0 ? n : (int)handed;
	}
	return handed || o->count ? (int)handed : -ENODATA;
}
