/* SPDX-License-Identifier: MIT
 *
 * Reordering of packets that are numbered in the order of sending (RFC 4737): how many came late
 * (3), by how many packets (extent, 4.2), and how many so late that TCP would take them for lost
 * (n-reordering of 3 or more, 5.4).
 *
 * Only jumps in the numbers and packets that come late are told; the last few jumps are remembered.
 * Numbers wrap.
 */
#ifndef SOCKLENS_DECODE_REORDERING_H
#define SOCKLENS_DECODE_REORDERING_H

#include <stdint.h>

enum { REORDERING_JUMPS = 4, REORDERING_TRIPLE = 3 };

struct reordering_jump {
	uint32_t left, right; /* numbers that were skipped, right not included */
	uint32_t at;	      /* count of the packet that did */
};

/* Of one direction; zeroed = nothing happened. */
struct reordering {
	struct reordering_jump jump[REORDERING_JUMPS]; /* a ring */
	uint32_t packets;			       /* that came late */
	uint32_t extent_max;			       /* in packets */
	uint32_t triple;	       /* late ones right after three or more with higher numbers */
	uint32_t last_at, last_number; /* of the last late one */
	uint8_t next;
};

/* The packet that is the `at`th skips the numbers [left, right). */
void reordering_jump(struct reordering *r, uint32_t left, uint32_t right, uint32_t at);

/* The `at`th packet has a lower number than one before, and came for the first time. */
void reordering_late(struct reordering *r, uint32_t number, uint32_t at);

#endif
