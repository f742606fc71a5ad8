/* SPDX-License-Identifier: MIT */
#include "flow/tcp/tcp_path.h"

#include "flow/tcp/state.h"
#include "flow/table_private.h"
#include "flow/tcp/tcp.h"

/* RFC 7323 2.3: no window is larger; a number further away is no data in flight. */
enum { WINDOW_MAX = 1 << 30 };

/* --- data in flight --------------------------------------------------------------------------- */

bool tcp_path_high_ack(const struct flow_cold *c, int d, uint32_t *ack)
{
	uint32_t last = c->tcp.last_ack[d], high = c->path.high_ack[d];

	if (!last && !high)
		return false;
	*ack = last && (!high || seq_after(last, high)) ? last : high;
	return true;
}

bool tcp_path_data_end(const struct flow_cold *c, int d, uint32_t *seq)
{
	if (!(c->tcp.letters[d] & HISTORY_FIN))
		return false;
	*seq = c->fin_seq[d] ? c->fin_seq[d] : c->close_seq[d];
	return true;
}

/* Bytes of end d that passed and are not acknowledged; SYN and FIN are none. */
static uint32_t in_flight(const struct flow_cold *c, int d)
{
	uint32_t end = c->tcp.next_seq[d], from = c->path.base_seq[d] + 1, ack, fin;

	if (tcp_path_high_ack(c, !d, &ack) && seq_after(ack, from))
		from = ack;
	if (tcp_path_data_end(c, d, &fin) && seq_after(end, fin))
		end = fin;
	return seq_after(end, from) && end - from <= WINDOW_MAX ? end - from : 0;
}

static void ack_moved(struct flow_cold *c, int d, const struct packet *p)
{
	uint32_t last = c->tcp.last_ack[d], most = in_flight(c, !d);
	bool back = last && (!(p->tcp.flags & TCP_ACK) || seq_after(last, p->tcp.ack));
	struct tcp_path *path = back || most ? tcp_path_of(c) : NULL;

	if (!path)
		return;
	if (most > path->in_flight_max[!d])
		path->in_flight_max[!d] = most;
	if (back && (!path->high_ack[d] || seq_after(last, path->high_ack[d])))
		path->high_ack[d] = last;
}

/* --- windows ---------------------------------------------------------------------------------- */

/* Does the track hold a window that means what it says? */
static bool has_window(const struct flow_cold *c, int d)
{
	return (c->tcp.flags[d] & (TCP_HAS_WINDOW | TCP_UNSCALED)) == TCP_HAS_WINDOW &&
	       !(c->tcp.letters[d] & HISTORY_RST);
}

static bool keeps_window(const struct tcp_path *path, int d)
{
	return path->has & TCP_PATH_WINDOW << d;
}

/* The window that is about to be replaced. */
static void keep_window(struct flow_cold *c, int d)
{
	uint16_t window = c->tcp.window[d];
	struct tcp_path *path = has_window(c, d) ? tcp_path_of(c) : NULL;

	if (!path)
		return;
	if (!keeps_window(path, d) || window < path->window_min[d])
		path->window_min[d] = window;
	if (window > path->window_max[d])
		path->window_max[d] = window;
	path->has |= TCP_PATH_WINDOW << d;
}

static void stop_clock(int64_t *since_ns, int64_t *sum_ns, int64_t now_ns)
{
	if (*since_ns && now_ns > *since_ns)
		*sum_ns += now_ns - *since_ns;
	*since_ns = 0;
}

/* A closed window matters as long as the peer may still send. */
static void time_zero_window(struct flow_table *t, struct flow *f, const struct flow_cold *c, int d,
			     const struct packet *p)
{
	bool closed = !p->tcp.window && !(p->tcp.flags & (TCP_SYN | TCP_RST)) &&
		      !(c->tcp.letters[!d] & HISTORY_FIN);
	struct flow_rare *r = closed ? flow_rare_of(t, f) : f->rare ? flow_rare_of(t, f) : NULL;

	if (!r)
		return;
	if (!closed)
		stop_clock(&r->zero_since_ns[d], &r->zero_ns[d], p->time_ns);
	else if (!r->zero_since_ns[d])
		r->zero_since_ns[d] = p->time_ns;
}

static inline void note_moves(struct flow_cold *c, int d, const struct packet *p)
{
	if (p->tcp.ack != c->tcp.last_ack[d])
		ack_moved(c, d, p);
	if (p->tcp.window != c->tcp.window[d] || p->tcp.flags & TCP_RST)
		keep_window(c, d);
	if (c->path.has & TCP_PATH_BEGUN)
		c->path.moved_ns[d] = p->time_ns;
}

