/* SPDX-License-Identifier: MIT */
#include "flow/tcp/tcp.h"

#include "flow/app/mptcp.h"
#include "flow/tcp/sack.h"
#include "flow/tcp/state.h"
#include "flow/table_private.h"
#include "flow/tcp/tcp_first.h"
#include "flow/tcp/tcp_loss.h"
#include "flow/tcp/tcp_path.h"
#include "flow/tcp/tcp_rtt.h"
#include "flow/tcp/tcp_straight.h"
#include "flow/tcp/tcp_waits.h"

#define MARK(counter) (1u << TCP_COUNT_##counter)

enum {
	REORDER_NS = 3000000,	       /* out of order before the handshake RTT is known */
	FAST_RETRANSMIT_NS = 20000000, /* after the last duplicate ack */
	FAST_RETRANSMIT_ACKS = 2,
	DUP_ACKS_MAX = INT8_MAX,
	WINDOW_SHIFT_MAX = 14, /* RFC 7323 2.3 */
};

/* A segment and where it belongs. */
struct segment {
	struct flow_table *table;
	struct flow *flow;
	struct flow_cold *cold;
	struct tcp_track *t;
	const struct packet *p;
	uint32_t seq, ack, len;
	uint32_t end; /* sequence number after it; SYN and FIN count one */
	uint16_t window;
	uint8_t flags;
	int d, r; /* direction, and the other one */
};

static bool is_control(const struct segment *s)
{
	return s->flags & (TCP_SYN | TCP_FIN | TCP_RST);
}

/* --- rules 1 to 9: against the state of the own direction ------------------------------------- */

static bool fills_window(const struct segment *s)
{
	const struct tcp_track *t = s->t;
	int scale = t->window_scale[s->r];
	unsigned shift = 0;

	if (s->len == 0 || scale == TCP_SCALE_UNKNOWN)
		return false;
	if (scale != TCP_SCALE_NONE && !(t->flags[s->r] & TCP_UNSCALED))
		shift = (unsigned)(scale - TCP_SCALE_OFFSET);
	return s->seq + s->len == t->last_ack[s->r] + ((uint32_t)t->window[s->r] << shift);
}

/* An empty segment that repeats the last one's numbers: only its window can be news. */
static uint32_t empty_repeat(const struct segment *s)
{
	const struct tcp_track *t = s->t;
	bool same_window = s->window == t->window[s->d] && t->flags[s->d] & TCP_HAS_WINDOW;

	if (s->len || s->seq != t->next_seq[s->d] || s->ack != t->last_ack[s->d])
		return 0;
	if (!same_window)
		return s->window ? MARK(WINDOW_UPDATE) : 0;
	if (s->window == 0)
		return t->probes[s->r] & TCP_PROBE_ZERO_WINDOW ? MARK(ZERO_WINDOW_PROBE_ACK) : 0;
	return t->probes[s->r] & TCP_PROBE_KEEP_ALIVE ? MARK(KEEP_ALIVE_ACK) : MARK(DUPLICATE_ACK);
}

static bool has_closed_window(const struct tcp_track *t, int d)
{
	return t->flags[d] & TCP_HAS_WINDOW && t->window[d] == 0;
}

static uint32_t forward_marks(const struct segment *s)
{
	const struct tcp_track *t = s->t;
	uint32_t next = t->next_seq[s->d], marks = 0;

	if (s->len == 1 && s->seq == next && has_closed_window(t, s->r))
		return MARK(ZERO_WINDOW_PROBE);
	if (next && seq_after(s->seq, next) && !(s->flags & TCP_RST))
		marks |= MARK(LOST_SEGMENT);
	if (is_control(s))
		return marks;
	if (s->window == 0)
		marks |= MARK(ZERO_WINDOW);
	if (s->len <= 1 && s->seq == next - 1)
		marks |= MARK(KEEP_ALIVE);
	if (fills_window(s))
		marks |= MARK(WINDOW_FULL);
	return marks | empty_repeat(s);
}

/* --- rule 10: an ack of what was not seen ----------------------------------------------------- */

