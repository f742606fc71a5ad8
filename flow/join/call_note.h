/* SPDX-License-Identifier: MIT
 *
 * A system call as a note beside the frames of its flow (flow/recent.h).
 */
#ifndef SOCKLENS_FLOW_CALL_NOTE_H
#define SOCKLENS_FLOW_CALL_NOTE_H

#include "flow/join/correlate.h"
#include "flow/recent.h"
#include "flow/rows/call_row.h"

/*
 * Fills all but the number, and returns the flow an end of which is bound to the very socket of the
 * call. NULL: there is none.
 */
struct flow *call_note(struct recent_note *n, struct correlator *c, const struct call_row *row);

#endif
