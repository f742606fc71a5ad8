/* SPDX-License-Identifier: MIT
 *
 * What changed between two captures, worst first: for each process, and for each conversation
 * (process or host, to which address and port), failures, loss, delays and amounts of one side beside
 * those of the other, and who is there on one side only.
 */
#ifndef SOCKLENS_REPORT_DIFF_H
#define SOCKLENS_REPORT_DIFF_H

#include "flow/rows/filter.h"

enum { DIFF_KEY_MAX = 320, DIFF_SUBJECTS_MAX = 200000 };

enum diff_side { DIFF_BEFORE, DIFF_AFTER };

/* As every row with fields: the id first. */
struct diff_row {
	uint64_t id; /* rank: 1 is the worst */
	char subject[16];	  /* "process" or "conversation" */
	char key[DIFF_KEY_MAX];
	char what[24];		  /* "round trip", "new", ... */
	char verdict[8];	  /* worse, better, changed */
	char change[160];  /* "20ms -> 120ms, 6.0 times" */
	char unit[16];
	int64_t before, after;	  /* in that unit; ROW_ABSENT on the side where it is not there */
	int64_t flows_before, flows_after;
};

#define DIFF_FIELD_ROWS(X)                                                                         \
	X("rank", id, INT, 4, "RANK", "1 is the worst")                                               \
	X("verdict", verdict, TEXT, 7, "VERDICT", "worse, better or just changed")                    \
	X("what", what, TEXT, 16, "WHAT", "what changed")                                             \
	X("change", change, TEXT, 28, "CHANGE", "from what to what")                                  \
	X("subject", subject, TEXT, 12, "SUBJECT", "process or conversation")                         \
	X("key", key, TEXT, 24, "OF", "which one")                                                    \
	X("unit", unit, TEXT, 5, "UNIT", "of both values")                                            \
	X("before", before, INT, 12, "BEFORE", "value in the first capture")                          \
	X("after", after, INT, 12, "AFTER", "value in the second")                                    \
	X("flows_before", flows_before, INT, 8, "FLOWS A", "flows in the first capture")              \
	X("flows_after", flows_after, INT, 8, "FLOWS B", "flows in the second")

extern const struct filter_table diff_table;

struct diff;

struct diff *diff_new(void); /* NULL = out of memory */
void diff_free(struct diff *d); /* accepts NULL */

/* false when memory is short: the flow was left out. */
bool diff_add(struct diff *d, enum diff_side side, const struct flow_row *row);

/* Compare; false when memory is short. Then, by rank from 0: a row, or NULL behind the last. */
bool diff_compare(struct diff *d);
const struct diff_row *diff_get(const struct diff *d, unsigned i);

#endif
