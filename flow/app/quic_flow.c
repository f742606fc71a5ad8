/* SPDX-License-Identifier: MIT */
#include "flow/app/quic_flow.h"

enum {
	LONG = 0x80,
	FIXED = 0x40,
	SPIN = 0x20,
	RANDOM_EDGES = 4, /* more than one edge for so many packets is no round trip ... */
	RANDOM_FROM = 16, /* ... once there are so many */
};

static void sample(struct quic_flow *q, int64_t rtt_ns)
{
	if (rtt_ns < 0)
		return;
	if (!q->samples || rtt_ns < q->min_ns)
		q->min_ns = rtt_ns;
	if (rtt_ns > q->max_ns)
		q->max_ns = rtt_ns;
	q->sum_ns += rtt_ns;
	q->samples++;
}

void quic_flow_datagram(struct quic_flow *q, int d, struct cursor datagram, int64_t time_ns)
{
	struct quic_spin *s = &q->dir[d];
	uint8_t first = cursor_u8(&datagram);
	bool value = first & SPIN;

	if (datagram.bad || (first & (LONG | FIXED)) != FIXED)
		return;
	if (s->packets++ && value != s->value) {
		if (s->edges++)
			sample(q, time_ns - s->edge_ns);
		s->edge_ns = time_ns;
	}
	s->value = value;
}

static bool is_random(const struct quic_spin *s)
{
	return s->packets >= RANDOM_FROM && s->edges > s->packets / RANDOM_EDGES;
}

void quic_flow_fill(struct flow_row *row, const struct quic_flow *q)
{
	row->quic_rtt_ns = (struct half_rtt_row){ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT};
	if (!q || !q->samples || is_random(&q->dir[0]) || is_random(&q->dir[1]))
		return;
	row->quic_rtt_ns.min = q->min_ns;
	row->quic_rtt_ns.avg = q->sum_ns / q->samples;
	row->quic_rtt_ns.max = q->max_ns;
	row->quic_rtt_ns.samples = q->samples;
}
