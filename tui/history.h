/* SPDX-License-Identifier: MIT
 *
 * How a flow went over time: kept for the one that is open only. Live it is sampled from the answers to
 * the screen; of a file, which has gone by before anybody looks, it is made from the frames that are
 * kept. Always the whole of it: when there are too many points, neighbours become one.
 */
#ifndef SOCKLENS_TUI_HISTORY_H
#define SOCKLENS_TUI_HISTORY_H

#include <stdint.h>

#include "flow/rows/row.h"
#include "flow/rows/snapshot.h"

enum { HISTORY_POINTS = 2048 /* even */ };

struct history_point {
	int64_t time_ns;
	int64_t bytes[2];  /* of payload since the point before, by src and dst */
	int64_t rtt_ns;	   /* from data to its ack, as the capture saw it; ROW_ABSENT = none */
	int64_t in_flight; /* bytes of both ends; ROW_ABSENT = not known */
};

struct history {
	uint64_t id; /* of the flow; 0 = none */
	unsigned count;
	unsigned each, in_last; /* samples that make a point; of the last one, so far */
	struct history_point points[HISTORY_POINTS];
	int64_t bytes[2], rtt_sum_ns, rtt_samples; /* of the last sample, which are totals */
};

void history_clear(struct history *h);
/* The flow as it was at this time of the data; another flow begins anew. */
void history_sample(struct history *h, const struct flow_row *row, int64_t now_ns);
/* All of a flow's frames at once. */
void history_of_frames(struct history *h, const struct flow_frames *frames);

enum history_line { HISTORY_UP, HISTORY_DOWN, HISTORY_RTT, HISTORY_IN_FLIGHT, HISTORY_LINES };

/*
 * The whole time in `n` equal parts: bits a second, the longest round trip in ns, most bytes in flight; 0
 * where nothing was. Returns the largest value.
 */
int64_t history_line(const struct history *h, enum history_line line, int64_t *out, unsigned n);
int64_t history_span_ns(const struct history *h);

#endif
