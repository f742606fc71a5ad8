/* SPDX-License-Identifier: MIT
 *
 * A system call as reports show it: the probe's record and the frames that it caused, or that
 * brought what it read. A value, good while its callback runs.
 */
#ifndef SOCKLENS_FLOW_CALL_ROW_H
#define SOCKLENS_FLOW_CALL_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "bpf/call_event.h"

enum call_way { CALL_WAY_NONE, CALL_WAY_OUT, CALL_WAY_IN };

struct call_frames {
	uint8_t way;	  /* enum call_way; NONE = no frames are known for it */
	uint32_t count;
	uint64_t bytes;	  /* payload of these frames */
	/*
	 * OUT: from the call's entry to the first frame; IN: from the last frame to the call's
	 * return. Below 0 when the clocks, good to some microseconds together, disagree.
	 */
	int64_t delay_ns;
};

struct call_row {
	const struct call_event *event; /* its time is wall-clock */
	const char *name;		/* "sendto" */
	/* Where the socket is connected to, else whom this call named; port 0 = nobody. */
	struct endpoint remote;
	struct call_frames frames;
};

/* The remote end of a record, as above. */
void call_remote(struct endpoint *out, const struct call_event *c);

/* Of what was traced, for the last line. */
struct call_summary {
	uint64_t calls, failed, unfinished;
};

#endif
