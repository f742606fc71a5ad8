/* SPDX-License-Identifier: MIT */
#include "flow/tcp/tcp_waits.h"

#include "flow/tcp/state.h"
#include "flow/table_private.h"
#include "flow/tcp/tcp.h"
#include "flow/tcp/tcp_path.h"

enum {
	NS = 1000,	   /* in a microsecond */
	SLACK_US = 50,	   /* what a host takes to answer by itself */
	PROMPT_US = 1000,  /* beyond round trips: delayed by somebody */
	SMALL_BYTES = 536, /* RFC 9293 3.7.1: less than any full segment */
	SMALL_GAP_US = 200,
	RETRANSMIT_US = 200000, /* no common host sends again sooner; RFC 6298 2.4 wants a second */
	ACK_DELAY_US =
		200000, /* no common host acks later; RFC 1122 4.2.3.2 allows half a second */
};

/* A gap and what it lies between: the segment that ends it comes from x. */
struct wait {
	struct flow_table *table;
	struct flow *flow;
	struct flow_cold *cold;
	const struct packet *p;
	const struct tcp_gap *gap;
	int x, y;
	uint32_t sent, awaited; /* outstanding of x, of y */
};

/* --- what was outstanding --------------------------------------------------------------------- */

/* Data, SYN or FIN of end x that the other end did not acknowledge yet. */
static uint32_t outstanding(const struct tcp_track *t, int x)
{
	uint32_t next = t->next_seq[x], ack = t->last_ack[x ^ 1];

	return next && ack && (int32_t)(next - ack) > 0 ? next - ack : 0;
}

/* End y waits for a lost segment: it has data behind it, which takes room until it comes. */
static bool has_hole(const struct flow_rare *r, const struct tcp_track *t, int y)
{
	const struct sack_seen *sack = r ? &r->sack[!y] : NULL;

	for (unsigned i = 0; sack && i < sack->count; i++)
		if (seq_after(sack->range[i].right, t->last_ack[y]))
			return true;
	return t->dup_acks[y] > 0;
}

/* What end y lets the other end send, at least: 0 when its window is closed. */
static uint64_t least_room(const struct tcp_track *t, int y)
{
	int scale = t->window_scale[y];

	return (uint64_t)t->window[y] << (scale > TCP_SCALE_OFFSET ? scale - TCP_SCALE_OFFSET : 0);
}

/* End y lets the other end send nothing more. */
static bool has_no_room(const struct tcp_track *t, int y)
{
	if (outstanding(t, !y) < least_room(t, y)) /* most often */
		return false;
	if ((t->flags[y] & (TCP_HAS_WINDOW | TCP_UNSCALED)) != TCP_HAS_WINDOW ||
	    t->letters[!y] & HISTORY_FIN || (t->letters[0] | t->letters[1]) & HISTORY_RST)
		return false;
	return !t->window[y] || t->window_scale[y] != TCP_SCALE_UNKNOWN;
}

