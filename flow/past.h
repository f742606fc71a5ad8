/* SPDX-License-Identifier: MIT
 *
 * What the flows of a live table were some minutes ago.
 *
 * A mark is made about once a second. Before a flow changes for the first time after a mark, what
 * it was is kept; at the next mark only those words of it stay that have changed meanwhile. Going
 * back puts these words in the place of the present ones, mark by mark, and returning puts the
 * present ones back: so everything that is read from a flow is of that time. A flow that came and
 * went between two marks costs nothing: it is not shown before it began.
 *
 * Marks are merged as they grow old: of the last minute there is one a second, then one in five,
 * and after five minutes one in fifteen. Memory is bounded; the oldest marks give way.
 *
 * Kept of a flow: all but what application protocols told (HTTP, DNS, RTP) and what sockets did.
 */
#ifndef SOCKLENS_FLOW_PAST_H
#define SOCKLENS_FLOW_PAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flow;
struct flow_table;
struct past;
struct rates;

enum { PAST_BYTES = 64 << 20 }; /* default of past_new */
#define PAST_SPAN_NS (900 * INT64_C(1000000000))

/* What is counted beside the flows, at a mark. */
struct past_totals {
	int64_t packets, bytes, flows, live_flows;
};

/* What there is to look back at. */
struct past_extent {
	int64_t from_ns;       /* the oldest mark; 0 = none */
	uint64_t bytes, max_bytes;
	unsigned marks;
};

/* For this table, which is told by flow_table_keep_past; 0 = the default size. NULL = out of memory. */
struct past *past_new(struct flow_table *t, size_t max_bytes);
void past_free(struct past *p); /* accepts NULL; before the table */

/* This flow of the table is about to change. */
void past_keep(struct past *p, struct flow *f);
/* Everything until this time of the data has been taken. */
void past_mark(struct past *p, int64_t now_ns, const struct past_totals *now);

/* A place among the marks, and what lies beside it; 0 = there is none, after it comes now. */
struct past_place {
	int64_t at_ns, before_ns, after_ns;
	struct past_totals totals, before; /* at the mark, and at the one before it */
};

/*
 * The table as it was at the last mark until `at_ns`, or at the oldest: to be read, not changed. False, and
 * nothing is different, when there is no mark. past_return leads back to the present.
 */
bool past_go(struct past *p, int64_t at_ns, struct past_place *out);
void past_return(struct past *p);
/* Between the two: the rates of what moved since the mark before. */
void past_rates(const struct past *p, struct rates *out);
/* The last mark before a time; 0 = none. */
int64_t past_before(const struct past *p, int64_t at_ns);

void past_extent(const struct past *p, struct past_extent *out);

#endif
