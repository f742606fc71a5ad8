/* SPDX-License-Identifier: MIT
 *
 * A flow in three parts, by how often they are touched: the hot part by every packet (128 bytes), the
 * cold part by TCP and when a flow begins or ends (beside it: one slot, one page; what every segment
 * touches comes first), the rare part only by flows to which something odd happened. Index 0/1
 * everywhere is the end of the key that sent ("direction d" = sent by end d).
 */
#ifndef SOCKLENS_FLOW_FLOW_H
#define SOCKLENS_FLOW_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slab.h"
#include "decode/reordering.h"
#include "flow/key.h"
#include "flow/rows/row.h"

/* A flow end's socket. Written by the correlator only. */
struct binding {
	struct slab_id socket; /* in the socket table; none = unbound */
	uint8_t match;	       /* enum match_quality */
	uint8_t reason;	       /* enum unbound_reason when match is none */
};

enum {
	FLOW_ENDED = 1 << 0,	  /* out of the index; kept for the screen only, or held */
	FLOW_CLOSED = 1 << 1,	  /* saw FIN both ways or RST; late packets still belong to it */
	FLOW_NO_PORTS = 1 << 2,	  /* the protocol has none, or the fragments did not tell them */
	FLOW_TOLD = 1 << 3,	  /* << direction: its payload has nothing more to tell */
	FLOW_HAS_SOCKET = 1 << 5, /* an end is bound: a port of datagrams may change hands */
	FLOW_KEPT = 1 << 7,	  /* what it was at the last mark is remembered: flow/past.h */
	FLOW_FOLLOWED = 1 << 6,	  /* every packet counts: flow/app/follow.h says as what */
};

/* What every TCP segment touches: as much as a cache line. Sequence numbers as on the wire. */
struct tcp_track {
	uint32_t next_seq[2];	 /* highest sequence end; 0 = none yet, as in the reference */
	uint32_t last_ack[2];	 /* of the last segment of that direction */
	uint32_t max_ackable[2]; /* end of what was seen without a hole; 0 = none yet */
	uint32_t rtt_seq[2];	 /* this ack completes the sample that is under way */
	int64_t next_seq_ns[2];	 /* when next_seq moved last */
	uint16_t window[2];	 /* raw */
	int8_t window_scale[2];	 /* TCP_SCALE_*, or the shift */
	int8_t dup_acks[2];	 /* saturates; -1 = an unseen segment was acknowledged */
	uint8_t probes[2];	 /* TCP_PROBE_*: what the last segment of that direction was */
	uint8_t state[2];	 /* enum end_state, and the one before << 4 */
	uint8_t letters[2];	 /* HISTORY_*: in the history already */
	uint8_t flags[2];	 /* TCP_HAS_* */
};

_Static_assert(sizeof(struct tcp_track) == 64, "TCP analysis touches one more cache line");

enum { TCP_SCALE_UNKNOWN = 0, TCP_SCALE_NONE = -1, TCP_SCALE_OFFSET = 1 };
enum { TCP_PROBE_KEEP_ALIVE = 1, TCP_PROBE_ZERO_WINDOW = 2 };
enum {
	TCP_HAS_BASE = 1,	  /* base_seq is known */
	TCP_HAS_SYN = 2,	  /* sent a SYN */
	TCP_UNSCALED = 4,	  /* no plain ack since its SYN: its window is not scaled yet */
	TCP_SAMPLING = 8,	  /* an RTT sample is under way */
	TCP_SAMPLE_TS = 16,	  /* ... and is told apart by its timestamp */
	TCP_HANDSHAKE_BEGUN = 32, /* (of direction 0 only) handshake_ns is the time of the SYN */
	TCP_HANDSHAKE_DONE = 64,  /* (of direction 0 only) handshake_ns is the handshake RTT */
	TCP_SET_BACK = 32, /* (of direction 1 only; << direction) next_seq is below highest_seq */
	TCP_HAS_WINDOW = 128,	  /* window is known */
};

enum { FLOW_HISTORY_SHORT = 8 }; /* "ShADadFf" fits: a connection without trouble */

/* What acks and windows tell, and waiting (flow/tcp/tcp_path.h, tcp_waits.h). */
struct tcp_path {
	uint32_t in_flight_max[2]; /* bytes sent by an end; those not acknowledged at the end come on top */
	uint32_t high_ack[2];	   /* highest ack of an end when its last one is not; 0 = its last one */
	uint32_t base_seq[2];	   /* of the SYN, or where it would have been */
	uint16_t window_min[2];	   /* raw, of segments without SYN and RST; all but the last one */
	uint16_t window_max[2];
	uint32_t app_us[2];  /* waited for the application of that end; hours are in the rare part */
	int64_t moved_ns[2]; /* ack or window of an end moved, once there was something to keep */
	uint32_t pending_us; /* waited, and the next segment tells for what */
	uint16_t tags; /* interned VLAN and tunnel stack of the flow's first frame; 0 = none */
	uint8_t has;   /* TCP_PATH_* */
	uint8_t history_len; /* beyond FLOW_HISTORY_SHORT the letters are in the rare part */
};

