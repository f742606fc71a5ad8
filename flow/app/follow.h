/* SPDX-License-Identifier: MIT
 *
 * Flows whose every packet counts: DNS transactions, RTP streams, signalling that announces them.
 * Other flows cost one test of a flag.
 *
 * A kind is a row in flow/app/follow.c. In flow_cold.followed stand the kind and the slot of its state.
 */
#ifndef SOCKLENS_FLOW_FOLLOW_H
#define SOCKLENS_FLOW_FOLLOW_H

#include "decode/packet.h"
#include "flow/flow.h"

struct flow_table;

enum follow_kind {
	FOLLOW_DNS,
	FOLLOW_DNS_TCP,
	FOLLOW_HTTP,
	FOLLOW_SIGNAL, /* SIP and RTSP over TCP */
	FOLLOW_RTP,
	FOLLOW_SIP, /* over UDP */
	FOLLOW_SCTP,
	FOLLOW_QUIC,
	FOLLOW_KINDS
};

int follow_init(struct flow_table *t, uint32_t max_flows); /* 0 or -ENOMEM */
void follow_done(struct flow_table *t);

/* A datagram that was inspected: is it one of these? Only beginnings of flows are inspected. */
void follow_consider(struct flow_table *t, struct flow *f, const struct packet *p);

/* A datagram of direction d of a flow with FLOW_FOLLOWED, the considered one included. */
void follow_datagram(struct flow_table *t, struct flow *f, int d, const struct packet *p);

/* The flow goes. */
void follow_release(struct flow_table *t, struct flow *f);

/* Fields dns.*, sctp.* and quic_rtt_ns.*, of each end rtp.* and sctp.*; absent where they are not
 * known. After the row's facts. */
void follow_fill(struct flow_row *row, const struct flow_table *t, const struct flow *f);

#endif
