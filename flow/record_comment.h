/* SPDX-License-Identifier: MIT
 *
 * Whose a frame is, as the comment that a recording gives it (flow/recorded.h reads it again): all
 * that is known with the first frame of an end, its pid and name with the others.
 */
#ifndef SOCKLENS_FLOW_RECORD_COMMENT_H
#define SOCKLENS_FLOW_RECORD_COMMENT_H

#include <stdint.h>

#include "decode/packet.h"

struct engine;

enum { RECORD_COMMENT_MAX = 1536, RECORD_KNOWN = 4096 };

struct record_comment {
	char text[RECORD_COMMENT_MAX]; /* "" = nothing is known */
	uint32_t pid, tid;	       /* pid 0 = unknown */
	uint8_t direction;	       /* enum frame_direction */
};

/* Of which flow ends all was said: one a place, so that some say it again. */
struct record_known {
	uint64_t flow[RECORD_KNOWN][2]; /* id, by end */
};

void record_known_clear(struct record_known *k);
void record_comment(struct record_comment *out, struct record_known *k, struct engine *en,
		    const struct packet *p);

#endif