/* Only then is the flow's rare part asked for. */
static bool holds_back(const struct flow_table *t, const struct flow *f, int y)
{
	const struct tcp_track *track = &flow_cold_of(t, f)->tcp;

	return has_no_room(track, y) && !has_hole(flow_rare_peek(t, f), track, y);
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* No end may have held the other one back. */
static inline bool has_room(const struct tcp_track *t, const struct tcp_gap *gap, int d)
{
	return gap->sent < least_room(t, d ^ 1) && gap->awaited < least_room(t, d);
}

static inline bool moved_last(const struct flow_cold *c, int d)
{
	const int64_t *data_ns = c->tcp.next_seq_ns, *moved_ns = c->path.moved_ns;

	return later(data_ns[d], moved_ns[d]) >= later(data_ns[!d], moved_ns[!d]);
}

struct tcp_gap tcp_waits_gap(const struct flow_table *t, const struct flow *f, int d,
			     const struct packet *p)
{
	const struct flow_cold *c = flow_cold_of(t, f);
	struct tcp_gap gap = {.us = p->time_ns / NS - t->before_ns / NS};

	if (gap.us <= 0) {
		gap.us = 0;
		return gap;
	}
	gap.sent = outstanding(&c->tcp, d);
	gap.awaited = outstanding(&c->tcp, d ^ 1);
	if (!has_room(&c->tcp, &gap, d)) {
		gap.holder = holds_back(t, f, 1);
		gap.held = gap.holder || holds_back(t, f, 0);
	}
	gap.after_other = moved_last(c, !d);
	return gap;
}

/* Each limit is the least that the rule for such a segment asks for: see "charging" below. */
static inline bool costs_nothing(const struct flow *f, const struct flow_cold *c,
				 const struct tcp_gap *gap, int64_t ns, const struct packet *p)
{
	if (ns > PROMPT_US * NS)
		return false;
	if (!p->payload_bytes)
		return gap->awaited;
	if (c->path.pending_us)
		return false; /* this segment ends that */
	if (gap->sent)
		return p->payload_bytes >= SMALL_BYTES || ns <= SMALL_GAP_US * NS;
	return ns <= SLACK_US * NS && !(f->flags & FLOW_HAS_SOCKET);
}

struct tcp_gap tcp_waits_straight_gap(const struct flow_table *t, const struct flow *f, int d,
				      const struct packet *p)
{
	const struct flow_cold *c = flow_cold_of(t, f);
	int64_t ns = p->time_ns - t->before_ns;
	struct tcp_gap gap = {0};

	if (ns <= 0)
		return gap;
	gap.sent = outstanding(&c->tcp, d);
	gap.awaited = outstanding(&c->tcp, d ^ 1);
	if (!has_room(&c->tcp, &gap, d))
		return tcp_waits_gap(t, f, d, p);
	if (costs_nothing(f, c, &gap, ns, p))
		return gap;
	gap.us = p->time_ns / NS - t->before_ns / NS;
	gap.after_other = moved_last(c, !d);
	return gap;
}

/* From the tap to an end and back: what a segment of that end takes to answer. */
static int64_t half_path_us(const struct flow_cold *c, int end)
{
	return c->rtt_count[!end] ? c->rtt_min_ns[!end] / NS : 0;
}

/* --- charging --------------------------------------------------------------------------------- */

/* Its segments get lost before we see them, and this is as long as it takes to send one again. */
static bool may_be_loss(const struct wait *w, int end, int64_t us)
{
	const struct flow_rare *r = flow_rare_peek(w->table, w->flow);

	return us >= RETRANSMIT_US && r && r->tcp[end][TCP_COUNT_LOST_SEGMENT];
}

static void charge_app(struct wait *w, int end, int64_t us)
{
	struct tcp_path *path;

	if (!us)
		return;
	path = tcp_path_of(w->cold);
	if (may_be_loss(w, end, us)) {
		flow_rare_of(w->table, w->flow)->unsure_us += (uint64_t)us;
		return;
	}
	if (us > UINT32_MAX - path->app_us[end]) { /* an hour */
		flow_rare_of(w->table, w->flow)->app_us[end] += (uint64_t)us + path->app_us[end];
		path->app_us[end] = 0;
		return;
	}
	path->app_us[end] += (uint32_t)us;
}

/* Time of which the next segment will tell whose it was. */
static void put_off(struct wait *w, int64_t us)
{
	struct tcp_path *path;

	if (us <= 0)
		return;
	path = tcp_path_of(w->cold);
	us += path->pending_us;
	path->pending_us = us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

static int64_t take_pending(struct wait *w)
{
	int64_t us = w->cold->path.pending_us;

	w->cold->path.pending_us = 0;
	return us;
}

/* --- a segment with data, SYN or FIN ---------------------------------------------------------- */

/* Everything was acknowledged: the silence is that of who breaks it. */
static int64_t after_silence_us(const struct wait *w)
{
	int64_t near = w->gap->after_other ? half_path_us(w->cold, w->x) : 0;

	return w->gap->us > near + near / 2 + SLACK_US ? w->gap->us - near : 0;
}

/* Data is on its way already: an ack lets more follow at once, and so does nothing at all. */
static int64_t behind_data_us(const struct wait *w)
{
	int64_t near = half_path_us(w->cold, w->x), prompt = SMALL_GAP_US, all;
	bool small = w->p->payload_bytes < SMALL_BYTES && w->p->tcp.flags & TCP_PSH;

	if (w->gap->after_other)
		return w->gap->us > 2 * near + PROMPT_US ? w->gap->us - near : 0;
	if (!small) {
		all = near + half_path_us(w->cold, w->y);
		prompt = PROMPT_US > all / 2 ? PROMPT_US : all / 2;
	}
	return w->gap->us > prompt ? w->gap->us : 0;
}

/* It gives up, after it had the last word: it was the other end's turn. */
static bool gives_up(const struct wait *w)
{
	const int64_t *said_ns = w->cold->tcp.next_seq_ns;

	return w->p->tcp.flags & (TCP_FIN | TCP_RST) && !w->p->payload_bytes &&
	       w->cold->tcp.letters[w->x] & HISTORY_DATA && said_ns[w->x] > said_ns[w->y];
}

/* No ack came, and then the answer: the way back, or the way there, lost what we did not see again.
 */
static bool was_lost_elsewhere(const struct wait *w)
{
	return w->gap->after_other && w->awaited &&
	       w->gap->us > half_path_us(w->cold, w->x) + ACK_DELAY_US;
}

/* The other end had spoken last, and had to wait for this. */
static void tell_answer(const struct wait *w)
{
	const struct flow_table_options *o = &w->table->o;
	const int64_t *said_ns = w->cold->tcp.next_seq_ns;

	if (o->on_answer && w->p->payload_bytes && said_ns[w->y] > said_ns[w->x])
		o->on_answer(o->ctx, w->flow, w->x,
			     w->p->time_ns - said_ns[w->y] - half_path_us(w->cold, w->x) * NS);
}

static void end_silence(struct wait *w)
{
	bool quiet = !w->sent;
	int64_t us = quiet ? after_silence_us(w) : behind_data_us(w), pending = take_pending(w);

	if (quiet && w->flow->flags & FLOW_HAS_SOCKET)
		tell_answer(w);
	/* What follows at once had waited for just that: the pending time was the network's. */
	if (us && !was_lost_elsewhere(w))
		charge_app(w, quiet && gives_up(w) ? w->y : w->x, us + pending);
}

/* --- any other segment ------------------------------------------------------------------------ */

/* An ack that took longer than the path does was held back, or nobody waited for it. */
static void prolong_silence(struct wait *w)
{
	int64_t near = half_path_us(w->cold, w->x);

	if (!w->awaited)
		put_off(w, w->gap->us);
	else if (w->gap->us > 2 * near + PROMPT_US)
		put_off(w, w->gap->us - near);
}

/* Nothing but the SYN of y was ever acknowledged: is the path broken, or does nobody accept? */
static bool is_unanswered(const struct wait *w)
{
	const struct flow_cold *c = w->cold;

	return w->p->tcp.flags & TCP_SYN || c->tcp.last_ack[w->y] == c->path.base_seq[w->x] + 1;
}

static void repeat(struct wait *w)
{
	struct flow_rare *r = flow_rare_of(w->table, w->flow);

	*(is_unanswered(w) ? &r->unanswered_us : &r->loss_us) += (uint64_t)w->gap->us;
}

static bool is_new(const struct wait *w)
{
	const struct packet *p = w->p;
	uint32_t end = p->tcp.seq + p->payload_bytes + !!(p->tcp.flags & (TCP_SYN | TCP_FIN));
	uint32_t next = w->cold->tcp.next_seq[w->x];

	return p->tcp.flags & TCP_RST || (end != p->tcp.seq && (!next || seq_after(end, next)));
}

void tcp_waits_segment(struct flow_table *t, struct flow *f, int d, const struct packet *p,
		       const struct tcp_gap *gap, bool again)
{
	const struct flow_cold *c = flow_cold_of(t, f);
	struct wait w = {t,
			 f,
			 flow_cold_of(t, f),
			 p,
			 gap,
			 d,
			 !d,
			 outstanding(&c->tcp, d),
			 outstanding(&c->tcp, !d)}; /* a SYN may have set that back */

	if (f->flags & FLOW_CLOSED)
		return;
	if (gap->held)
		flow_rare_of(t, f)->receiver_us[gap->holder] += (uint64_t)gap->us;
	else if (again)
		repeat(&w);
	else if (is_new(&w))
		end_silence(&w);
	else
		prolong_silence(&w);
}

void tcp_waits_straight(struct flow_table *t, struct flow *f, int d, const struct packet *p,
			const struct tcp_gap *gap)
{
	struct wait w = {t, f, flow_cold_of(t, f), p, gap, d, !d, gap->sent, gap->awaited};

	if (f->flags & FLOW_CLOSED)
		return;
	if (gap->held)
		flow_rare_of(t, f)->receiver_us[gap->holder] += (uint64_t)gap->us;
	else if (p->payload_bytes)
		end_silence(&w);
	else
		prolong_silence(&w);
}

/* --- sums ------------------------------------------------------------------------------------- */

/* Whose turn it is: of a silence that nobody has ended. */
static int expected(const struct tcp_track *t)
{
	return t->next_seq_ns[0] > t->next_seq_ns[1];
}

static void add_rare(struct tcp_waits *out, const struct flow_rare *r)
{
	for (int d = 0; d < 2; d++) {
		out->app[d] += (int64_t)r->app_us[d] * NS;
		out->receiver[d] = (int64_t)r->receiver_us[d] * NS;
	}
	out->loss = (int64_t)r->loss_us * NS;
	out->unanswered = (int64_t)r->unanswered_us * NS;
	out->unknown = out->unanswered + (int64_t)r->unsure_us * NS;
}

/* The time since the last segment of a live connection. */
static void add_present(struct tcp_waits *out, const struct flow_table *t, const struct flow *f)
{
	const struct tcp_track *track = &flow_cold_of(t, f)->tcp;
	int64_t ns =
		t->patient || f->flags & (FLOW_CLOSED | FLOW_ENDED) ? 0 : t->now_ns - f->last_ns;

	if (ns <= 0)
		return;
	out->life += ns;
	if (holds_back(t, f, 0) || holds_back(t, f, 1)) {
		out->receiver[holds_back(t, f, 1)] += ns;
	} else if (!track->last_ack[0] || !track->last_ack[1]) {
		out->unknown += ns;
		out->unanswered += ns;
	} else if (!outstanding(track, 0) && !outstanding(track, 1)) {
		out->app[expected(track)] += ns;
	}
}

void tcp_waits_of(struct tcp_waits *out, const struct flow_table *t, const struct flow *f)
{
	const struct flow_cold *c = flow_cold_of(t, f);
	const struct flow_rare *r = flow_rare_peek(t, f);

	*out = (struct tcp_waits){.life = f->last_ns - f->start_ns};
	for (int d = 0; d < 2; d++)
		out->app[d] = (int64_t)c->path.app_us[d] * NS;
	out->app[expected(&c->tcp)] += (int64_t)c->path.pending_us * NS;
	if (r)
		add_rare(out, r);
	add_present(out, t, f);
	out->network = out->life - out->app[0] - out->app[1] - out->receiver[0] - out->receiver[1] -
		       out->unknown;
	if (out->network < 0) /* stamps went backwards */
		out->network = 0;
}
