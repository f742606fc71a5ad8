/* SPDX-License-Identifier: MIT */
#include "flow/tcp/tcp_info.h"

#include <string.h>

#include "base/saturate.h"

/* As in the kernel. */
enum {
	STATE_ESTABLISHED = 1,
	STATE_FIN_WAIT1 = 4,
	STATE_FIN_WAIT2 = 5,
	STATE_TIME_WAIT = 6,
	STATE_CLOSE_WAIT = 8,
	STATE_LAST_ACK = 9,
	STATE_LISTEN = 10,
	STATE_CLOSING = 11,
};

#define WALK_NS 1000000000ll /* listeners are sampled so often */

/* --- series ----------------------------------------------------------------------------------- */

/* A queue without length has room for one (sk_acceptq_is_full). */
bool tcp_info_is_full(const struct tcp_info_kept *k)
{
	return k->backlog > k->backlog_max;
}

/*
 * A listener's drops are connections that found the queue full, unless it is far from full: a lossy
 * path makes some as well. They are told within two walks; what is a walk apart is one trouble.
 */
static void note_queue(struct tcp_info_kept *k, const struct sock_event *ev)
{
	int64_t now_ns = (int64_t)ev->time_ns, from_ns = now_ns - 2 * WALK_NS;
	bool near =
		2 * ev->info.backlog >= ev->info.backlog_max || 2 * k->backlog >= k->backlog_max;
	bool dropped = k->time_ns && ev->info.drops > k->drops && near;
	bool full = ev->info.backlog > ev->info.backlog_max;

	if (ev->tcp_state != STATE_LISTEN || !(full || dropped || tcp_info_is_full(k)))
		return;
	if (!k->full[0].since_ns || (from_ns > k->full[0].until_ns && !tcp_info_is_full(k))) {
		memmove(k->full + 1, k->full, sizeof(k->full) - sizeof(k->full[0]));
		k->full[0].since_ns = !dropped		     ? now_ns
				      : from_ns > k->time_ns ? from_ns
							     : k->time_ns;
	}
	k->full[0].until_ns = now_ns;
}

bool tcp_info_was_full(const struct tcp_info_kept *k, int64_t begin_ns, int64_t end_ns)
{
	for (unsigned i = 0; i < TCP_INFO_FULL && k->full[i].since_ns; i++) {
		bool goes_on = i == 0 && tcp_info_is_full(k);

		if (k->full[i].since_ns <= end_ns && (goes_on || k->full[i].until_ns >= begin_ns))
			return true;
	}
	return false;
}

/* Samples tell nothing of what lay between two that disagree; the same byte was not read all the
 * while. */
static void add_unread_time(struct tcp_info_kept *k, const struct sock_event *ev)
{
	int64_t ns = (int64_t)ev->time_ns - k->time_ns;

	if (k->time_ns && tcp_info_unread(k) && ev->info.copied_seq == k->copied_seq)
		k->unread_ns += ns;
}

/*
 * Behind a lost segment data fills the window, and it is not the reader who is slow: each segment
 * sent again explains the time until it was missed and one round trip.
 */
static void add_window_time(struct tcp_info_kept *k, const struct sock_event *ev)
{
	int64_t again = (int64_t)ev->info.retransmits - k->retransmits;
	int64_t limited_ms = (int64_t)ev->info.rwnd_limited_ms - k->rwnd_limited_ms;
	double explained_us = (double)again * ((double)ev->info.rto_us + ev->info.srtt_us);
	double ns = (double)limited_ms * 1e6 - explained_us * 1e3;

	/* Both only grow, unless the socket was disconnected and begins anew. */
	if (limited_ms > 0 && again >= 0 && ns > 0)
		k->window_ns = saturate_add(k->window_ns, (int64_t)ns);
}

/*
 * A FIN counts as a number sent (RFC 9293 3.4). The kernel changes the state first and numbers the
 * FIN then: the sample of that change has the end of the data, a later one is one beyond it.
 */