static uint32_t ack_marks(const struct segment *s)
{
	struct tcp_track *t = s->t;
	uint32_t limit = t->max_ackable[s->r];
	bool counted = true;

	if (!(s->flags & TCP_ACK) || !limit || !seq_after(s->ack, limit))
		return 0;
	/* Once a hole: the limit moves to what was seen, or a mark says that it could not. */
	if (seq_after(t->next_seq[s->r], limit)) {
		t->max_ackable[s->r] = t->next_seq[s->r];
	} else {
		counted = t->dup_acks[s->r] == 0;
		t->dup_acks[s->r] = -1;
	}
	return counted ? MARK(ACK_LOST_SEGMENT) : 0;
}

/* --- rule 11: data, SYN or FIN that was there before ------------------------------------------ */

/*
 * When did the other end send last? The rare part knows from its second segment on. Without it that
 * segment had no mark: then it brought data, or moved the ack or the window.
 */
static int64_t last_ack_ns(const struct segment *s)
{
	const struct flow_rare *r = flow_rare_peek(s->table, s->flow);
	int64_t data_ns = s->t->next_seq_ns[s->r], moved_ns = s->cold->path.moved_ns[s->r];

	if (r && r->last_ack_ns[s->r])
		return r->last_ack_ns[s->r];
	return moved_ns > data_ns ? moved_ns : data_ns;
}

static bool is_fast_retransmission(const struct segment *s)
{
	int8_t dup_acks = s->t->dup_acks[s->r];

	/* The reference's counter is unsigned: its mark of an unseen segment counts as many. */
	if ((dup_acks >= 0 && dup_acks < FAST_RETRANSMIT_ACKS) || s->t->last_ack[s->r] != s->seq)
		return false;
	return (uint64_t)(s->p->time_ns - last_ack_ns(s)) < FAST_RETRANSMIT_NS;
}

/* A clock that went backwards gives a huge unsigned time, which is no reordering. */
static bool is_out_of_order(const struct segment *s)
{
	bool known = s->t->flags[0] & TCP_HANDSHAKE_DONE;
	uint64_t limit_ns = known ? (uint64_t)s->cold->handshake_ns : REORDER_NS;

	return (uint64_t)(s->p->time_ns - s->t->next_seq_ns[s->d]) < limit_ns &&
	       s->t->next_seq[s->d] != s->end;
}

static uint32_t repeat_marks(const struct segment *s, uint32_t marks)
{
	const struct tcp_track *t = s->t;
	uint32_t next = t->next_seq[s->d];

	if ((s->len == 0 && !(s->flags & (TCP_SYN | TCP_FIN))) || marks & MARK(KEEP_ALIVE))
		return 0;
	if (s->len && t->last_ack[s->r] && !seq_after(s->seq + s->len, t->last_ack[s->r]))
		return MARK(SPURIOUS_RETRANSMISSION) | MARK(RETRANSMISSION);
	if (!next || !seq_after(next, s->seq) || (s->len > 1 && s->seq == next - 1))
		return 0;
	if (is_fast_retransmission(s))
		return MARK(FAST_RETRANSMISSION) | MARK(RETRANSMISSION);
	return is_out_of_order(s) ? MARK(OUT_OF_ORDER) : MARK(RETRANSMISSION);
}

/* --- what the next segment is compared with --------------------------------------------------- */

static void count_dup_acks(const struct segment *s, uint32_t marks)
{
	struct tcp_track *t = s->t;
	int8_t *n = &t->dup_acks[s->d];

	if (marks & MARK(DUPLICATE_ACK)) {
		if (*n < 0)
			*n = 1;
		else if (*n < DUP_ACKS_MAX)
			++*n;
	}
	if (s->ack != t->last_ack[s->d])
		*n = 0;
}

static void advance(const struct segment *s, uint32_t marks)
{
	struct tcp_track *t = s->t;
	uint32_t *next = &t->next_seq[s->d], *limit = &t->max_ackable[s->d];

	if (marks & MARK(ZERO_WINDOW_PROBE))
		return; /* the receiver may well refuse it */
	if (!*next || seq_after(s->end, *next)) {
		*next = s->end;
		t->next_seq_ns[s->d] = s->p->time_ns;
	}
	if (!*limit || *limit == s->seq)
		*limit = *next;
}

