/* SPDX-License-Identifier: MIT
 *
 * The SYN that begins a connection, as nearly all do. Nothing came before it that a rule could
 * compare it with, nothing is outstanding and no time has passed; it opens a window, acknowledges
 * nothing and has no data. So no rule of flow/tcp/tcp.c marks it and nothing waits or moves, and of
 * flow/tcp/state.h its letter and its state are all. What is left is remembered by the functions
 * that remember any segment. tests/unit/flow/test_tcp_straight.c sends beginnings both ways.
 */
#ifndef SOCKLENS_FLOW_TCP_FIRST_H
#define SOCKLENS_FLOW_TCP_FIRST_H

#include <stdbool.h>

#include "decode/packet.h"
#include "flow/flow.h"

/* No segment was taken yet: each tells a beginning (TCP_HAS_BASE); fragments have a rare part. */
static inline bool tcp_is_untouched(const struct flow *f)
{
	const struct flow_cold *c = &f->cold;

	return !(c->tcp.flags[0] | c->tcp.flags[1] | c->path.has) && !f->rare;
}

/* `before_ns`: the flow's last packet; of a flow that this one begins, its own time. */
static inline bool tcp_is_first_syn(const struct flow *f, const struct packet *p, int64_t before_ns)
{
	const struct packet_tcp *h = &p->tcp;

	return (h->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) == TCP_SYN &&
	       tcp_is_untouched(f) && p->time_ns <= before_ns && !p->payload_bytes && !h->ack &&
	       h->window && !(h->sack_count | h->mptcp_has_key | h->mptcp_has_token) &&
	       !(p->anomalies & ANOMALY_BIT(ANOMALY_L4_CHECKSUM));
}

#endif
