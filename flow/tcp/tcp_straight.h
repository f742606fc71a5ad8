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
#include <string.h>

#include "decode/packet.h"
#include "flow/flow.h"
#include "flow/tcp/state.h"
#include "flow/tcp/tcp.h"

/* Of both ends in one word: most often a single comparison tells. */
static inline bool tcp_flags_are(const struct tcp_track *t, const uint8_t mask[2],
				 const uint8_t value[2])
{
	uint16_t flags, relevant, wanted;

	memcpy(&flags, t->flags, sizeof(flags));
	memcpy(&relevant, mask, sizeof(relevant));
	memcpy(&wanted, value, sizeof(wanted));
	return (flags & relevant) == wanted;
}

/* Beginnings and windows of both ends are known, no SYN waits for its ack, and none came late. */
static inline bool tcp_is_settled(const struct tcp_track *t)
{
	enum {
		KNOWN = TCP_HAS_BASE | TCP_HAS_WINDOW,
		SHAKEN = TCP_HANDSHAKE_BEGUN | TCP_HANDSHAKE_DONE,
		LATE = TCP_SET_BACK | TCP_SET_BACK << 1,
	};
	static const uint8_t of_both[2] = {KNOWN | TCP_UNSCALED, KNOWN | TCP_UNSCALED | LATE};
	static const uint8_t known[2] = {KNOWN, KNOWN};
	static const uint8_t and_shaken[2] = {KNOWN | TCP_UNSCALED | SHAKEN,
					      KNOWN | TCP_UNSCALED | LATE};
	static const uint8_t shaken[2] = {KNOWN | SHAKEN, KNOWN};

	if (tcp_flags_are(t, and_shaken, shaken))
		return true;
	return tcp_flags_are(t, of_both, known) && (t->flags[0] & SHAKEN) != TCP_HANDSHAKE_BEGUN;
}

/* A plain segment without options that have rules of their own. */
static inline bool tcp_is_plain(const struct packet_tcp *h)
{
	return (h->flags & (TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK)) == TCP_ACK &&
	       !(h->sack_count | h->mptcp_has_key | h->mptcp_has_token);
}

/* Rules 8 and 11: beyond what was acknowledged, into an open window, and not just filling it. */
static inline bool tcp_is_welcome(const struct tcp_track *t, unsigned r, uint32_t end)
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
	const unsigned r = (unsigned)d ^ 1;
	uint32_t limit = t->max_ackable[r];

	if (!t->next_seq[d] || h->seq != t->next_seq[d] || (limit && seq_after(h->ack, limit)))
		return false;
	if (!p->payload_bytes)
		return h->ack != t->last_ack[d];
	return seq_after(p->payload_bytes, 0) && tcp_is_welcome(t, r, h->seq + p->payload_bytes);
}

/* As state_is_routine() of a segment in order. */
static inline bool tcp_is_routine(const struct tcp_track *t, int d, const struct packet *p)
{
	uint8_t bit = p->payload_bytes ? HISTORY_DATA : HISTORY_ACK;

	return t->letters[d] & bit && (t->state[d] & 15) != END_INACTIVE && p->tcp.window &&
	       !(p->anomalies & ANOMALY_BIT(ANOMALY_L4_CHECKSUM));
}

/* Cheapest first: most segments of short connections are refused by the first two. */
static inline bool tcp_is_straight(const struct tcp_track *t, int d, const struct packet *p)
{
	return tcp_is_plain(&p->tcp) && tcp_is_settled(t) && tcp_is_in_order(t, d, p) &&
	       tcp_is_routine(t, d, p);
}

#endif
