/* SPDX-License-Identifier: MIT
 *
 * To choose among many flows only some of each row has to be known: what it is sorted by, and added up.
 */
#ifndef SOCKLENS_FLOW_BRIEF_H
#define SOCKLENS_FLOW_BRIEF_H

#include "flow/engine_private.h"

enum brief_part {
	BRIEF_BASICS = 0,   /* id, ends, times, packets and bytes, rates, state, round trips */
	BRIEF_COUNTERS = 1, /* those of TCP */
	BRIEF_OWNERS = 2,   /* the process of both ends */
	BRIEF_ALL = 4,	    /* all there is */
};

/* Bits of enum brief_part: what choosing the answer to a question about flows needs. */
unsigned brief_needs(const struct query *q);

/* That much of the flow; nothing else in the row means anything. */
void brief_fill(struct engine *en, struct flow_row *row, struct flow *f, unsigned needs);

#endif
