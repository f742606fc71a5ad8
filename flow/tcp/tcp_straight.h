/* SPDX-License-Identifier: MIT
 *
 * Most segments of a healthy connection are either the next data, or an ack of something. This is
 * how they are told from the rest: none of the rules of flow/tcp/tcp.c and flow/tcp/state.h has
 * anything to say of them, so that tcp_segment() asks none. It says no when in doubt, which costs
 * time only (tests/unit/flow/test_tcp_straight.c sends the same segments with and without it).
 */
#ifndef SOCKLENS_FLOW_TCP_STRAIGHT_H
#define SOCKLENS_FLOW_TCP_STRAIGHT_H

#include <stdbool.h>

#include "decode/packet.h"
#include "flow/flow.h"
#include "flow/tcp/state.h"
#include "flow/tcp/tcp.h"

/* Beginnings and windows of both ends are known, no SYN waits for its ack, and none came late. */
static inline bool tcp_is_settled(const struct tcp_track *t)
{
	enum {
		KNOWN = TCP_HAS_BASE | TCP_HAS_WINDOW,
		BEGUN = TCP_HANDSHAKE_BEGUN,
		LATE = TCP_SET_BACK | TCP_SET_BACK << 1,
	};

	return (t->flags[0] & (KNOWN | TCP_UNSCALED)) == KNOWN &&
	       (t->flags[1] & (KNOWN | TCP_UNSCALED | LATE)) == KNOWN &&
	       (t->flags[0] & (BEGUN | TCP_HANDSHAKE_DONE)) != BEGUN;
}

/* A plain segment without options that have rules of their own. */
static inline bool tcp_is_plain(const struct packet_tcp *h)
{
	return (h->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) == TCP_ACK &&
	       !(h->sack_count | h->mptcp_has_key | h->mptcp_has_token);
}

/* Rules 8 and 11: beyond what was acknowledged, into an open window, and not just filling it. */
static inline bool tcp_is_welcome(const struct tcp_track *t, int r, uint32_t end)
{
	uint32_t ack = t->last_ack[r];
	int scale = t->window_scale[r];
	unsigned shift = scale > TCP_SCALE_OFFSET ? (unsigned)(scale - TCP_SCALE_OFFSET) : 0;

	return t->window[r] && (!ack || seq_after(end, ack)) &&
	       end - ack != (uint32_t)t->window[r] << shift;
}

/* The next data, or an ack that moves; what they acknowledge was seen. */
static inline bool tcp_is_in_order(const struct tcp_track *t, int d, const struct packet *p)
{
	const struct packet_tcp *h = &p->tcp;
	uint32_t limit = t->max_ackable[!d];

	if (!t->next_seq[d] || h->seq != t->next_seq[d] || (limit && seq_after(h->ack, limit)))
		return false;
	return p->payload_bytes ? tcp_is_welcome(t, !d, h->seq + p->payload_bytes)
				: h->ack != t->last_ack[d];
}

/* Cheapest first: most segments of short connections are refused by the first two. */
static inline bool tcp_is_straight(const struct tcp_track *t, int d, const struct packet *p)
{
	return tcp_is_plain(&p->tcp) && tcp_is_settled(t) && tcp_is_in_order(t, d, p) &&
	       state_is_routine(t, d, p);
}

#endif
