/* SPDX-License-Identifier: MIT
 *
 * All flows: found by key, named by id, ended by their protocol, by time or by the end of the run.
 *
 * Time is that of the data and never goes backwards. A flow ends when nothing was seen of it for
 * FLOW_IDLE_TCP_NS (TCP that is open) or FLOW_IDLE_NS (TCP that is closing, and all others) or
 * FLOW_LINGER_NS (TCP that is closed), when its tuple is used by a new TCP connection, and at the
 * end of the run. A patient table (recorded traffic) gives TCP the longer times below as long as it has
 * room.
 */
#ifndef SOCKLENS_FLOW_TABLE_H
#define SOCKLENS_FLOW_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loss.h"
#include "decode/packet.h"
#include "flow/flow.h"

struct flow_table;
struct past;
struct recent;

enum flow_end {
	FLOW_END_FIN,
	FLOW_END_RST,
	FLOW_END_IDLE,
	FLOW_END_REUSED,
	FLOW_END_CAP,
	FLOW_END_RUN
};

enum { FLOW_TABLE_MAX = 4 << 20 }; /* default of max_flows */

#define FLOW_IDLE_TCP_NS 3600000000000ll
#define FLOW_IDLE_NS	 120000000000ll
#define FLOW_LINGER_NS	 5000000000ll

#define FLOW_PATIENT_TCP_NS    31536000000000000ll /* a year */
#define FLOW_PATIENT_LINGER_NS 60000000000ll	   /* closed by FIN; as 2 MSL of Linux */

struct flow_table_options {
	uint32_t max_flows;    /* 0 = default */
	int64_t keep_ended_ns; /* ended flows stay readable so long (dashboard); 0 = freed at once
				*/
	bool key_vlan, key_tunnel;
	uint64_t seed; /* of the hash; 0 = random. Results never depend on it */
	/* Both may be NULL. A new flow has its first packet accounted already. */
	void (*on_new)(void *ctx, struct flow *f);
	void (*on_end)(void *ctx, struct flow *f,
		       enum flow_end why); /* once a flow, when it ends */
	/*
	 * Asked for datagrams of flows with FLOW_HAS_SOCKET: did the socket that end `sender` was
	 * bound to close before this time? Then a new socket has taken its port. May be NULL.
	 */
	bool (*outlived)(void *ctx, const struct flow *f, int sender, int64_t time_ns);
	/*
	 * Asked when a tuple is used again: is it still to come whose the flow was? Then it is ended,
	 * but on_end waits until that is known. May be NULL.
	 */
	bool (*waits)(void *ctx, const struct flow *f);
	/*
	 * Told of TCP flows with FLOW_HAS_SOCKET: end `end` has answered what the other end said last, after
	 * so long, the way between the capture and the end taken off. May be NULL.
	 */
	void (*on_answer)(void *ctx, const struct flow *f, int end, int64_t ns);
	void *ctx;
	struct recent *recent; /* borrowed: gets a note of every frame; NULL = nobody looks */
};

struct flow_table *flow_table_new(const struct flow_table_options *o); /* NULL = out of memory */
void flow_table_free(struct flow_table *t);

/*
 * The traffic is recorded: a connection that is silent for days may still go on. Then open TCP
 * flows do not end by time unless room is needed: more than a quarter of max_flows are live.
 */
void flow_table_be_patient(struct flow_table *t);

/*
 * Account packets that are in a flow (others are ignored), in order; their slots are prefetched
 * together. Also advances time: idle and closed flows older than the packets end first.
 */
void flow_table_packets(struct flow_table *t, const struct packet *packets, unsigned n);

/* Move time on without a packet (live idle). */
void flow_table_advance(struct flow_table *t, int64_t now_ns);

/* End every flow, in order of start time then id. Those that are kept stay readable. */
void flow_table_flush(struct flow_table *t);

struct flow *flow_table_find(struct flow_table *t, const struct flow_key *k); /* live; or NULL */
struct flow *flow_table_get(struct flow_table *t, uint64_t id);		      /* or NULL */
uint64_t flow_id(const struct flow_table *t, const struct flow *f);

/* From now on tell this of every change; borrowed. */
void flow_table_keep_past(struct flow_table *t, struct past *past);

/* Walk all flows, ended ones that are kept included: pass NULL first; NULL ends. */
struct flow *flow_table_next(struct flow_table *t, struct flow *f);
uint32_t flow_table_count(const struct flow_table *t); /* of that walk */
uint64_t flow_table_total(const struct flow_table *t); /* flows ever */
uint32_t flow_table_live(const struct flow_table *t);

/* What each tunnel carried, in order of appearance; NULL when there was none. */
struct histogram;
/* How long DNS queries waited for their answers, ns. */
const struct histogram *flow_table_dns_waits(const struct flow_table *t);

const struct tunnel_total *flow_table_tunnels(const struct flow_table *t, unsigned *count);

/* Fragments that contradict others of their datagram: no packet tells by itself. */
uint64_t flow_table_bad_fragments(const struct flow_table *t);

/* Adds table_full, pending and stream. */
void flow_table_loss(const struct flow_table *t, struct loss *out);

int64_t flow_start_ns(const struct flow_table *t, const struct flow *f);
/* Number of the first byte that this end of a TCP connection sends; false when no SYN told it. */
bool flow_first_seq(const struct flow_table *t, const struct flow *f, int end, uint32_t *seq);
/* The binding of one end: a zeroed one until the correlator has written it. */
const struct binding *flow_binding(const struct flow_table *t, const struct flow *f, int end);
/* To write it; never NULL. */
struct binding *flow_binding_of(struct flow_table *t, struct flow *f, int end);

/*
 * Everything the frames told about a flow, as a row. Process, ledger and rates are left absent:
 * the correlator and the engine fill those.
 */
void flow_row_fill(struct flow_row *row, const struct flow_table *t, const struct flow *f);
/*
 * Of these what takes no time: id, ends, times, packets and bytes, state and round trips; and the counters
 * of TCP if asked for. Nothing else in the row means anything.
 */
void flow_row_fill_basics(struct flow_row *row, const struct flow_table *t, const struct flow *f,
			  bool counters);

#endif