enum {
	TCP_PATH_BEGUN = 1,  /* there was something to keep */
	TCP_PATH_WINDOW = 2, /* << end: window_min and window_max are known */
};

/* What TCP touches with data and with what acknowledges it, and what begins and ends touch. */
struct flow_cold {
	struct tcp_track tcp;
	/* --- second line: round-trip times of data sent by an end, the half path beyond it */
	int64_t rtt_sent_ns[2]; /* of the sample that is under way */
	int64_t rtt_sum_ns[2];
	uint32_t rtt_ts[2];		       /* timestamp value of the sample that is under way */
	uint32_t rtt_min_ns[2], rtt_max_ns[2]; /* saturate at 4.29 s */
	uint16_t rtt_count[2];		       /* stops at its limit, and so does the sum */
	uint32_t followed;		       /* with FLOW_FOLLOWED: see flow/app/follow.h */
	/* --- third line */
	struct tcp_path path;
	/* --- fourth line: beginning and end */
	char history[FLOW_HISTORY_SHORT]; /* upper case = end 0 */
	int64_t handshake_ns;		  /* see TCP_HANDSHAKE_* */
	uint32_t close_seq[2];		  /* end of the last FIN or RST */
	uint32_t fin_seq[2]; /* end of the data before a FIN that a RST followed; 0 = see close_seq */
	uint32_t inspection; /* number in the inspector; 0 = nothing to keep yet */
	uint32_t bound;	     /* slot + 1 of the bindings of its ends; 0 = no sockets are known */
};

_Static_assert(sizeof(struct tcp_path) == 64 && sizeof(struct flow_cold) == 232,
	       "a flow is not to grow unnoticed");

/* All that most flows need; what every packet touches comes first. */
struct flow {
	struct flow_key key; /* 44 bytes */
	uint32_t slot;	     /* of this flow, in the table's slab */
	int64_t start_ns;    /* earliest and latest frame */
	int64_t last_ns;
	uint64_t bytes[2]; /* whole frames on the wire */
	uint64_t ip_bytes[2];
	uint64_t payload_bytes[2];
	uint32_t packets[2];   /* wraps after 4 G packets of one direction */
	uint32_t rare;	       /* slot of the rare part + 1; 0 = none */
	uint8_t flags;	       /* FLOW_* */
	uint8_t originator : 1;	   /* the end that is `src` in rows */
	uint8_t originator_by : 4; /* enum originator */
	uint8_t end_reason : 3;	   /* enum flow_end, once FLOW_ENDED */
	uint8_t app;		   /* index of its row in decode/app.h + 1; 0 = unknown */
	uint8_t ip_version : 7;
	uint8_t is_held : 1; /* FLOW_ENDED, but not told of yet: see waits in flow/table.h */
	struct flow_cold cold;
};

_Static_assert(offsetof(struct flow, cold) == 128, "the hot part of a flow is as much as two cache lines");

enum { FLOW_HOLES = 6 };

struct hole {
	uint32_t left, right; /* sequence numbers that did not come; empty when equal */
};

enum { SACK_RANGES = 8 };

/* What was told by SACK of the data of one end (flow/tcp/sack.h). */
struct sack_seen {
	struct hole range[SACK_RANGES]; /* reported and not acknowledged; apart, oldest first */
	uint64_t bytes, duplicate_bytes;
	uint32_t duplicates, needless;
	uint8_t count; /* of ranges */
};

enum history_count { COUNT_CHECKSUM, COUNT_RETRANSMISSION, COUNT_ZERO_WINDOW, COUNT_GAP, COUNTS };

/* What few flows need. What every segment touches once there is one comes first: a cache line. */
struct flow_rare {
	int64_t last_ack_ns[2]; /* last segment of that direction, since there is a rare part */
	int64_t zero_since_ns[2], full_since_ns[2]; /* the clocks below run since then; 0 = they do not */
	uint32_t highest_seq[2]; /* what next_seq was; only with TCP_SET_BACK */
	/* --- further lines */
	uint32_t tcp[2][TCP_COUNTERS];
	uint64_t retransmitted_bytes[2];
	uint64_t missing_bytes[2]; /* in holes that were given up; the open ones come on top */
	struct hole holes[2][FLOW_HOLES];
	struct reordering reordering[2]; /* of segments, by sequence number */
	struct sack_seen sack[2];
	int64_t zero_ns[2]; /* the end's window was closed */
	int64_t full_ns[2]; /* the end's window was filled by the peer */
	uint64_t app_us[2], receiver_us[2];   /* waited for an end (flow/tcp/tcp_waits.h) */
	uint64_t loss_us, unanswered_us, unsure_us; /* ... and for other reasons */
	uint32_t history_count[2][COUNTS];
	uint32_t fragments[2];
	uint32_t fragmented[2]; /* datagrams in fragments that were looked into */
	uint32_t fragment_end[2]; /* of the latest segment in fragments, as far as they came */
	uint32_t icmp_errors;
	uint32_t mptcp_token;  /* flow/app/mptcp.h */
	uint64_t mptcp_parent; /* id of the flow that this one joined; 0 = none, or not known */
	bool mptcp_has_token;
	char history[ROW_HISTORY_MAX - FLOW_HISTORY_SHORT];
} __attribute__((aligned(64)));

#endif
