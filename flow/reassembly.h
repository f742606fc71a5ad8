/* SPDX-License-Identifier: MIT
 *
 * The bytes of datagrams that come in fragments (RFC 791 3.2, RFC 8200 4.5), put together to read
 * headers and names from them; nothing is accounted here.
 *
 * Of bytes that come twice the first ones stay. Receivers differ in that (RFC 5722), so fragments
 * that contradict each other are counted; an exact repetition is none. Memory is bounded: when it
 * is full, the datagrams that have waited longest are given up.
 */
#ifndef SOCKLENS_FLOW_REASSEMBLY_H
#define SOCKLENS_FLOW_REASSEMBLY_H

#include <stdint.h>

#include "decode/packet.h"
#include "flow/budget.h"
#include "flow/fragment.h"

enum {
	REASSEMBLY_MEMORY = 4 << 20,
	REASSEMBLY_MAX = 1024, /* datagrams at a time */
};

struct reassembled {
	struct datagram datagram; /* proto: of the header with which it begins */
	int64_t time_ns;	  /* of its last fragment so far */
	const uint8_t *data;	  /* borrowed until the next call */
	uint32_t len;
};

/* A datagram was given up; this is what there is of its beginning. No calls back from here. */
typedef void (*reassembly_fn)(void *owner, const struct reassembled *beginning);

struct reassembly {
	reassembly_fn given_up;
	void *owner;
	struct incomplete **buckets;	    /* owned; made when the first fragment is seen */
	struct incomplete *oldest, *newest; /* owned */
	struct incomplete *whole;	    /* owned; what was handed out last */
	struct budget memory;		    /* refused: bytes dropped for want of room */
	uint64_t contradictions;	    /* fragments */
	int64_t now_ns;
	uint32_t count;
};

enum reassembly_status {
	REASSEMBLY_ALONE, /* not kept: cut, odd, or no memory; it is all that there will be */
	REASSEMBLY_WAITS,
	REASSEMBLY_WHOLE, /* the last one: the datagram is handed out */
};

void reassembly_init(struct reassembly *r, reassembly_fn given_up, void *owner);
void reassembly_done(struct reassembly *r);

/* A fragment; *out is set when the datagram is whole. */
enum reassembly_status reassembly_add(struct reassembly *r, const struct packet *p, uint32_t scope,
				      struct reassembled *out);

/* Give up what has waited for longer than a host would; everything when now_ns is INT64_MAX. */
void reassembly_advance(struct reassembly *r, int64_t now_ns);

#endif
