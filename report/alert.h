/* SPDX-License-Identifier: MIT
 *
 * When a flow is as somebody waits for: rules in the language of filters, each of which fires once
 * for a flow and its state. Pure: rows in, firings out. Time is the rows' own.
 */
#ifndef SOCKLENS_REPORT_ALERT_H
#define SOCKLENS_REPORT_ALERT_H

#include "flow/rows/filter.h"
#include "flow/rows/row.h"

enum {
	ALERT_RULES_MAX = 32,
	ALERT_BURST = 20,   /* of one rule at once; then */
	ALERT_A_SECOND = 2, /* what is more is counted, not told */
	ALERT_REMEMBERED =
		1 << 16, /* firings, at least; a flow that fired before them may fire again */
};

struct alerts;

/* A rule fires for this row. */
typedef void (*alert_fn)(void *ctx, unsigned rule, const struct flow_row *row);

/* NULL = out of memory. */
struct alerts *alerts_new(alert_fn fn, void *ctx);
void alerts_free(struct alerts *a); /* accepts NULL */

/* Rules are numbered from 0. 0, or -EINVAL or -ENOMEM with the reason in *e. */
int alerts_add(struct alerts *a, const char *when, struct err *e);

/* A flow as it is now, or as it ended. */
void alerts_row(struct alerts *a, const struct flow_row *row);

struct alert_counts {
	uint64_t fired;	     /* told */
	uint64_t suppressed; /* there were too many at once */
};
struct alert_counts alerts_counts(const struct alerts *a, unsigned rule);

#endif
