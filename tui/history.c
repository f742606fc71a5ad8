/* SPDX-License-Identifier: MIT */
#include "tui/history.h"

#include <stdbool.h>
#include <string.h>

#include "base/saturate.h"

void history_clear(struct history *h)
{
	h->id = 0;
	h->count = 0;
	h->each = h->in_last = 1;
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b; /* ROW_ABSENT is less than all */
}

static void join(struct history_point *x, const struct history_point *y)
{
	x->time_ns = y->time_ns;
	x->bytes[0] += y->bytes[0];
	x->bytes[1] += y->bytes[1];
	x->rtt_ns = larger(x->rtt_ns, y->rtt_ns);
	x->in_flight = larger(x->in_flight, y->in_flight);
}

/* From now on a point stands for twice as many samples, and so do those that are there. */
static void halve(struct history *h)
{
	h->count /= 2;
	for (unsigned i = 0; i < h->count; i++) {
		struct history_point pair = h->points[2 * i];

		join(&pair, &h->points[2 * i + 1]);
		h->points[i] = pair;
	}
	h->each *= 2;
	h->in_last = h->each;
}

static void add(struct history *h, const struct history_point *p)
{
	if (h->count && h->in_last < h->each) {
		join(&h->points[h->count - 1], p);
		h->in_last++;
		return;
	}
	if (h->count == HISTORY_POINTS)
		halve(h);
	h->points[h->count++] = *p;
	h->in_last = 1;
}

/* --- from answers --------------------------------------------------------------------------- */

static int64_t in_flight(const struct flow_row *row)
{
	int64_t src = row->src.ledger.in_flight, dst = row->dst.ledger.in_flight;

	if (src == ROW_ABSENT || dst == ROW_ABSENT)
		return larger(src, dst);
	return src + dst;
}

/* The average of the round trips that came on top since the last sample. */
static int64_t recent_rtt(struct history *h, const struct flow_row *row)
{
	int64_t n = row->rtt_ns.samples, sum_ns, rtt_ns = ROW_ABSENT;

	if (n <= 0 || row->rtt_ns.avg == ROW_ABSENT)
		return ROW_ABSENT;
	sum_ns = row->rtt_ns.avg * n;
	if (n > h->rtt_samples)
		rtt_ns = larger(0, (sum_ns - h->rtt_sum_ns) / (n - h->rtt_samples));
	h->rtt_samples = n;
	h->rtt_sum_ns = sum_ns;
	return rtt_ns;
}

void history_sample(struct history *h, const struct flow_row *row, int64_t now_ns)
{
	const int64_t bytes[2] = {row->src.payload_bytes, row->dst.payload_bytes};
	bool first = h->id != row->id;
	struct history_point p = {.time_ns = now_ns, .in_flight = in_flight(row)};

	if (first) {
		history_clear(h);
		h->id = row->id;
		h->rtt_samples = h->rtt_sum_ns = 0;
	} else if (h->count && now_ns <= h->points[h->count - 1].time_ns) {
		return;
	}
	p.rtt_ns = recent_rtt(h, row);
	/* What was before the flow was opened is of no known time. */
	for (int i = 0; i < 2; i++) {
		p.bytes[i] = first ? 0 : larger(0, bytes[i] - h->bytes[i]);
		h->bytes[i] = bytes[i];
	}
	add(h, &p);
}

/* --- from frames ---------------------------------------------------------------------------- */

/* What one end has sent, as far as its frames tell. */
struct sent {
	uint32_t end, acked; /* sequence numbers: highest sent, highest acknowledged */
	uint32_t timed;	     /* this ack completes the measurement under way */
	int64_t since_ns;
	bool known, acks_known, timing;
};

static bool is_after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

static void note_sent(struct sent *s, const struct recent_note *n)
{
	uint32_t end = n->seq + n->bytes + (n->flags & (TCP_SYN | TCP_FIN) ? 1 : 0);

	if (n->marks & 1 << TCP_COUNT_RETRANSMISSION)
		s->timing = false; /* whose ack comes is not known (RFC 6298) */
	if (s->known && !is_after(end, s->end))
		return;
	if (end != n->seq && !s->timing && !(n->marks & 1 << TCP_COUNT_RETRANSMISSION)) {
		s->timing = true;
		s->timed = end;
		s->since_ns = n->time_ns;
	}
	s->end = end;
	s->known = true;
}

/* The delay that an ack tells, or ROW_ABSENT. */
static int64_t note_acked(struct sent *s, const struct recent_note *n)
{
	if (!(n->flags & TCP_ACK))
		return ROW_ABSENT;
	if (!s->acks_known || is_after(n->ack, s->acked))
		s->acked = n->ack;
	s->acks_known = true;
	if (!s->timing || is_after(s->timed, n->ack))
		return ROW_ABSENT;
	s->timing = false;
	return n->time_ns - s->since_ns;
}

static int64_t outstanding(const struct sent *s)
{
	return s->known && s->acks_known && is_after(s->end, s->acked) ? s->end - s->acked : 0;
}

void history_of_frames(struct history *h, const struct flow_frames *frames)
{
	struct sent sent[2] = {{0}, {0}};

	history_clear(h);
	h->id = frames->id;
	for (uint32_t i = 0; i < frames->count; i++) {
		const struct recent_note *n = &frames->notes[i];
		struct history_point p = {.time_ns = n->time_ns, .rtt_ns = ROW_ABSENT,
					  .in_flight = ROW_ABSENT};

		if (n->kind != RECENT_FRAME)
			continue;
		p.bytes[n->end] = n->bytes;
		if (n->flags) {
			note_sent(&sent[n->end], n);
			p.rtt_ns = note_acked(&sent[!n->end], n);
			p.in_flight = outstanding(&sent[0]) + outstanding(&sent[1]);
		}
		add(h, &p);
	}
}

/* --- lines ---------------------------------------------------------------------------------- */

int64_t history_span_ns(const struct history *h)
{
	return h->count ? h->points[h->count - 1].time_ns - h->points[0].time_ns : 0;
}

/* Bytes add up over a part of the time; of all else the most counts. */
static void put(int64_t *out, const struct history_point *p, enum history_line line)
{
	switch (line) {
	case HISTORY_UP: *out += p->bytes[0]; break;
	case HISTORY_DOWN: *out += p->bytes[1]; break;
	case HISTORY_RTT: *out = larger(*out, p->rtt_ns); break;
	default: *out = larger(*out, p->in_flight); break;
	}
}

int64_t history_line(const struct history *h, enum history_line line, int64_t *out, unsigned n)
{
	double span_ns = (double)history_span_ns(h);
	int64_t most = 0;

	memset(out, 0, n * sizeof(*out));
	if (span_ns <= 0 || !n)
		return 0;
	for (unsigned i = 0; i < h->count; i++) {
		double at = (double)(h->points[i].time_ns - h->points[0].time_ns) / span_ns * n;

		put(&out[at < 0 ? 0 : at >= n ? n - 1 : (unsigned)at], &h->points[i], line);
	}
	for (unsigned i = 0; i < n; i++) {
		if (line == HISTORY_UP || line == HISTORY_DOWN)
			out[i] = saturate_rate((double)out[i] * 8, span_ns / n);
		most = larger(most, out[i]);
	}
	return most;
}
