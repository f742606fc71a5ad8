/* SPDX-License-Identifier: MIT */
#include "cli/agent/sender.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

enum { STEP_MS = 50, PAUSE_MS = 250, PAUSE_MAX_MS = 30000 };
#define FINISH_NS 10000000000ll /* of the engine's side, then the same again of the thread's */

/* --- the engine's side ------------------------------------------------------------------------ */

int sender_init(struct sender *s, const struct sender_ops *ops, void *ctx, size_t queue_bytes,
		struct patience patience, struct err *e)
{
	*s = (struct sender){.ops = ops, .ctx = ctx, .patience = patience};
	s->queue = queue_new(queue_bytes);
	return s->queue ? 0 : err_set(e, -ENOMEM, "out of memory");
}

static bool may_wait(struct sender *s)
{
	int64_t now_ns = clock_now_mono_ns();

	if (atomic_load(&s->gone))
		return false;
	if (!atomic_load(s->patience.ending))
		return s->patience.files;
	if (!s->wait_until_ns)
		s->wait_until_ns = now_ns + FINISH_NS;
	return now_ns < s->wait_until_ns;
}

void sender_put(struct sender *s, const void *bytes, size_t len, uint32_t records)
{
	while (!queue_wait_room(s->queue, len, 0) && may_wait(s))
		queue_wait_room(s->queue, len, STEP_MS);
	queue_put(s->queue, bytes, len, records);
}

void sender_reopen(struct sender *s)
{
	atomic_store(&s->reopen, true);
}

void sender_stats(struct sender *s, struct metrics_sink *out)
{
	struct queue_stats q;

	queue_stats(s->queue, &q);
	out->sent = q.taken_records - atomic_load(&s->lost);
	out->dropped = q.dropped_records + atomic_load(&s->lost);
	out->errors = atomic_load(&s->errors);
	out->connects = atomic_load(&s->connects);
	out->queue_bytes = q.waiting_bytes;
	out->queue_size = q.size_bytes;
	out->connected = atomic_load(&s->connected);
}

/* --- the thread ------------------------------------------------------------------------------- */

bool sender_must_end(struct sender *s)
{
	int64_t end_by_ns = atomic_load(&s->end_by_ns);

	return end_by_ns && clock_now_mono_ns() >= end_by_ns;
}

/* false when there is nothing left to wait for. */
static bool pause_for(struct sender *s, int ms)
{
	struct timespec step = {.tv_nsec = STEP_MS * 1000000l};

	for (; ms > 0 && !atomic_load(&s->reopen); ms -= STEP_MS) {
		if (sender_must_end(s))
			return false;
		nanosleep(&step, NULL);
	}
	return true;
}

static void hang_up(struct sender *s)
{
	atomic_fetch_add(&s->lost, s->ops->close(s->ctx));
	atomic_store(&s->connected, false);
}

static bool open_once(struct sender *s)
{
	int status = s->ops->open(s->ctx);

	atomic_store(&s->connected, status == 0);
	if (status == 0)
		atomic_fetch_add(&s->connects, 1);
	else
		atomic_fetch_add(&s->errors, 1);
	return status == 0;
}

/* One message, or a moment without any. false when the connection is of no use any more. */
static bool send_one(struct sender *s)
{
	struct queue_item item;
	int status;

	if (!queue_get(s->queue, &item, STEP_MS)) {
		if (s->ops->idle)
			s->ops->idle(s->ctx);
		return true;
	}
	status = s->ops->send(s->ctx, &item);
	if (status == 0)
		queue_done(s->queue, true);
	else
		atomic_fetch_add(&s->errors, 1);
	if (status == -EPIPE)
		atomic_store(&s->gone, true);
	return status == 0;
}

static bool is_over(struct sender *s)
{
	struct queue_stats q;

	if (atomic_load(&s->gone) || sender_must_end(s))
		return true;
	queue_stats(s->queue, &q);
	return queue_is_shut(s->queue) && !q.waiting_bytes;
}

static void *run(void *ctx)
{
	struct sender *s = ctx;
	struct queue_item item;
	int pause_ms = PAUSE_MS;

	while (!is_over(s)) {
		if (atomic_exchange(&s->reopen, false) && atomic_load(&s->connected))
			hang_up(s);
		if (!atomic_load(&s->connected) && !open_once(s)) {
			if (!pause_for(s, pause_ms))
				break;
			pause_ms = pause_ms * 2 < PAUSE_MAX_MS ? pause_ms * 2 : PAUSE_MAX_MS;
			continue;
		}
		if (send_one(s)) {
			pause_ms = PAUSE_MS;
			continue;
		}
		hang_up(s);
		if (!pause_for(s, pause_ms))
			break;
	}
	if (atomic_load(&s->connected))
		hang_up(s);
	while (queue_get(s->queue, &item, 0))
		queue_done(s->queue, false);
	return NULL;
}

int sender_start(struct sender *s, struct err *e)
{
	int status = pthread_create(&s->thread, NULL, run, s);

	s->started = status == 0;
	return status ? err_set(e, -status, "cannot start a thread: %s", strerror(status)) : 0;
}

void sender_stop(struct sender *s)
{
	if (!s->started)
		return;
	atomic_store(&s->end_by_ns, clock_now_mono_ns() + FINISH_NS);
	queue_shut(s->queue);
	pthread_join(s->thread, NULL);
	s->started = false;
}

void sender_done(struct sender *s)
{
	sender_stop(s);
	queue_free(s->queue);
	s->queue = NULL;
}
