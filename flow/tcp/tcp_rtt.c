/* SPDX-License-Identifier: MIT */
#include "flow/tcp/tcp_rtt.h"

#include "flow/tcp/tcp.h"

static void sample(struct flow_cold *c, int d, int64_t ns)
{
	uint32_t v = ns > UINT32_MAX ? UINT32_MAX : (uint32_t)ns;

	if (ns < 0 || c->rtt_count[d] == UINT16_MAX)
		return;
	if (!c->rtt_count[d] || v < c->rtt_min_ns[d])
		c->rtt_min_ns[d] = v;
	if (v > c->rtt_max_ns[d])
		c->rtt_max_ns[d] = v;
	c->rtt_sum_ns[d] += ns;
	c->rtt_count[d]++;
}

/* The ack of the other direction's timed segment. */
static void take_ack(struct flow_cold *c, int sender, const struct packet *p)
{
	struct tcp_track *t = &c->tcp;
	bool by_ts = t->flags[sender] & TCP_SAMPLE_TS;

	if (!(t->flags[sender] & TCP_SAMPLING) || seq_after(t->rtt_seq[sender], p->tcp.ack))
		return;
	t->flags[sender] &= (uint8_t) ~(TCP_SAMPLING | TCP_SAMPLE_TS);
	/* It may echo an earlier copy or segment: then the time would be too short. */
	if (by_ts && p->tcp.has_timestamp && seq_after(c->rtt_ts[sender], p->tcp.ts_echo))
		return;
	sample(c, sender, p->time_ns - c->rtt_sent_ns[sender]);
}

static void start(struct flow_cold *c, int d, const struct packet *p, uint32_t end)
{
	struct tcp_track *t = &c->tcp;

	t->rtt_seq[d] = end;
	c->rtt_sent_ns[d] = p->time_ns;
	c->rtt_ts[d] = p->tcp.ts_value;
	t->flags[d] |= TCP_SAMPLING | (p->tcp.has_timestamp ? TCP_SAMPLE_TS : 0);
}

/* The timed segment is sent again: time the copy if acks can tell it apart, else give up. */
static void repeated(struct flow_cold *c, int d, const struct packet *p)
{
	struct tcp_track *t = &c->tcp;
	bool apart = t->flags[d] & TCP_SAMPLE_TS && p->tcp.has_timestamp &&
		     p->tcp.ts_value != c->rtt_ts[d];

	if (!apart) {
		t->flags[d] &= (uint8_t) ~(TCP_SAMPLING | TCP_SAMPLE_TS);
		return;
	}
	c->rtt_sent_ns[d] = p->time_ns;
	c->rtt_ts[d] = p->tcp.ts_value;
}

void tcp_rtt_segment(struct flow_cold *c, int d, const struct packet *p, uint32_t end,
		     bool retransmission)
{
	struct tcp_track *t = &c->tcp;

	if (p->tcp.flags & TCP_RST)
		return;
	if (p->tcp.flags & TCP_ACK)
		take_ack(c, !d, p);
	if (end == p->tcp.seq)
		return; /* nothing that is acknowledged */
	if (t->flags[d] & TCP_SAMPLING) {
		if (retransmission && seq_after(t->rtt_seq[d], p->tcp.seq))
			repeated(c, d, p);
	} else if (!retransmission && (!t->next_seq[d] || seq_after(end, t->next_seq[d]))) {
		start(c, d, p, end);
	}
}

void tcp_rtt_straight(struct flow_cold *c, int d, const struct packet *p)
{
	if (c->tcp.flags[d ^ 1] & TCP_SAMPLING)
		take_ack(c, d ^ 1, p);
	if (p->payload_bytes && !(c->tcp.flags[d] & TCP_SAMPLING))
		start(c, d, p, p->tcp.seq + p->payload_bytes);
}

void tcp_rtt_fill(struct tcp_rtt *out, const struct flow_cold *c)
{
	*out = (struct tcp_rtt){ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, 0};
	for (int d = 0; d < 2; d++) {
		if (!c->rtt_count[d])
			continue;
		if (!out->samples)
			out->min = out->avg = out->max = 0;
		out->min += c->rtt_min_ns[d];
		out->avg += c->rtt_sum_ns[d] / c->rtt_count[d];
		out->max += c->rtt_max_ns[d];
		out->samples += c->rtt_count[d];
	}
}
