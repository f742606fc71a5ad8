/* SPDX-License-Identifier: MIT */
#include "flow/join/ledger.h"

#include <netinet/in.h>

#include "flow/tcp/tcp.h"

void ledger_absent(struct flow_end_row *end)
{
	struct ledger_row *l = &end->ledger;
	struct seq_row *s = &end->seq;

	l->written = l->queued = l->sent = l->retransmitted = l->in_flight = l->acked = l->lost =
		ROW_ABSENT;
	l->arrived = l->unread = l->read = ROW_ABSENT;
	s->first = s->next = ROW_ABSENT;
	s->write_seq = s->snd_nxt = s->snd_una = s->rcv_nxt = s->copied_seq = ROW_ABSENT;
}

bool ledger_is_of_one_flow(const struct socket *s)
{
	return s->has_totals && s->remote.port && !s->peers;
}

static bool is_since_birth(const struct socket *s)
{
	return s->birth_ns != 0;
}

/*
 * The kernel's bytes_acked counts sequence numbers: the SYN of the side that connects is one more
 * than its bytes, and so is either side's FIN. A FIN cannot be acknowledged before every byte is.
 */
static int64_t acked_bytes(const struct socket *s, bool passive)
{
	const struct tcp_info_kept *k = &s->info;
	bool by_seq = k->has_fin && seq_after(k->snd_una, k->fin_seq);
	uint64_t acked = s->acked_bytes;

	if (!passive && acked)
		acked--;
	if (is_since_birth(s) ? acked == s->tx_bytes + 1 : by_seq && acked)
		acked--;
	return (int64_t)acked;
}

/* bytes_received counts the peer's FIN in the same way; nobody reads it. */
static int64_t arrived_bytes(const struct socket *s)
{
	uint64_t received = s->received_bytes;

	if (is_since_birth(s) && received == s->rx_bytes + s->unread_bytes + 1)
		received--;
	return (int64_t)received;
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* A connection that is gone has nothing in flight or queued any more: it is lost. */
static void fill_sent(struct ledger_row *l, const struct socket *s, bool passive)
{
	int64_t queued = tcp_info_queued(&s->info), in_flight = tcp_info_in_flight(&s->info);

	l->acked = acked_bytes(s, passive);
	if (!s->info.time_ns) {
		l->queued = s->unsent_bytes;
		if (s->death_ns && is_since_birth(s))
			l->lost = larger(l->written - l->acked, 0);
		return;
	}
	/* The SYN of a connection that never came about is no byte. */
	if (is_since_birth(s) && !l->written)
		queued = in_flight = 0;
	l->sent = l->acked + in_flight;
	l->written = larger(is_since_birth(s) ? l->written : 0, l->sent + queued);
	l->queued = s->death_ns ? 0 : queued;
	l->in_flight = s->death_ns ? 0 : in_flight;
	if (s->death_ns)
		l->lost = queued + in_flight;
}

static void fill_arrived(struct ledger_row *l, const struct socket *s)
{
	l->arrived = arrived_bytes(s);
	l->unread = s->unread_bytes;
	l->read = larger(is_since_birth(s) ? l->read : 0, l->arrived - l->unread);
}

static void fill_seq(struct seq_row *seq, const struct tcp_info_kept *k)
{
	if (!k->time_ns)
		return;
	seq->write_seq = k->write_seq;
	seq->snd_nxt = k->snd_nxt;
	seq->snd_una = k->snd_una;
	seq->rcv_nxt = k->rcv_nxt;
	seq->copied_seq = k->copied_seq;
}

void ledger_fill(struct flow_end_row *end, const struct socket *s, bool passive)
{
	struct ledger_row *l = &end->ledger;
	bool tcp = s->proto == IPPROTO_TCP;

	l->written = (int64_t)s->tx_bytes;
	l->read = (int64_t)s->rx_bytes;
	if (end->payload_bytes != ROW_ABSENT && end->retransmitted_bytes != ROW_ABSENT) {
		l->sent = end->payload_bytes - end->retransmitted_bytes;
		l->retransmitted = end->retransmitted_bytes;
	}
	/* Without sequence numbers an older socket's counts began before ours: they would not add
	 * up. */
	if (!tcp || !(is_since_birth(s) || s->info.time_ns))
		return;
	fill_sent(l, s, passive);
	fill_arrived(l, s);
	fill_seq(&end->seq, &s->info);
}
