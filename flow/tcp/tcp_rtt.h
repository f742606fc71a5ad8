/* SPDX-License-Identifier: MIT
 *
 * Round-trip samples (RFC 6298): one segment at a time is timed until its ack. After a
 * retransmission an ack does not tell which copy it answers (Karn), unless timestamps tell
 * (RFC 7323). A tap in the middle sees two half paths; each is kept under the end that sent the
 * data, and the path is their sum.
 */
#ifndef SOCKLENS_FLOW_TCP_RTT_H
#define SOCKLENS_FLOW_TCP_RTT_H

#include "decode/packet.h"
#include "flow/flow.h"

/* One segment of direction d that ends before sequence number `end`; before it moves next_seq. */
void tcp_rtt_segment(struct flow_cold *c, int d, const struct packet *p, uint32_t end,
		     bool retransmission);

/* The same for a segment that flow/tcp/tcp_straight.h knows. */
void tcp_rtt_straight(struct flow_cold *c, int d, const struct packet *p);

/* Sum of both half paths in ns, ROW_ABSENT without samples. */
struct tcp_rtt {
	int64_t min, avg, max, samples;
};
void tcp_rtt_fill(struct tcp_rtt *out, const struct flow_cold *c);

#endif
