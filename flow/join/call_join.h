/* SPDX-License-Identifier: MIT
 *
 * Calls wait until the frames that they caused have been captured; then each is told with them, in the
 * order in which they returned. Bounded: the oldest call goes early when too many wait.
 */
#ifndef SOCKLENS_FLOW_CALL_JOIN_H
#define SOCKLENS_FLOW_CALL_JOIN_H

#include "decode/packet.h"
#include "flow/rows/call_row.h"

struct call_join;

typedef void (*call_row_fn)(void *ctx, const struct call_row *row);

struct call_join_options {
	uint32_t max_calls; /* that wait; 0 = default */
	uint32_t netns;	    /* of the capture; calls of others have no frames here. 0 = unknown */
	bool frames;	    /* there will be frames */
};

struct call_join *call_join_new(const struct call_join_options *o, call_row_fn fn, void *ctx);
void call_join_free(struct call_join *j); /* accepts NULL */

void call_join_call(struct call_join *j, const struct call_event *c);
void call_join_packets(struct call_join *j, const struct packet *packets, unsigned n);
/* Everything up to this time has been captured: tell calls that returned until then. */
void call_join_advance(struct call_join *j, int64_t now_ns);

#endif
