/* SPDX-License-Identifier: MIT
 *
 * What the acks and windows of a TCP connection tell about its path (RFC 9293 3.8.6, RFC 7323 2): data
 * in flight, receive windows, and the half path between the tap and each end.
 *
 * A tap in the middle cannot see when a segment leaves or arrives at a host: "in flight" is what has
 * passed the tap and whose ack has not. That is most just before an ack moves, and windows matter only when they
 * move: other segments are not looked at.
 */
#ifndef SOCKLENS_FLOW_TCP_PATH_H
#define SOCKLENS_FLOW_TCP_PATH_H

#include "decode/packet.h"
#include "flow/flow.h"

struct flow_table;

/* Made by the first segment with something to keep; zeroed = nothing yet. */
struct tcp_path {
	uint32_t in_flight_max[2]; /* bytes sent by an end; those not acknowledged at the end come on top */
	uint32_t high_ack[2];	   /* highest ack of an end when its last one is not; 0 = its last one */
	uint32_t fin_seq[2];	   /* end of the data before a FIN that a RST followed; 0 = see close_seq */
	uint16_t window_min[2];	   /* raw, of segments without SYN and RST; all but the last one */
	uint16_t window_max[2];
	uint8_t has_window[2];
	uint32_t
		pending_us; /* waited, and the next segment tells for what (flow/tcp/tcp_waits.h) */
	uint32_t app_us[2];  /* waited for the application of that end; hours are in the rare part */
	int64_t moved_ns[2]; /* ack or window of an end moved, since there is a path */
	uint32_t followed;   /* of a connection with FLOW_FOLLOWED: see flow/app/follow.h */
} __attribute__((aligned(64))); /* one cache line, in slabs of whole huge pages */

/* Something moved: ack or window, or the connection is reset. Before the segment is remembered. */
static inline bool tcp_path_wants(const struct tcp_track *t, int d, const struct packet_tcp *h)
{
	return h->ack != t->last_ack[d] || h->window != t->window[d] || h->flags & TCP_RST;
}
void tcp_path_segment(struct flow_table *t, struct flow *f, int d, const struct packet *p);

/* A segment of direction d filled the window of the other end. */
void tcp_path_full(struct flow_table *t, struct flow *f, int d, const struct packet *p);

/* A RST of direction d is about to take the place of a FIN in close_seq. */
void tcp_path_keep_fin(struct flow_table *t, struct flow_cold *c, int d);

/* Made when there is none; NULL without memory. */
struct tcp_path *tcp_path_of(struct flow_table *t, struct flow_cold *c);
/* NULL when nothing was to be kept. */
const struct tcp_path *tcp_path_peek(const struct flow_table *t, const struct flow_cold *c);
/* Makes it; NULL without memory. */
struct tcp_path *tcp_path_of(struct flow_table *t, struct flow_cold *c);

/* The highest number that end d acknowledged. False when it acknowledged nothing. */
bool tcp_path_high_ack(const struct flow_table *t, const struct flow_cold *c, int d, uint32_t *ack);

/* Where end d's data ended, by its FIN. False without one. */
bool tcp_path_data_end(const struct flow_table *t, const struct flow_cold *c, int d, uint32_t *seq);

/* Fields in_flight, window and rtt_ns of one end: all absent unless TCP. */
void tcp_path_fill(struct flow_end_row *e, const struct flow_table *t, const struct flow *f, int d);

#endif
