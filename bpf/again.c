/* SPDX-License-Identifier: MIT */
#include "bpf/again.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/shared.h"

/* One queue in a turn of reading. */
struct reader {
	struct call_queue *queue; /* borrowed */
	uint64_t at, end; /* records by their numbers from 0: the next, and behind the last */
};

/*
 * Places have numbers that go up, so that one loses what was noted of it to the one that came
 * PLACES_MAX later.
 */
struct again {
	struct call_event *last; /* owned; [PLACES_MAX], of which names and values are not used */
	struct reader *readers;	 /* owned; [queues], in a turn those with records left first */
	unsigned queues, left;
	uint64_t mask; /* places of a queue, less 1 */
	uint64_t unknown;
};

struct again *again_new(void *queues, unsigned count, unsigned calls)
{
	struct again *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->last = calloc(PLACES_MAX, sizeof(*a->last));
	a->readers = calloc(count, sizeof(*a->readers));
	a->queues = count;
	a->mask = calls - 1;
	if (!a->last || !a->readers) {
		again_free(a);
		return NULL;
	}
	for (unsigned i = 0; i < count; i++)
		a->readers[i].queue =
			(struct call_queue *)((char *)queues + i * call_queue_bytes(calls));
	return a;
}

void again_free(struct again *a)
{
	if (!a)
		return;
	free(a->last);
	free(a->readers);
	free(a);
}

uint64_t again_unknown(const struct again *a)
{
	return a->unknown;
}

/* --- full records --- */

void again_note(struct again *a, const struct call_event *c)
{
	struct call_event *last = &a->last[c->ev.call.place % PLACES_MAX];

	memcpy(last, c, offsetof(struct call_event, value_len));
	last->value_len = 0;
}

static const struct call_event *make_full(struct again *a, const struct call_again *r)
{
	struct call_event *c = &a->last[r->place % PLACES_MAX];

	if (c->ev.kind != SOCK_EVENT_CALL || c->ev.call.place != r->place ||
	    c->ev.call.turn != r->turn) {
		a->unknown++;
		return NULL;
	}
	c->ev.time_ns = r->time_ns;
	c->ev.fd = (sock_s32)r->args[0];
	c->ev.call.call = r->call;
	c->ev.call.result = r->result;
	c->ev.call.duration_ns = r->duration_ns;
	memcpy(c->ev.call.args, r->args, sizeof(r->args));
	c->flags = r->flags;
	c->seq = r->seq;
	c->seq_end = r->seq_end;
	return c;
}

/* --- queues --- */

static const struct call_again *next_of(const struct again *a, const struct reader *r)
{
	return &r->queue->calls[r->at & a->mask];
}

/* One that is still being written ends the queue for this turn. */
static bool has_next(const struct again *a, const struct reader *r)
{
	return r->at != r->end &&
	       __atomic_load_n(&next_of(a, r)->mark, __ATOMIC_ACQUIRE) == r->at + 1;
}

static void swap_out(struct again *a, unsigned i)
{
	struct reader r = a->readers[i];

	a->readers[i] = a->readers[--a->left];
	a->readers[a->left] = r;
}

void again_begin(struct again *a)
{
	a->left = a->queues;
	for (unsigned i = a->queues; i-- > 0;) {
		struct reader *r = &a->readers[i];

		r->end = __atomic_load_n(&r->queue->head, __ATOMIC_ACQUIRE);
		if (!has_next(a, r))
			swap_out(a, i);
	}
}

void again_end(struct again *a)
{
	for (unsigned i = 0; i < a->queues; i++)
		if (a->readers[i].queue->tail != a->readers[i].at)
			__atomic_store_n(&a->readers[i].queue->tail, a->readers[i].at,
					 __ATOMIC_RELEASE);
}

static unsigned oldest(const struct again *a)
{
	unsigned best = 0;

	for (unsigned i = 1; i < a->left; i++)
		if (next_of(a, &a->readers[i])->time_ns < next_of(a, &a->readers[best])->time_ns)
			best = i;
	return best;
}

const struct call_event *again_next(struct again *a, uint64_t before_ns)
{
	const struct call_event *c = NULL;

	while (!c && a->left) {
		unsigned i = oldest(a);
		struct reader *r = &a->readers[i];

		if (next_of(a, r)->time_ns >= before_ns)
			return NULL;
		c = make_full(a, next_of(a, r));
		r->at++;
		if (!has_next(a, r))
			swap_out(a, i);
	}
	return c;
}