__attribute__((always_inline)) static inline void remember(const struct segment *s, uint32_t marks)
{
	struct tcp_track *t = s->t;

	advance(s, marks);
	t->window[s->d] = s->window;
	t->flags[s->d] |= TCP_HAS_WINDOW;
	t->last_ack[s->d] = s->ack;
	t->probes[s->d] = (marks & MARK(KEEP_ALIVE) ? TCP_PROBE_KEEP_ALIVE : 0) |
			  (marks & MARK(ZERO_WINDOW_PROBE) ? TCP_PROBE_ZERO_WINDOW : 0);
	/* Hardly asked for before there is a rare part: see last_ack_ns(). */
	if (s->flow->rare)
		flow_rare_of(s->table, s->flow)->last_ack_ns[s->d] = s->p->time_ns;
}

static void count(const struct segment *s, uint32_t marks)
{
	struct flow_rare *r;

	if (!marks)
		return;
	r = flow_rare_of(s->table, s->flow);
	for (; marks; marks &= marks - 1)
		r->tcp[s->d][__builtin_ctz(marks)]++;
}

/* --- handshake -------------------------------------------------------------------------------- */

static void note_base(const struct segment *s)
{
	struct tcp_track *t = s->t;

	if (!(t->flags[s->d] & TCP_HAS_BASE)) {
		s->cold->path.base_seq[s->d] = s->flags & TCP_SYN ? s->seq : s->seq - 1;
		t->flags[s->d] |= TCP_HAS_BASE;
	}
	if (!(t->flags[s->r] & TCP_HAS_BASE) && (s->flags & TCP_ACK)) {
		s->cold->path.base_seq[s->r] = s->ack - 1;
		t->flags[s->r] |= TCP_HAS_BASE;
	}
}

/* Both ends must offer scaling, or neither scales (RFC 7323 2.2). */
static void note_window_scale(const struct segment *s)
{
	int8_t *scale = s->t->window_scale;
	uint8_t offer = s->p->tcp.window_scale;

	if (offer == TCP_NO_SCALE && scale[s->d] == TCP_SCALE_UNKNOWN)
		scale[s->d] = scale[s->r] = TCP_SCALE_NONE;
	if (offer == TCP_NO_SCALE)
		return;
	if ((s->flags & TCP_ACK) && scale[s->r] == TCP_SCALE_NONE)
		scale[s->d] = TCP_SCALE_NONE;
	else
		scale[s->d] = (int8_t)(TCP_SCALE_OFFSET +
				       (offer < WINDOW_SHIFT_MAX ? offer : WINDOW_SHIFT_MAX));
}

static void note_originator(const struct segment *s)
{
	bool answer = s->flags & TCP_ACK;

	/* The first SYN decides; a SYN-ACK only as long as no SYN was seen. */
	if (s->flow->originator_by == ORIGINATOR_SYN && (answer || s->t->flags[s->r] & TCP_HAS_SYN))
		return;
	s->flow->originator = (uint8_t)(answer ? s->r : s->d);
	s->flow->originator_by = ORIGINATOR_SYN;
}

static bool is_set_back(const struct tcp_track *t, int d)
{
	return t->flags[1] & TCP_SET_BACK << d;
}

/*
 * A SYN with the known number makes the reference expect what follows the data without a hole: the
 * hole is marked once more when data goes on beyond it. Its bytes are not missing twice.
 */
static void set_back(const struct segment *s)
{
	struct tcp_track *t = s->t;
	uint32_t highest = tcp_highest_seq(s->table, s->flow, s->d);

	if (!t->max_ackable[s->d] || t->next_seq[s->d] == t->max_ackable[s->d])
		return;
	flow_rare_of(s->table, s->flow)->highest_seq[s->d] = highest;
	t->next_seq[s->d] = t->max_ackable[s->d];
	t->flags[1] |= TCP_SET_BACK << s->d;
}

uint32_t tcp_highest_seq(const struct flow_table *table, const struct flow *f, int d)
{
	const struct tcp_track *t = &flow_cold_of(table, f)->tcp;
	const struct flow_rare *r = flow_rare_peek(table, f);
	uint32_t next = t->next_seq[d];

	return r && is_set_back(t, d) && seq_after(r->highest_seq[d], next) ? r->highest_seq[d]
									    : next;
}

