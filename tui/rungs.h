/* SPDX-License-Identifier: MIT
 *
 * The frames and calls of a flow on one time axis. A frame is a rung; so is a call during which
 * nothing else happened. Any other call is two: where it began, and where it returned.
 */
#ifndef SOCKLENS_TUI_RUNGS_H
#define SOCKLENS_TUI_RUNGS_H

#include <stdint.h>

#include "flow/rows/snapshot.h"

enum rung_part { RUNG_FRAME, RUNG_CALL, RUNG_ENTRY, RUNG_RETURN };

struct rung {
	int64_t time_ns;
	uint32_t note; /* of the frames' notes */
	uint8_t part;  /* enum rung_part */
};

/*
 * In the order of time, but frames never change places among themselves: they were captured so.
 * Owned by the caller; NULL = out of memory.
 */
struct rung *rungs_of(const struct flow_frames *f, uint32_t *count);

#endif
