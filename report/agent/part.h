/* SPDX-License-Identifier: MIT
 *
 * Flows in parts: a long one is told again and again while it lives, and each part has what came
 * since the one before, so that adding up all parts gives the whole.
 *
 * A part is due when packets have come since the last one and either the flow has gone on for the
 * active timeout since then, or has been quiet for the idle timeout (RFC 5470 5.1.1; flowEndReason
 * in RFC 5102). A flow that was told for being quiet is still known: what comes later is a further
 * part, with the process and the TCP state it had.
 */
#ifndef SOCKLENS_REPORT_AGENT_PART_H
#define SOCKLENS_REPORT_AGENT_PART_H

#include "flow/rows/row.h"

struct part_counts {
	int64_t packets, ip_bytes, retransmissions; /* by one end */
};

/* Values as flowEndReason's. */
enum part_end {
	PART_IDLE = 1,	 /* quiet for the idle timeout, and may go on */
	PART_ACTIVE = 2, /* goes on */
	PART_CLOSED = 3, /* the last, as all that follow: FIN or RST */
	PART_FORCED = 4, /* the run has ended */
	PART_NO_ROOM = 5
};

struct part {
	const struct flow_row *row;   /* the whole flow so far */
	int64_t start_ns;	      /* where the part before ended, or the flow's start */
	struct part_counts counts[2]; /* since then: by src, by dst */
	uint8_t end;		      /* enum part_end; of a last part that was idle PART_IDLE */
	bool last;
};

/* A flow as one part. */
struct part part_whole(const struct flow_row *row);
/* No packet in it: of a flow whose packets had all been told before it ended. */
bool part_is_empty(const struct part *p);

struct parts_options {
	int64_t active_ns, idle_ns; /* more than 0 */
	uint32_t max;		    /* flows that are remembered; 0 = a million */
};

struct parts;

struct parts *parts_new(const struct parts_options *o); /* NULL = out of memory */
void parts_free(struct parts *p);			/* accepts NULL */

/* The time now, before a walk over all flows with parts_due. It never goes backwards. */
void parts_advance(struct parts *p, int64_t now_ns);
/* To be told now? Cheap for flows that are young or have long been quiet. */
bool parts_due(const struct parts *p, const struct flow_brief *flow);
/*
 * The part of a flow that is due, or of one that has ended (`last`), which is forgotten. false when
 * there is no room to remember it: it is told later, and counted.
 */
bool parts_take(struct parts *p, const struct flow_row *row, bool last, struct part *out);
uint64_t parts_refused(const struct parts *p);

#endif