static void note_fin(struct tcp_info_kept *k, uint8_t state, uint32_t write_seq)
{
	switch (state) {
	case STATE_FIN_WAIT1:
	case STATE_LAST_ACK:
	case STATE_FIN_WAIT2:
	case STATE_TIME_WAIT:
	case STATE_CLOSING: break;
	default: return;
	}
	if (k->has_fin)
		return;
	k->has_fin = true;
	k->fin_seq = k->time_ns && (state == STATE_FIN_WAIT1 || state == STATE_LAST_ACK)
			     ? write_seq
			     : write_seq - 1;
}

static void copy_numbers(struct tcp_info_kept *k, const struct sock_event *ev)
{
	k->busy_ms = ev->info.busy_ms;
	k->rwnd_limited_ms = ev->info.rwnd_limited_ms;
	k->sndbuf_limited_ms = ev->info.sndbuf_limited_ms;
	k->srtt_us = ev->info.srtt_us;
	k->rtt_min_us = ev->info.rtt_min_us;
	k->rto_us = ev->info.rto_us;
	k->cwnd = ev->info.snd_cwnd;
	k->mss = ev->info.mss;
	k->peer_window_bytes = ev->info.snd_wnd;
	k->write_seq = ev->info.write_seq;
	k->snd_nxt = ev->info.snd_nxt;
	k->snd_una = ev->info.snd_una;
	k->rcv_nxt = ev->info.rcv_nxt;
	k->copied_seq = ev->info.copied_seq;
	k->retransmits = ev->info.retransmits;
	k->drops = ev->info.drops;
	k->backlog = ev->info.backlog;
	k->backlog_max = ev->info.backlog_max;
}

static bool note_first(struct tcp_info_kept *k, const struct sock_event *ev)
{
	if (!(ev->flags & SOCK_FLAG_BEGINS))
		return false;
	k->first_sent = ev->info.write_seq;
	k->first_read = ev->info.rcv_nxt;
	k->has_first = true;
	return true;
}

bool tcp_info_note(struct tcp_info_kept *k, const struct sock_event *ev)
{
	bool begins = note_first(k, ev);

	if ((int64_t)ev->time_ns < k->time_ns)
		return begins; /* the ring and the walk meet: an older sample tells nothing else */
	note_queue(k, ev);
	add_unread_time(k, ev);
	add_window_time(k, ev);
	note_fin(k, ev->tcp_state, ev->info.write_seq);
	if (ev->tcp_state == STATE_ESTABLISHED && !k->established_ns &&
	    k->state != STATE_ESTABLISHED)
		k->established_ns = (int64_t)ev->time_ns;
	copy_numbers(k, ev);
	k->state = ev->tcp_state;
	k->time_ns = (int64_t)ev->time_ns;
	return begins;
}

/* --- sums ------------------------------------------------------------------------------------- */

/* Without the FIN's number. */
static uint32_t data_below(const struct tcp_info_kept *k, uint32_t seq)
{
	return k->has_fin && (int32_t)(seq - k->fin_seq) > 0 ? k->fin_seq : seq;
}

static uint32_t distance(uint32_t from, uint32_t to)
{
	return (int32_t)(to - from) > 0 ? to - from : 0;
}

uint32_t tcp_info_queued(const struct tcp_info_kept *k)
{
	return distance(data_below(k, k->snd_nxt), data_below(k, k->write_seq));
}

uint32_t tcp_info_in_flight(const struct tcp_info_kept *k)
{
	return distance(data_below(k, k->snd_una), data_below(k, k->snd_nxt));
}

/* The peer's FIN is numbered as well, and no byte to read. */
uint32_t tcp_info_unread(const struct tcp_info_kept *k)
{
	bool peer_fin = k->state == STATE_CLOSE_WAIT || k->state == STATE_LAST_ACK ||
			k->state == STATE_CLOSING || k->state == STATE_TIME_WAIT;
	uint32_t unread = distance(k->copied_seq, k->rcv_nxt);

	return unread && peer_fin ? unread - 1 : unread;
}
