/* SPDX-License-Identifier: MIT */
#include "flow/join/socket_note.h"

#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"

#define SECOND_NS 1000000000ll

/* As in the kernel. */
enum { TCP_STATE_ESTABLISHED = 1, TCP_STATE_SYN_SENT = 2, TCP_STATE_LISTEN = 10 };

/*
 * When did the life of these addresses begin? OPEN knows; so does the first sight of a connection
 * that is being made. For any other first sight it began at some earlier time.
 */
static void note_birth(struct socket *s, const struct sock_event *ev, bool is_new)
{
	int64_t time_ns = (int64_t)ev->time_ns;
	bool begins = ev->kind == SOCK_EVENT_ADDRESS &&
		      (ev->flags & SOCK_FLAG_PASSIVE || ev->tcp_state == TCP_STATE_SYN_SENT);

	if (ev->kind != SOCK_EVENT_OPEN && !(is_new && begins))
		return;
	if (!s->birth_ns || time_ns < s->birth_ns)
		s->birth_ns = time_ns;
}

static void note_identity(struct socket *s, const struct sock_event *ev)
{
	if (ev->family)
		s->family = ev->family;
	if (ev->proto)
		s->proto = (uint8_t)ev->proto;
	if (ev->type)
		s->type = ev->type;
	if (ev->netns)
		s->netns = ev->netns;
	if (ev->tcp_state)
		s->tcp_state = ev->tcp_state;
	s->no_cookie |= !!(ev->flags & SOCK_FLAG_NO_COOKIE);
	s->stand_in |= !!(ev->flags & SOCK_FLAG_STAND_IN);
	s->listener |= (ev->flags & SOCK_FLAG_LISTENER) || s->tcp_state == TCP_STATE_LISTEN;
	s->passive |= !!(ev->flags & SOCK_FLAG_PASSIVE);
}

/*
 * Ports read as 0 mean "not now" (before autobind, after the kernel took them back), never "no
 * more", except that a datagram socket can be disconnected.
 */
static void note_addresses(struct socket *s, const struct sock_event *ev)
{
	bool own = ev->kind != SOCK_EVENT_PEER;

	if (ev->local_port && (own || !s->local.port))
		s->local = (struct endpoint){addr_v6(ev->local), ev->local_port};
	if (!own)
		return;
	if (ev->remote_port)
		s->remote = (struct endpoint){addr_v6(ev->remote), ev->remote_port};
	else if (ev->kind == SOCK_EVENT_ADDRESS && socket_is_datagram(s))
		s->remote = (struct endpoint){0};
}

/*
 * Totals that changed are told each second, so what is new since the last ones is of one second,
 * however long the socket was quiet before.
 */
static int64_t rate_bps(const struct socket *s, const struct sock_event *ev, uint64_t bytes)
{
	int64_t since_ns = (int64_t)ev->time_ns - s->totals_ns;
	bool a_second = since_ns > SECOND_NS / 2 && since_ns < 3 * SECOND_NS / 2;

	return saturate_rate((double)bytes * 8, (double)(a_second ? since_ns : SECOND_NS));
}

static void note_rates(struct socket *s, const struct sock_event *ev)
{
	if (ev->totals.tx_bytes >= s->tx_bytes)
		s->tx_bps = rate_bps(s, ev, ev->totals.tx_bytes - s->tx_bytes);
	if (ev->totals.rx_bytes >= s->rx_bytes)
		s->rx_bps = rate_bps(s, ev, ev->totals.rx_bytes - s->rx_bytes);
	s->totals_ns = (int64_t)ev->time_ns;
}

static void note_totals(struct socket *s, const struct sock_event *ev)
{
	note_rates(s, ev);
	s->has_totals = true;
	s->tx_bytes = ev->totals.tx_bytes;
	s->rx_bytes = ev->totals.rx_bytes;
	s->acked_bytes = ev->totals.acked_bytes;
	s->received_bytes = ev->totals.received_bytes;
	s->unread_bytes = ev->totals.unread_bytes;
	s->unsent_bytes = ev->totals.unsent_bytes;
	s->srtt_us = ev->totals.srtt_us;
	s->retransmits = ev->totals.retransmits;
	s->tx_calls = ev->totals.tx_calls;
	s->rx_calls = ev->totals.rx_calls;
	s->tx_errors = ev->totals.tx_errors;
	s->rx_errors = ev->totals.rx_errors;
	if (ev->totals.error)
		s->error = ev->totals.error;
	s->drops = ev->totals.drops;
}

/* A long name comes in pieces, which a recording may have made up. */
static void note_unix(struct socket *s, const struct sock_event *ev)
{
	size_t at = ev->un.path_at, len = ev->un.path_bytes, n;

	if (!s->un)
		s->un = calloc(1, sizeof(*s->un));
	if (!s->un)
		return;
	if (ev->un.peer)
		s->un->peer = ev->un.peer;
	if (ev->un.peer_pid)
		s->un->peer_pid = ev->un.peer_pid;
	if (len > sizeof(s->un->name) || at >= len)
		return;
	n = len - at < SOCK_PATH_PIECE ? len - at : SOCK_PATH_PIECE;
	memcpy(s->un->name + at, ev->un.path, n);
	s->un->name_len = (uint8_t)len;
	s->un->of_peer = ev->un.path_of_peer;
	s->news = true;
}

static void note_failure(struct socket *s, const struct sock_event *ev)
{
	s->failures++;
	s->error = ev->totals.error;
	s->failed = !socket_is_datagram(s);
	s->news = true;
}

bool socket_tries_again(const struct socket *s, const struct sock_event *ev)
{
	bool starts = ev->kind == SOCK_EVENT_ADDRESS && (ev->tcp_state == TCP_STATE_SYN_SENT ||
							 ev->tcp_state == TCP_STATE_ESTABLISHED);

	return s->failed && (starts || ev->kind == SOCK_EVENT_FAILED);
}

void socket_note(struct socket *s, const struct sock_event *ev, bool is_new)
{
	if (is_new)
		s->seen_ns = (int64_t)ev->time_ns;
	s->older |= ev->kind == SOCK_EVENT_EXISTING && is_new;
	if (socket_tries_again(s, ev))
		s->failed = false;
	note_birth(s, ev, is_new);
	note_identity(s, ev);
	note_addresses(s, ev);
	if (ev->kind == SOCK_EVENT_TOTALS || ev->kind == SOCK_EVENT_CLOSE)
		note_totals(s, ev);
	if (ev->kind == SOCK_EVENT_FAILED)
		note_failure(s, ev);
	if (ev->kind == SOCK_EVENT_UNIX)
		note_unix(s, ev);
	if (ev->kind == SOCK_EVENT_INFO)
		s->news |= tcp_info_note(&s->info, ev);
}
