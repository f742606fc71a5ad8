/* SPDX-License-Identifier: MIT
 *
 * What a TCP connection waited for, as far as frames tell: each gap between two of its segments is
 * charged to one cause, by what was outstanding before and by who ended it. docs/VERDICT.md has the
 * table of rules; this is where frames decide them.
 *
 * What is not charged to anything is the network's: data, SYN and FIN on their way, and the acks.
 * So a segment that follows closely costs nothing here, and neither does a bulk transfer.
 */
#ifndef SOCKLENS_FLOW_TCP_WAITS_H
#define SOCKLENS_FLOW_TCP_WAITS_H

#include "decode/packet.h"
#include "flow/flow.h"

struct flow_table;

/* The gap before a segment. */
struct tcp_gap {
	int64_t us;	  /* whole microseconds of the clock that passed; 0 = nothing to charge */
	bool after_other; /* what moved last was of the other direction */
	bool held;	  /* an end let the other one send nothing more ... */
	uint8_t holder;	  /* ... this one */
	uint32_t sent,
		awaited; /* what was outstanding, of the segment's direction and of the other */
};

/* Look at the gap, before anything of the segment is remembered. */
struct tcp_gap tcp_waits_gap(const struct flow_table *t, const struct flow *f, int d,
			     const struct packet *p);

/*
 * Charge it, before the sequence numbers of the segment are remembered. `again`: the segment is a
 * retransmission.
 */
void tcp_waits_segment(struct flow_table *t, struct flow *f, int d, const struct packet *p,
		       const struct tcp_gap *gap, bool again);

/*
 * The same two for a segment that flow/tcp/tcp_straight.h knows: the next data, or an ack that
 * moves. Of most such gaps it is known at once that they cost nothing.
 */
struct tcp_gap tcp_waits_straight_gap(const struct flow_table *t, const struct flow *f, int d,
				      const struct packet *p);
void tcp_waits_straight(struct flow_table *t, struct flow *f, int d, const struct packet *p,
			const struct tcp_gap *gap);

/* Times in ns. */
struct tcp_waits {
	int64_t app[2];	     /* for the application of that end */
	int64_t receiver[2]; /* for that end to open its window */
	int64_t network;
	int64_t loss;	    /* of it: until something was sent again */
	int64_t unknown;    /* nothing tells network from host ... */
	int64_t unanswered; /* of it: no answer to a SYN, or to the first data */
	int64_t life;	    /* the shares' sum */
};

/* All of an open connection's time up to now, when it is live; else to its last segment. */
void tcp_waits_of(struct tcp_waits *out, const struct flow_table *t, const struct flow *f);

#endif
