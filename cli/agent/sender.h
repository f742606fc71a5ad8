/* SPDX-License-Identifier: MIT
 *
 * A thread that hands messages over to whoever takes them, so that the engine never waits: a
 * bounded queue, opening anew with growing pauses while nobody is there, and counters of all that
 * went wrong.
 */
#ifndef SOCKLENS_CLI_AGENT_SENDER_H
#define SOCKLENS_CLI_AGENT_SENDER_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/err.h"
#include "report/agent/metrics.h"
#include "report/agent/queue.h"

struct sender;

/* All are called by the sender's thread; `ctx` is the sink. */
struct sender_ops {
	int (*open)(void *ctx); /* 0 or a negative errno */
	/* 0 when all of it was handed over. Else it is sent again, whole, after the next open. */
	int (*send)(void *ctx, const struct queue_item *item);
	void (*idle)(void *ctx); /* nothing to send for a moment; may be NULL */
	/* It was in use; what was handed over and is known not to have arrived: records. */
	uint64_t (*close)(void *ctx);
};

/* When the engine's side may wait for room: with files always, else only while the program ends. */
struct patience {
	bool files;
	const atomic_bool *ending;
};

struct sender {
	const struct sender_ops *ops;
	void *ctx;
	struct queue *queue; /* owned */
	struct patience patience;
	pthread_t thread;
	bool started;
	int64_t wait_until_ns; /* engine's side: once the program ends */
	atomic_bool reopen, connected;
	atomic_bool gone;	   /* the reader has left for good (EPIPE): nothing more is sent */
	_Atomic int64_t end_by_ns; /* then the thread ends, whatever is left; 0 = not yet */
	_Atomic uint64_t errors, connects, lost;
};

/* 0, or -ENOMEM with the reason in *e. */
int sender_init(struct sender *s, const struct sender_ops *ops, void *ctx, size_t queue_bytes,
		struct patience patience, struct err *e);
int sender_start(struct sender *s, struct err *e); /* once privileges are dropped */
void sender_put(struct sender *s, const void *bytes, size_t len, uint32_t records);
void sender_reopen(struct sender *s);
/* Send what is left, for a few seconds at most; what is left then is dropped, and counted. */
void sender_stop(struct sender *s);
void sender_done(struct sender *s);
void sender_stats(struct sender *s, struct metrics_sink *out);

/* For the ops, which wait in short steps: time to give up? */
bool sender_must_end(struct sender *s);

#endif
