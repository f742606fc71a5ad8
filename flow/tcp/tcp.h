/* SPDX-License-Identifier: MIT
 *
 * What the segments of a TCP connection tell (RFC 9293, 7323): lost, repeated and reordered
 * segments, window trouble, round-trip times, and who began.
 *
 * The counters follow Wireshark's tcp.analysis fields exactly (the rules are in
 * docs/ARCHITECTURE.md), because numbers that everybody can check are worth more than clever ones.
 */
#ifndef SOCKLENS_FLOW_TCP_H
#define SOCKLENS_FLOW_TCP_H

#include <stdbool.h>

#include "decode/packet.h"
#include "flow/flow.h"

struct flow_table;

/* A SYN with another number than this direction's: the tuple is used again, by a new connection. */
bool tcp_is_reuse(const struct flow_cold *c, int d, const struct packet *p);

/* Take one segment of direction d; the flow's packet and byte counts are the table's business. */
void tcp_segment(struct flow_table *t, struct flow *f, int d, const struct packet *p);

/* The same with all rules asked, even of a segment of which flow/tcp/tcp_straight.h knows better.
 */
void tcp_segment_at_length(struct flow_table *t, struct flow *f, int d, const struct packet *p);

/* A segment was the first fragment of a longer one; a later fragment has `bytes` more of its payload. */
void tcp_first_fragment(struct flow_table *t, struct flow *f, int d, const struct packet *p);
void tcp_later_fragment(struct flow_table *t, struct flow *f, int d, uint32_t bytes);

/* The highest sequence end of direction d: next_seq, unless a late SYN has set that back. */
uint32_t tcp_highest_seq(const struct flow_table *t, const struct flow *f, int d);

/* Bytes of direction d that never came. */
uint64_t tcp_missing_bytes(const struct flow_rare *r, int d);

/* Sequence numbers wrap: a is after b when it is less than half the space ahead. */
static inline bool seq_after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

#endif
