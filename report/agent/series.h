/* SPDX-License-Identifier: MIT
 *
 * Counters by process and protocol, of bounded number: so many pairs have a series of their own,
 * all else is added up in one. A pair that gets as much as twice what the smallest series gets
 * takes its place, and begins at zero, as a counter does after a restart.
 */
#ifndef SOCKLENS_REPORT_AGENT_SERIES_H
#define SOCKLENS_REPORT_AGENT_SERIES_H

#include "report/agent/part.h"

struct series_counts { /* as seen by the process */
	uint64_t sent_bytes, received_bytes, sent_packets, received_packets;
	uint64_t flows, failed, retransmissions;
	uint64_t handshake_ns, handshakes;
};

struct series {
	char process[ROW_NAME_MAX]; /* printable */
	char protocol[16];	    /* application, or transport */
	struct series_counts counts;
	uint64_t recent; /* bytes, halved by each series_turn */
	bool shown;
};

/* What all others are called, and ends on this machine whose process is not known. */
#define SERIES_OTHER   "other"
#define SERIES_UNKNOWN "unknown"

struct series_table;

struct series_table *series_table_new(unsigned shown_max); /* NULL = out of memory */
void series_table_free(struct series_table *t);		   /* accepts NULL */

/* Count a part at each end that has a process; at the originator when neither has. */
void series_add(struct series_table *t, const struct part *p);
/* A minute has passed: who has a series of his own is decided anew. */
void series_turn(struct series_table *t);

/* The i-th series that is shown, "other" last; NULL ends. */
const struct series *series_get(const struct series_table *t, unsigned *i);

#endif
