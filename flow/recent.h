/* SPDX-License-Identifier: MIT
 *
 * The frames of each flow that a screen may want to look at, and the system calls of its sockets where
 * those are told: a bounded store of short notes, kept only where there is a screen.
 *
 * While there is room every flow keeps all of its notes, up to a limit. When there is none a flow
 * keeps how it began and what came last, and takes the room for what is new from its own middle; the
 * flow that was silent longest gives way to a new one. What is on the screen may keep more.
 */
#ifndef SOCKLENS_FLOW_RECENT_H
#define SOCKLENS_FLOW_RECENT_H

#include <stdint.h>

struct recent;

enum recent_kind { RECENT_FRAME, RECENT_CALL };

/* A frame or a call in short; 32 bytes. */
struct recent_note {
	int64_t time_ns;   /* of a call: when it returned */
	uint32_t number;   /* the flow's first frame is 1, and so is its first call */
	union {
		struct {
			uint32_t seq, ack; /* TCP: as on the wire */
			uint32_t bytes;	   /* payload on the wire */
			uint16_t marks;	   /* TCP: 1 << enum tcp_counter */
			uint16_t window;   /* TCP: as on the wire, not scaled */
		};
		struct {
			int32_t result;	  /* or -errno; the largest there is when it was more */
			uint32_t took_us; /* rounded up; likewise */
			uint32_t asked;	  /* bytes to be moved; 0 = the call does not say */
			uint16_t call;	  /* enum sock_call */
		};
	};
	uint8_t flags;	   /* TCP_*; of a call CALL_FLAG_* */
	uint8_t end;	   /* of the flow's key that sent or called; in an answer 0 = src, 1 = dst */
	uint8_t kind;	   /* enum recent_kind */
};

_Static_assert(sizeof(struct recent_note) == 32, "a million notes are 32 MB");

enum {
	RECENT_CHUNK = 32,	   /* notes that are taken and given up together */
	RECENT_CHUNKS = 32768,	   /* default of recent_new: a million notes, 32 MB when full */
	RECENT_FLOW_CHUNKS = 64,   /* of one flow: 2048 notes */
	RECENT_OPEN_CHUNKS = 256,  /* of the flow on the screen */
};

/* Room for so many chunks (0 = default, 4 at least); NULL = out of memory. */
struct recent *recent_new(uint32_t chunks);
void recent_free(struct recent *r); /* accepts NULL */

/* Of the flow in this slot of its table, whose id is `id`: another id there is another flow. */
void recent_add(struct recent *r, uint32_t slot, uint64_t id, const struct recent_note *n);
/* A call: its number is given here. */
void recent_add_call(struct recent *r, uint32_t slot, uint64_t id, struct recent_note n);

/* The flow that is on the screen; 0 = none. */
void recent_open(struct recent *r, uint64_t id);

/* Calls of this flow so far, kept or not, since anything of it is kept. */
uint32_t recent_calls(const struct recent *r, uint32_t slot, uint64_t id);

/* How many notes there are of a flow, and they themselves, oldest first, into out[of that many]. */
uint32_t recent_count(const struct recent *r, uint32_t slot, uint64_t id);
void recent_copy(const struct recent *r, uint32_t slot, uint64_t id, struct recent_note *out);

#endif