void tcp_path_segment(struct flow_table *t, struct flow *f, int d, const struct packet *p)
{
	struct flow_cold *c = flow_cold_of(t, f);
	struct flow_rare *r;

	note_moves(c, d, p);
	time_zero_window(t, f, c, d, p);
	if (!f->rare)
		return;
	r = flow_rare_of(t, f);
	stop_clock(&r->full_since_ns[d], &r->full_ns[d], p->time_ns);
}

/* Its window is open. */
void tcp_path_straight(struct flow_table *t, struct flow *f, int d, const struct packet *p)
{
	struct flow_rare *r;

	note_moves(flow_cold_of(t, f), d, p);
	if (!f->rare)
		return;
	r = flow_rare_peek(t, f);
	if (r->zero_since_ns[d])
		stop_clock(&r->zero_since_ns[d], &r->zero_ns[d], p->time_ns);
	if (r->full_since_ns[d])
		stop_clock(&r->full_since_ns[d], &r->full_ns[d], p->time_ns);
}

void tcp_path_full(struct flow_table *t, struct flow *f, int d, const struct packet *p)
{
	struct flow_rare *r = flow_rare_of(t, f);

	if (!r->full_since_ns[!d])
		r->full_since_ns[!d] = p->time_ns;
}

void tcp_path_keep_fin(struct flow_cold *c, int d)
{
	if (!(c->tcp.letters[d] & HISTORY_FIN))
		return;
	c->path.has |= TCP_PATH_BEGUN;
	if (!c->fin_seq[d])
		c->fin_seq[d] = c->close_seq[d];
}

/* --- as a row --------------------------------------------------------------------------------- */

static void fill_window(struct window_row *out, const struct flow_cold *c, int d)
{
	const struct tcp_path *path = &c->path;
	uint16_t least = c->tcp.window[d], most = least;
	int scale = c->tcp.window_scale[d];
	unsigned shift = scale == TCP_SCALE_NONE ? 0 : (unsigned)(scale - TCP_SCALE_OFFSET);
	bool now = has_window(c, d);

	if (scale == TCP_SCALE_UNKNOWN || (!now && !keeps_window(path, d)))
		return;
	if (keeps_window(path, d)) {
		least = now && least < path->window_min[d] ? least : path->window_min[d];
		most = now && most > path->window_max[d] ? most : path->window_max[d];
	}
	out->min_bytes = (int64_t)least << shift;
	out->max_bytes = (int64_t)most << shift;
}

/* A clock that still runs runs to the last frame. */
static void fill_times(struct window_row *out, const struct flow_table *t, const struct flow *f,
		       int d)
{
	const struct flow_rare *r = flow_rare_peek(t, f);
	int64_t zero_since_ns = r ? r->zero_since_ns[d] : 0,
		full_since_ns = r ? r->full_since_ns[d] : 0;

	out->zero_ns = r ? r->zero_ns[d] : 0;
	out->full_ns = r ? r->full_ns[d] : 0;
	stop_clock(&zero_since_ns, &out->zero_ns, f->last_ns);
	stop_clock(&full_since_ns, &out->full_ns, f->last_ns);
}

/* Data that the other end sent is acknowledged by this one: the half path here and back. */
static void fill_rtt(struct half_rtt_row *out, const struct flow_cold *c, int d)
{
	out->samples = c->rtt_count[!d];
	if (!out->samples)
		return;
	out->min = c->rtt_min_ns[!d];
	out->avg = c->rtt_sum_ns[!d] / c->rtt_count[!d];
	out->max = c->rtt_max_ns[!d];
}

void tcp_path_fill(struct flow_end_row *e, const struct flow_table *t, const struct flow *f, int d)
{
	const struct flow_cold *c = flow_cold_of(t, f);
	uint32_t now, most = c->path.in_flight_max[d];

	e->in_flight_max = ROW_ABSENT;
	e->window = (struct window_row){ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT};
	e->rtt_ns = (struct half_rtt_row){ROW_ABSENT, ROW_ABSENT, ROW_ABSENT, ROW_ABSENT};
	if (f->key.proto != PROTO_TCP)
		return;
	fill_window(&e->window, c, d);
	fill_times(&e->window, t, f, d);
	fill_rtt(&e->rtt_ns, c, d);
	now = in_flight(c, d);
	e->in_flight_max = now > most ? now : most;
}
