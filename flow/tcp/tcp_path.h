/* SPDX-License-Identifier: MIT
 *
 * What the acks and windows of a TCP connection tell about its path (RFC 9293 3.8.6, RFC 7323 2):
 * data in flight, receive windows, and the half path between the tap and each end.
 *
 * A tap in the middle cannot see when a segment leaves or arrives at a host: "in flight" is what
 * has passed the tap and whose ack has not. That is most just before an ack moves, and windows
 * matter only when they move: other segments are not looked at.
 */
#ifndef SOCKLENS_FLOW_TCP_PATH_H
#define SOCKLENS_FLOW_TCP_PATH_H

#include "decode/packet.h"
#include "flow/flow.h"

struct flow_table;

/* Something moved: ack or window, or the connection is reset. Before the segment is remembered. */
static inline bool tcp_path_wants(const struct tcp_track *t, int d, const struct packet_tcp *h)
{
	return h->ack != t->last_ack[d] || h->window != t->window[d] || h->flags & TCP_RST;
}
void tcp_path_segment(struct flow_table *t, struct flow *f, int d, const struct packet *p);
/* The same for a segment that flow/tcp/tcp_straight.h knows. */
void tcp_path_straight(struct flow_table *t, struct flow *f, int d, const struct packet *p);

/* A segment of direction d filled the window of the other end. */
void tcp_path_full(struct flow_table *t, struct flow *f, int d, const struct packet *p);

/* A RST of direction d is about to take the place of a FIN in close_seq. */
void tcp_path_keep_fin(struct flow_cold *c, int d);

/* The part of the flow that keeps it, of which there is something to keep from now on. */
static inline struct tcp_path *tcp_path_of(struct flow_cold *c)
{
	c->path.has |= TCP_PATH_BEGUN;
	return &c->path;
}

/* The highest number that end d acknowledged. False when it acknowledged nothing. */
bool tcp_path_high_ack(const struct flow_cold *c, int d, uint32_t *ack);

/* Where end d's data ended, by its FIN. False without one. */
bool tcp_path_data_end(const struct flow_cold *c, int d, uint32_t *seq);

/* Fields in_flight, window and rtt_ns of one end: all absent unless TCP. */
void tcp_path_fill(struct flow_end_row *e, const struct flow_table *t, const struct flow *f, int d);

#endif