__attribute__((always_inline)) static inline void note_handshake(const struct segment *s)
{
	uint8_t *done = &s->t->flags[0];

	if (s->flags & TCP_SYN) {
		note_window_scale(s);
		s->t->flags[s->d] |= TCP_UNSCALED | TCP_HAS_SYN;
		if (s->flags & TCP_ACK) {
			s->cold->path.base_seq[s->d] = s->seq;
		} else if (!(*done & TCP_HANDSHAKE_DONE) && s->p->time_ns) {
			s->cold->handshake_ns = s->p->time_ns;
			*done |= TCP_HANDSHAKE_BEGUN;
		}
		return;
	}
	if (!(s->flags & TCP_ACK))
		return;
	s->t->flags[s->d] &= (uint8_t)~TCP_UNSCALED;
	/* Equal times are no measurement: the reference waits for a later ack. */
	if ((*done & (TCP_HANDSHAKE_BEGUN | TCP_HANDSHAKE_DONE)) == TCP_HANDSHAKE_BEGUN &&
	    s->p->time_ns != s->cold->handshake_ns) {
		s->cold->handshake_ns = s->p->time_ns - s->cold->handshake_ns;
		*done |= TCP_HANDSHAKE_DONE;
	}
}

static enum tcp_came came(uint32_t marks)
{
	if (marks & MARK(RETRANSMISSION))
		return TCP_CAME_AGAIN;
	return marks & MARK(OUT_OF_ORDER) ? TCP_CAME_LATE : TCP_CAME_NEW;
}

/* --- together --------------------------------------------------------------------------------- */

