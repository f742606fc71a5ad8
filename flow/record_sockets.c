/* SPDX-License-Identifier: MIT */
#include "flow/record_sockets.h"

#include <string.h>

#include "base/addr.h"
#include "flow/engine_private.h"

struct teller {
	void (*fn)(void *ctx, const struct sock_event *ev);
	void *ctx;
	const struct socket *s;
};

static uint8_t flags_of(const struct socket *s)
{
	return (uint8_t)((s->listener ? SOCK_FLAG_LISTENER : 0) |
			 (s->passive ? SOCK_FLAG_PASSIVE : 0) |
			 (s->no_cookie ? SOCK_FLAG_NO_COOKIE : 0));
}

static struct sock_event event_of(const struct socket *s, enum sock_event_kind kind,
				  int64_t time_ns)
{
	struct sock_event ev = {
		.time_ns = (uint64_t)time_ns,
		.cookie = s->cookie,
		.kind = (uint8_t)kind,
		.flags = flags_of(s),
		.type = s->type,
		.tcp_state = s->tcp_state,
		.family = s->family,
		.proto = s->proto,
		.netns = s->netns,
		.local_port = s->local.port,
		.remote_port = s->remote.port,
		.fd = -1,
	};

	memcpy(ev.local, s->local.addr.b, sizeof(ev.local));
	memcpy(ev.remote, s->remote.addr.b, sizeof(ev.remote));
	return ev;
}

static void put_owner(struct sock_event *ev, const struct socket_owner *o)
{
	ev->pid = o->pid;
	ev->tid = o->tid;
	ev->uid = o->uid;
	ev->fd = o->fd;
	ev->cgroup = o->cgroup;
	if (o->provisional)
		ev->flags |= SOCK_FLAG_PROVISIONAL;
	memcpy(ev->comm, o->comm, sizeof(ev->comm));
}

/* Who was found holding it is no more than that; who used it was seen acting. */
static void tell_owner(const struct teller *t, const struct socket_owner *o)
{
	enum sock_event_kind kind = o->existing ? SOCK_EVENT_EXISTING : SOCK_EVENT_OWNER;
	struct sock_event ev = event_of(t->s, kind, o->existing ? t->s->seen_ns : o->from_ns);

	put_owner(&ev, o);
	t->fn(t->ctx, &ev);
}

/* Its birth, or that it was there before anybody looked. */
static void tell_life(const struct teller *t)
{
	bool born = t->s->birth_ns && !t->s->older;
	enum sock_event_kind kind = born ? SOCK_EVENT_OPEN : SOCK_EVENT_EXISTING;
	struct sock_event ev = event_of(t->s, kind, born ? t->s->birth_ns : t->s->seen_ns);

	t->fn(t->ctx, &ev);
}

static void put_totals(struct sock_event *ev, const struct socket *s)
{
	ev->totals.tx_bytes = s->tx_bytes;
	ev->totals.rx_bytes = s->rx_bytes;
	ev->totals.tx_calls = s->tx_calls;
	ev->totals.rx_calls = s->rx_calls;
	ev->totals.tx_errors = s->tx_errors;
	ev->totals.rx_errors = s->rx_errors;
	ev->totals.acked_bytes = s->acked_bytes;
	ev->totals.received_bytes = s->received_bytes;
	ev->totals.srtt_us = s->srtt_us;
	ev->totals.retransmits = s->retransmits;
	ev->totals.unread_bytes = s->unread_bytes;
	ev->totals.unsent_bytes = s->unsent_bytes;
	ev->totals.error = s->error;
	ev->totals.drops = s->drops;
}

static void tell_totals(const struct teller *t, enum sock_event_kind kind, int64_t time_ns)
{
	struct sock_event ev = event_of(t->s, kind, time_ns);

	put_totals(&ev, t->s);
	t->fn(t->ctx, &ev);
}

static void tell_name(const struct teller *t)
{
	const struct unix_facts *un = t->s->un;
	struct sock_event ev = event_of(t->s, SOCK_EVENT_UNIX, t->s->seen_ns);
	size_t at = 0;

	ev.un.peer = un->peer;
	ev.un.peer_pid = un->peer_pid;
	ev.un.path_bytes = un->name_len;
	ev.un.path_of_peer = un->of_peer;
	do {
		size_t left = un->name_len - at;

		ev.un.path_at = (uint8_t)at;
		memset(ev.un.path, 0, sizeof(ev.un.path));
		memcpy(ev.un.path, un->name + at, left < SOCK_PATH_PIECE ? left : SOCK_PATH_PIECE);
		t->fn(t->ctx, &ev);
		at += SOCK_PATH_PIECE;
	} while (at < un->name_len);
}

static void tell_socket(const struct teller *t)
{
	const struct socket *s = t->s;

	if (s->stand_in)
		return;
	tell_life(t);
	for (unsigned i = 0; i < s->owners.count; i++)
		tell_owner(t, &s->owners.owner[i]);
	if (s->un)
		tell_name(t);
	if (s->failures)
		tell_totals(t, SOCK_EVENT_FAILED, s->totals_ns ? s->totals_ns : s->seen_ns);
	if (s->has_totals && !s->death_ns)
		tell_totals(t, SOCK_EVENT_TOTALS, s->totals_ns);
	if (s->death_ns)
		tell_totals(t, SOCK_EVENT_CLOSE, s->death_ns);
}

void record_sockets(struct socket_table *table, void (*fn)(void *ctx, const struct sock_event *ev),
		    void *ctx)
{
	struct teller t = {.fn = fn, .ctx = ctx};
	uint32_t slot = 0;

	while ((t.s = socket_table_next(table, &slot, NULL)))
		tell_socket(&t);
}

void record_host(struct buf *out, struct engine *en)
{
	const struct local_addrs *l = correlator_local_addrs(en->correlator);
	struct summary_row sum;
	char text[ADDR_TEXT_MAX];

	engine_summary(en, &sum);
	buf_printf(out, "netns=%u\nprobe=%s\n", en->options.netns, sum.probe);
	for (uint32_t i = 0; i < l->count; i++) {
		addr_format(text, &l->keys[i].addr);
		buf_printf(out, "addr=%s\n", text);
	}
}
