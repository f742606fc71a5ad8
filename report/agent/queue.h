/* SPDX-License-Identifier: MIT
 *
 * Messages from the engine's thread to the one that sends them, in a ring of fixed size. Who puts
 * never waits: what finds no room is dropped, and its records are counted.
 */
#ifndef SOCKLENS_REPORT_AGENT_QUEUE_H
#define SOCKLENS_REPORT_AGENT_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue;

struct queue_item {
	const uint8_t *bytes;
	size_t len;
	uint32_t records; /* that are in it */
};

struct queue_stats {
	uint64_t taken_records, dropped_records;
	size_t waiting_bytes, size_bytes;
};

struct queue *queue_new(size_t size_bytes); /* NULL = out of memory */
void queue_free(struct queue *q);	    /* accepts NULL */

/* false, and the records counted as dropped, when there is no room or the queue is shut. */
bool queue_put(struct queue *q, const void *bytes, size_t len, uint32_t records);
/* Wait until there is room for so many bytes, or the queue is shut, for that long at most. */
bool queue_wait_room(struct queue *q, size_t len, int wait_ms);

/*
 * The oldest message, after waiting for one that long at most; it stays where it is until
 * queue_done. false when there is none.
 */
bool queue_get(struct queue *q, struct queue_item *out, int wait_ms);
/* The oldest was sent (`sent`), or is given up and counted as dropped. */
void queue_done(struct queue *q, bool sent);

/* Nothing more comes: what is there can still be got. */
void queue_shut(struct queue *q);
bool queue_is_shut(struct queue *q);

void queue_stats(struct queue *q, struct queue_stats *out);

#endif