bool tcp_is_reuse(const struct flow_cold *c, int d, const struct packet *p)
{
	return (p->tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN &&
	       (c->tcp.flags[d] & TCP_HAS_BASE) && p->tcp.seq != c->path.base_seq[d];
}

static struct segment segment_of(struct flow_table *table, struct flow *f, int d,
				 const struct packet *p)
{
	struct flow_cold *c = flow_cold_of(table, f);
	const struct packet_tcp *h = &p->tcp;

	return (struct segment){
		.table = table,
		.flow = f,
		.cold = c,
		.t = &c->tcp,
		.p = p,
		.seq = h->seq,
		.ack = h->ack,
		.len = p->payload_bytes,
		.end = h->seq + p->payload_bytes + (h->flags & (TCP_SYN | TCP_FIN) ? 1 : 0),
		.window = h->window,
		.flags = h->flags,
		.d = d,
		.r = !d,
	};
}

/* All rules, and what follows from them at once. */
static uint32_t judge(const struct segment *s)
{
	const struct packet *p = s->p;
	uint32_t marks;

	state_segment(s->table, s->flow, s->cold, s->d, p);
	if ((s->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
		set_back(s);
	marks = forward_marks(s);
	count_dup_acks(s, marks);
	marks |= ack_marks(s);
	marks |= repeat_marks(s, marks);
	if (marks & MARK(ACK_LOST_SEGMENT))
		state_gap(s->table, s->flow, s->cold, s->r);
	if (p->tcp.sack_count)
		sack_blocks(s->table, s->flow, s->d, p);
	if (p->tcp.mptcp_has_key || p->tcp.mptcp_has_token)
		mptcp_segment(s->table, s->flow, p);
	if (marks & MARK(RETRANSMISSION))
		sack_retransmission(s->table, s->flow, s->d, p);
	if (s->seq != s->t->next_seq[s->d] || marks & MARK(RETRANSMISSION) ||
	    is_set_back(s->t, s->d))
		tcp_loss_segment(s->table, s->flow, s->d, p, came(marks));
	return marks;
}

static void note_begin(const struct segment *s)
{
	note_base(s);
	if (s->flags & TCP_SYN)
		note_originator(s);
}

static void note_end(const struct segment *s)
{
	if (s->flags & (TCP_FIN | TCP_RST) && state_closed(s->cold))
		s->flow->flags |= FLOW_CLOSED;
}

/* Apart, as tcp_segment(): together with what calls them they would be too much for the registers.
 */
__attribute__((noinline)) void tcp_segment_at_length(struct flow_table *table, struct flow *f,
						     int d, const struct packet *p)
{
	const struct segment s = segment_of(table, f, d, p);
	struct tcp_gap gap = tcp_waits_gap(table, f, d, p);
	uint32_t marks;

	note_begin(&s);
	if (tcp_path_wants(s.t, d, &p->tcp))
		tcp_path_segment(table, f, d, p);
	marks = judge(&s);
	if (s.end != s.seq || s.t->flags[s.r] & TCP_SAMPLING)
		tcp_rtt_segment(s.cold, d, p, s.end, marks & MARK(RETRANSMISSION));
	count(&s, marks);
	table->tcp_marks = marks;
	if (gap.us)
		tcp_waits_segment(table, f, d, p, &gap, marks & MARK(RETRANSMISSION));
	if (marks & MARK(WINDOW_FULL))
		tcp_path_full(table, f, d, p);
	remember(&s, marks);
	note_handshake(&s);
	note_end(&s);
}

/* --- straight segments ------------------------------------------------------------------------ */

/* As remember(), where nothing is marked and the sequence number is the expected one. */
static inline void remember_straight(struct tcp_track *t, int d, const struct packet *p)
{
	uint32_t *next = &t->next_seq[d], *limit = &t->max_ackable[d], was = *next;

	if (p->payload_bytes) {
		*next = was + p->payload_bytes;
		t->next_seq_ns[d] = p->time_ns;
	}
	if (!*limit || *limit == was)
		*limit = *next;
	t->window[d] = p->tcp.window;
	t->last_ack[d] = p->tcp.ack;
	t->probes[d] = 0;
}

/* What is left of the above when no rule has anything to say of a segment. */
static void take_straight(struct flow_table *table, struct flow *f, int d, const struct packet *p)
{
	struct flow_cold *c = flow_cold_of(table, f);
	struct tcp_track *t = &c->tcp;
	struct tcp_gap gap = tcp_waits_straight_gap(table, f, d, p);

	if (tcp_path_wants(t, d, &p->tcp))
		tcp_path_straight(table, f, d, p);
	if (p->tcp.ack != t->last_ack[d])
		t->dup_acks[d] = 0;
	tcp_rtt_straight(c, d, p);
	table->tcp_marks = 0;
	if (gap.us)
		tcp_waits_straight(table, f, d, p, &gap);
	remember_straight(t, d, p);
	if (f->rare)
		flow_rare_peek(table, f)->last_ack_ns[d] = p->time_ns;
}

/* --- the first SYN (flow/tcp/tcp_first.h) ----------------------------------------------------- */

static void take_first_syn(struct flow_table *table, struct flow *f, int d, const struct packet *p)
{
	const struct segment s = segment_of(table, f, d, p);

	note_begin(&s);
	state_first_syn(s.cold, d);
	tcp_rtt_segment(s.cold, d, p, s.end, false);
	table->tcp_marks = 0;
	remember(&s, 0);
	note_handshake(&s);
}

__attribute__((noinline)) void tcp_segment(struct flow_table *table, struct flow *f, int d,
					   const struct packet *p)
{
	if (tcp_is_straight(&flow_cold_of(table, f)->tcp, d, p))
		take_straight(table, f, d, p);
	else if (tcp_is_first_syn(f, p, table->before_ns))
		take_first_syn(table, f, d, p);
	else
		tcp_segment_at_length(table, f, d, p);
}

void tcp_first_fragment(struct flow_table *table, struct flow *f, int d, const struct packet *p)
{
	flow_rare_of(table, f)->fragment_end[d] = p->tcp.seq + p->payload_bytes;
}

void tcp_later_fragment(struct flow_table *table, struct flow *f, int d, uint32_t bytes)
{
	struct tcp_track *t = &flow_cold_of(table, f)->tcp;
	uint32_t end = flow_rare_of(table, f)->fragment_end[d] += bytes;

	if (!seq_after(end, t->next_seq[d]))
		return; /* sent before */
	if (t->max_ackable[d] == t->next_seq[d])
		t->max_ackable[d] = end;
	t->next_seq[d] = end;
}
