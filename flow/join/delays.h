/* SPDX-License-Identifier: MIT
 *
 * Delays that a socket had, summed up; and of all sockets together, as histograms.
 *
 * Times of different clocks are never compared: frames and events are both on the wall clock here,
 * good to some microseconds together, and a delay that would be below 0 is 0.
 */
#ifndef SOCKLENS_FLOW_DELAYS_H
#define SOCKLENS_FLOW_DELAYS_H

#include <stdint.h>

#include "base/histogram.h"

/* X(id, name, from when to when) */
#define DELAY_ROWS(X)                                                                              \
	X(CONNECT, "connect", "the call to connect, or the first SYN, to the connection")          \
	X(ACCEPT, "accept", "the connection to accept's return: its time in the accept queue")     \
	X(SEND, "send", "a call that sends to its first frame")                                    \
	X(READ, "read", "a frame's arrival to the return of the call that read it")                \
	X(THINK, "think", "a request's last byte in to the reply's first byte out, at the capture")

enum delay_kind {
#define X(id, name, sentence) DELAY_##id,
	DELAY_ROWS(X)
#undef X
		DELAY_KINDS,
	DELAY_DNS = DELAY_KINDS, /* a query to its answer, at the capture; of flows, not of sockets */
	DELAY_HISTOGRAMS
};

const char *delay_name(enum delay_kind kind);	  /* as in reports */
const char *delay_sentence(enum delay_kind kind); /* from when to when */

struct delay {
	int64_t sum_ns, max_ns;
	uint32_t count;
};

struct delays {
	struct delay of[DELAY_KINDS];
};

struct delay_histograms {
	struct histogram of[DELAY_HISTOGRAMS];
};

void delay_histograms_merge(struct delay_histograms *into, const struct delay_histograms *from);

/* One that was measured; `all` may be NULL. */
void delays_add(struct delays *d, struct delay_histograms *all, enum delay_kind kind, int64_t ns);

struct delay_row;

void delays_absent(struct delay_row *row);
void delays_fill(struct delay_row *row, const struct delays *d);

#endif
