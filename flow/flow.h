/* SPDX-License-Identifier: MIT
 *
 * A flow: the hot part that every packet touches (two cache lines at most) and the cold part.
 * Index 0/1 everywhere is the end of the key that sent ("direction d" = sent by end d).
 */
#ifndef SOCKLENS_FLOW_FLOW_H
#define SOCKLENS_FLOW_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slab.h"
#include "flow/key.h"
#include "flow/row.h"

/* A flow end's socket. Written by the correlator only. */
struct binding {
	struct slab_id socket; /* in the socket table; none = unbound */
	uint8_t match;	       /* enum match_quality */
	uint8_t reason;	       /* enum unbound_reason when match is none */
};

/* What every packet touches. */
struct flow {
	struct flow_key key; /* 44 bytes */
	uint32_t cold;	     /* slot in the table's cold slab */
	int64_t last_ns;
	uint64_t bytes[2];
	uint64_t payload_bytes[2];
	uint32_t packets[2]; /* saturating at 2^32 - 1 only after 4 G packets of one direction */
	uint32_t next_seq[2]; /* highest sequence end; TCP */
	uint32_t last_ack[2];
	uint16_t window[2];
	uint8_t proto_state; /* private to the protocol's tracker */
	uint8_t flags;	     /* FLOW_* */
	uint8_t originator;  /* 0 or 1: the end that is `src` in rows */
	uint8_t spare;
} __attribute__((aligned(64)));

_Static_assert(sizeof(struct flow) <= 128, "the hot part of a flow is two cache lines");

enum {
	FLOW_ENDED = 1 << 0, /* out of the index; kept for the screen only */
	FLOW_CLOSED = 1 << 1, /* saw FIN both ways or RST; late packets still belong to it */
};

#endif
