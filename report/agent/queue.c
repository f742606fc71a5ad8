/* SPDX-License-Identifier: MIT
 *
 * A message is never torn: one that does not fit before the end of the ring stands at its
 * beginning, and the rest of the end is left out.
 */
#include "report/agent/queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct head {
	uint32_t len; /* SKIP: go on at the beginning */
	uint32_t records;
};
enum { SKIP = 0xffffffffu, ALIGN = 8 };

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t filled, emptied;
	uint8_t *ring; /* owned */
	size_t size;   /* of the ring; a multiple of ALIGN */
	size_t from;   /* the oldest message */
	size_t used;   /* bytes from there on, what is left out included */
	uint64_t taken, dropped;
	bool shut;
};

static size_t room_of(size_t len)
{
	return sizeof(struct head) + (len + ALIGN - 1) / ALIGN * ALIGN;
}

static struct head *head_at(const struct queue *q, size_t at)
{
	return (struct head *)(void *)(q->ring + at);
}

/* --- life ------------------------------------------------------------------------------------- */

struct queue *queue_new(size_t size_bytes)
{
	struct queue *q = calloc(1, sizeof(*q));
	pthread_condattr_t monotonic;

	if (!q)
		return NULL;
	q->size = room_of(size_bytes);
	q->ring = malloc(q->size);
	if (!q->ring) {
		free(q);
		return NULL;
	}
	pthread_mutex_init(&q->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&q->filled, &monotonic);
	pthread_cond_init(&q->emptied, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return q;
}

void queue_free(struct queue *q)
{
	if (!q)
		return;
	pthread_cond_destroy(&q->emptied);
	pthread_cond_destroy(&q->filled);
	pthread_mutex_destroy(&q->lock);
	free(q->ring);
	free(q);
}

static struct timespec in_ms(int ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += ms % 1000 * 1000000l;
	if (t.tv_nsec >= 1000000000l) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000l;
	}
	return t;
}

/* --- in --------------------------------------------------------------------------------------- */

/* Where a message of this room can stand, or `size` when nowhere; *skip: left out before it. */
static size_t place(const struct queue *q, size_t room, size_t *skip)
{
	size_t end = q->from + q->used, to_end;

	*skip = 0;
	if (end >= q->size) /* it has gone round */
		return q->size - q->used >= room ? end - q->size : q->size;
	to_end = q->size - end;
	if (to_end >= room)
		return end;
	*skip = to_end;
	return q->from >= room ? 0 : q->size;
}

static bool has_room(const struct queue *q, size_t len)
{
	size_t skip;

	return place(q, room_of(len), &skip) != q->size;
}

static void put_at(struct queue *q, size_t at, size_t skip, struct head head, const void *bytes)
{
	if (skip)
		*head_at(q, q->from + q->used) = (struct head){.len = SKIP};
	*head_at(q, at) = head;
	memcpy(q->ring + at + sizeof(head), bytes, head.len);
	q->used += skip + room_of(head.len);
}

bool queue_put(struct queue *q, const void *bytes, size_t len, uint32_t records)
{
	size_t skip, at;
	bool done;

	pthread_mutex_lock(&q->lock);
	if (!q->used)
		q->from = 0;
	at = place(q, room_of(len), &skip);
	done = at != q->size && !q->shut;
	if (done)
		put_at(q, at, skip, (struct head){(uint32_t)len, records}, bytes);
	else
		q->dropped += records;
	pthread_cond_signal(&q->filled);
	pthread_mutex_unlock(&q->lock);
	return done;
}

bool queue_wait_room(struct queue *q, size_t len, int wait_ms)
{
	struct timespec until = in_ms(wait_ms);
	bool there;

	pthread_mutex_lock(&q->lock);
	while (!(there = has_room(q, len)) && !q->shut)
		if (pthread_cond_timedwait(&q->emptied, &q->lock, &until))
			break;
	pthread_mutex_unlock(&q->lock);
	return there;
}

/* --- out -------------------------------------------------------------------------------------- */

static void pass(struct queue *q, size_t room)
{
	q->from += room;
	q->used -= room;
	if (q->from == q->size)
		q->from = 0;
}

bool queue_get(struct queue *q, struct queue_item *out, int wait_ms)
{
	struct timespec until = in_ms(wait_ms);
	struct head *head;
	bool there;

	pthread_mutex_lock(&q->lock);
	while (!q->used && !q->shut)
		if (pthread_cond_timedwait(&q->filled, &q->lock, &until))
			break;
	there = q->used > 0;
	if (there) {
		if (head_at(q, q->from)->len == SKIP)
			pass(q, q->size - q->from);
		head = head_at(q, q->from);
		*out = (struct queue_item){(uint8_t *)(head + 1), head->len, head->records};
	}
	pthread_mutex_unlock(&q->lock);
	return there;
}

void queue_done(struct queue *q, bool sent)
{
	struct head *head;

	pthread_mutex_lock(&q->lock);
	head = head_at(q, q->from);
	if (sent)
		q->taken += head->records;
	else
		q->dropped += head->records;
	pass(q, room_of(head->len));
	pthread_cond_signal(&q->emptied);
	pthread_mutex_unlock(&q->lock);
}

void queue_shut(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->shut = true;
	pthread_cond_broadcast(&q->filled);
	pthread_cond_broadcast(&q->emptied);
	pthread_mutex_unlock(&q->lock);
}

bool queue_is_shut(struct queue *q)
{
	bool shut;

	pthread_mutex_lock(&q->lock);
	shut = q->shut;
	pthread_mutex_unlock(&q->lock);
	return shut;
}

void queue_stats(struct queue *q, struct queue_stats *out)
{
	pthread_mutex_lock(&q->lock);
	*out = (struct queue_stats){q->taken, q->dropped, q->used, q->size};
	pthread_mutex_unlock(&q->lock);
}
