/* SPDX-License-Identifier: MIT */
#include "flow/join/correlate_private.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "flow/join/match.h"
#include "flow/scope.h"
#include "flow/join/socket_note.h"

enum {
	PENDING_DEFAULT_MAX = 1 << 16, /* ends of a second's new flows */
	PENDING_DEFAULT_NS = 1000000000,
	LOCAL_ADDRS_MAX = 1 << 14,
	PROCESSES_MAX = 1 << 12,
	ANSWER_MS = 100,
};

static void socket_ended(void *ctx, const struct socket *s, struct slab_id id)
{
	struct correlator *c = ctx;

	correlator_socket_gone(c, s, id);
}

/* In a capture of another machine numbers have other names. */
static int know_this_machine(struct correlator *c)
{
	if (!c->options.resolve_processes)
		return 0;
	c->known.processes = process_table_new(PROCESSES_MAX, c->options.reader, c->options.clock);
	c->known.names = names_new();
	return c->known.processes && c->known.names ? 0 : -ENOMEM;
}

struct correlator *correlator_new(const struct correlator_options *o, struct flow_table *flows)
{
	struct correlator *c = calloc(1, sizeof(*c));
	struct socket_table_options so = {.max_sockets = o->max_sockets,
					  .keep_closed_ns = o->keep_closed_ns,
					  .on_end = socket_ended,
					  .ctx = c};

	if (!c)
		return NULL;
	c->options = *o;
	c->flows = flows;
	c->loss_ns = INT64_MIN;
	c->all_in_scope = scope_is_all(&o->scope);
	if (!c->options.pending_ns)
		c->options.pending_ns = PENDING_DEFAULT_NS;
	if (!c->options.max_pending)
		c->options.max_pending = PENDING_DEFAULT_MAX;
	c->sockets = socket_table_new(&so);
	if (!c->sockets)
		goto out_correlator;
	if (local_addrs_init(&c->local, LOCAL_ADDRS_MAX))
		goto out_sockets;
	if (pending_init(&c->pending, c->options.max_pending))
		goto out_local;
	if (know_this_machine(c))
		goto out_pending;
	return c;

out_pending:
	names_free(c->known.names);
	process_table_free(c->known.processes);
	pending_done(&c->pending);
out_local:
	local_addrs_done(&c->local);
out_sockets:
	socket_table_free(c->sockets);
out_correlator:
	free(c);
	return NULL;
}

void correlator_free(struct correlator *c)
{
	if (!c)
		return;
	names_free(c->known.names);
	process_table_free(c->known.processes);
	pending_done(&c->pending);
	local_addrs_done(&c->local);
	socket_table_free(c->sockets);
	free(c);
}

void correlator_set_probed(struct correlator *c)
{
	c->probed = true;
}

void correlator_set_netns(struct correlator *c, uint32_t netns)
{
	c->options.netns = netns;
}

const struct local_addrs *correlator_local_addrs(const struct correlator *c)
{
	return &c->local;
}

void correlator_local_addr(struct correlator *c, const struct addr *a)
{
	local_addrs_add(&c->local, c->options.netns, a);
}

static void move_time(struct correlator *c, int64_t now_ns)
{
	if (now_ns > c->now_ns)
		c->now_ns = now_ns;
}

/* --- binding one end --- */

static struct match_query query_of(const struct correlator *c, const struct flow *f, int end)
{
	const struct flow_key *k = &f->key;
	struct match_query q = {
		.local = {k->addr[end], k->port[end]},
		.remote = {k->addr[!end], k->port[!end]},
		.start_ns = flow_start_ns(c->flows, f),
		.last_ns = f->last_ns,
		.netns = c->options.netns,
		.proto = k->proto,
	};

	q.local_first.known = flow_first_seq(c->flows, f, end, &q.local_first.seq);
	q.remote_first.known = flow_first_seq(c->flows, f, !end, &q.remote_first.seq);
	return q;
}

bool correlator_has_ports(const struct flow_key *k)
{
	static const uint8_t protos[] = {IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP, IPPROTO_DCCP,
					 IPPROTO_UDPLITE};

	if (!k->port[0] && !k->port[1]) /* fragments without their first */
		return false;
	for (unsigned i = 0; i < sizeof(protos); i++) {
		if (protos[i] == k->proto)
			return true;
	}
	return false;
}

/* The reason to show for an end that found no socket, once waiting is over. */
static uint8_t reason_of_none(const struct correlator *c, const struct match_query *q)
{
	if (!local_addrs_anywhere(&c->local, &q->local.addr))
		return UNBOUND_REMOTE;
	if (!c->all_in_scope)
		return UNBOUND_OUT_OF_SCOPE;
	return c->loss_ns >= q->start_ns ? UNBOUND_LOST : UNBOUND_NO_SOCKET;
}

/* A binding outlives the time in which its socket is found by address. */
static bool still_holds(struct correlator *c, const struct binding *b, const struct match_query *q)
{
	const struct socket *s = b->match ? socket_table_get(c->sockets, b->socket) : NULL;

	return s && match_is_possible(s, q);
}

/* Decide anew from all that is known now; `final` ends the waiting whatever the time. */
static struct binding *bind_end(struct correlator *c, struct flow *f, int end, bool final)
{
	struct binding *b = flow_binding_of(c->flows, f, end);
	struct match_query q = query_of(c, f, end);
	struct binding found = match_find(c->sockets, &c->local, &q);

	if (found.reason == UNBOUND_NO_SOCKET && still_holds(c, b, &q))
		return b;
	if (!found.match && !final && c->now_ns - c->options.pending_ns < q.start_ns)
		found.reason = UNBOUND_PENDING;
	else if (found.reason == UNBOUND_NO_SOCKET)
		found.reason = reason_of_none(c, &q);
	if (found.match && (found.socket.slot != b->socket.slot ||
			    found.socket.generation != b->socket.generation))
		socket_table_get(c->sockets, found.socket)->flows++;
	*b = found;
	if (b->match)
		f->flags |= FLOW_HAS_SOCKET;
	return b;
}

bool correlator_outlived(const struct correlator *c, const struct flow *f, int end, int64_t time_ns)
{
	const struct binding *b = flow_binding(c->flows, f, end);
	const struct socket *s = b->match ? socket_table_get(c->sockets, b->socket) : NULL;

	return s && s->death_ns && time_ns > s->death_ns;
}

/* --- waiting --- */

bool correlator_waits(const struct correlator *c, const struct flow *f)
{
	for (int end = 0; c->probed && end < 2; end++)
		if (flow_binding(c->flows, f, end)->reason == UNBOUND_PENDING)
			return true;
	return false;
}

/* No room for younger ends: the oldest one is judged before its time. */
static void give_up_oldest(struct correlator *c)
{
	const struct pending_end *e = pending_oldest(&c->pending);
	struct flow *f = flow_table_get(c->flows, e->flow);
	struct binding *b = f ? bind_end(c, f, e->end, true) : NULL;

	if (b && !b->match) {
		c->pending_lost++;
		if (b->reason == UNBOUND_NO_SOCKET)
			b->reason = UNBOUND_LOST;
	}
	pending_drop_oldest(&c->pending);
}

static void wait_for_socket(struct correlator *c, const struct flow *f, int end)
{
	struct match_query q = query_of(c, f, end);
	struct pending_end e = {
		.flow = flow_id(c->flows, f),
		.deadline_ns = q.start_ns + c->options.pending_ns,
		.hash = pending_hash(&c->pending, q.proto, q.local.port, &q.remote),
		.end = (uint8_t)end,
	};

	if (pending_full(&c->pending))
		give_up_oldest(c);
	if (pending_put(&c->pending, &e))
		c->pending_lost++;
}

void correlator_flow(struct correlator *c, struct flow *f)
{
	move_time(c, flow_start_ns(c->flows, f));
	if (!c->probed)
		return; /* a binding that nobody wrote says so: see reason_of */
	for (int end = 0; end < 2; end++) {
		struct binding *b = flow_binding_of(c->flows, f, end);

		if (!correlator_has_ports(&f->key))
			*b = (struct binding){.reason = UNBOUND_NO_PORTS};
		/* A weaker match waits as well: better evidence may be on its way. */
		else if (bind_end(c, f, end, false)->match != MATCH_EXACT)
			wait_for_socket(c, f, end);
	}
}

void correlator_advance(struct correlator *c, int64_t now_ns)
{
	const struct pending_end *e;
	struct flow *f;

	move_time(c, now_ns);
	while ((e = pending_oldest(&c->pending)) && e->deadline_ns <= c->now_ns) {
		f = flow_table_get(c->flows, e->flow);
		if (f)
			bind_end(c, f, e->end, true);
		pending_drop_oldest(&c->pending);
	}
	process_table_advance(c->known.processes, 0);
	socket_table_advance(c->sockets, now_ns);
	names_refresh(c->known.names, now_ns);
}

/* --- events --- */

/* An end that loses its socket (it turned out to be closed before) waits for another again. */
static void rebind(struct correlator *c, struct flow *f, int end)
{
	bool bound = flow_binding(c->flows, f, end)->match;

	if (bind_end(c, f, end, false)->reason == UNBOUND_PENDING && bound)
		wait_for_socket(c, f, end);
}

static void bind_waiting(struct correlator *c, uint8_t proto, uint16_t local_port,
			 const struct endpoint *remote)
{
	uint64_t hash = pending_hash(&c->pending, proto, local_port, remote);
	const struct pending_end *e;
	struct flow *f;
	size_t pos = 0;

	while ((e = pending_next(&c->pending, hash, &pos))) {
		f = flow_table_get(c->flows, e->flow);
		if (f)
			bind_end(c, f, e->end, false);
	}
}

/* The flow of these two ends, if there is one, even long after it has ceased to wait. */
static void bind_flow(struct correlator *c, uint8_t proto, const struct endpoint *local,
		      const struct endpoint *remote)
{
	struct flow_key k;
	int end = flow_key_make(&k, proto, &local->addr, local->port, &remote->addr, remote->port);
	struct flow *f = flow_table_find(c->flows, &k);

	if (!f)
		return;
	rebind(c, f, end);
	/* A socket that talks to itself is both ends. */
	if (addr_eq(&local->addr, &remote->addr) && local->port == remote->port)
		rebind(c, f, !end);
}

static void bind_ends(struct correlator *c, uint8_t proto, const struct endpoint *local,
		      const struct endpoint *remote)
{
	if (!local->port || !remote->port)
		return;
	bind_waiting(c, proto, local->port, remote);
	if (!addr_is_any(&local->addr))
		bind_flow(c, proto, local, remote);
}

/* The socket's own addresses, and those of the event when they are of one datagram. */
static void bind_socket(struct correlator *c, const struct socket *s, const struct sock_event *ev)
{
	struct endpoint local = {addr_v6(ev->local), ev->local_port};
	struct endpoint remote = {addr_v6(ev->remote), ev->remote_port};

	bind_ends(c, s->proto, &s->local, &s->remote);
	if (ev->kind == SOCK_EVENT_PEER)
		bind_ends(c, s->proto, local.port ? &local : &s->local, &remote);
}

static void note_loss(struct correlator *c, uint64_t lost)
{
	if (lost > c->lost)
		c->loss_ns = c->now_ns;
	c->lost = lost;
}

static uint64_t sockets_lost(const struct correlator *c)
{
	struct loss l = {0};

	socket_table_loss(c->sockets, &l);
	return l.count[LOSS_SOCKETS_FULL];
}

/* Each attempt to connect that failed is told as a socket of its own. */
static void tell_failure(struct correlator *c, const struct sock_event *ev)
{
	struct slab_id id;
	const struct socket *s = socket_table_by_cookie(c->sockets, ev->cookie, &id);

	if (s && socket_tries_again(s, ev))
		correlator_tell_socket(c, s, id);
}

void correlator_event(struct correlator *c, const struct sock_event *ev)
{
	uint64_t before = sockets_lost(c);
	struct socket *s;

	c->events++;
	c->probed = true;
	move_time(c, (int64_t)ev->time_ns);
	if (ev->kind == SOCK_EVENT_FAILED || ev->kind == SOCK_EVENT_ADDRESS)
		tell_failure(c, ev);
	s = socket_table_event(c->sockets, ev, NULL);
	note_loss(c, c->lost + sockets_lost(c) - before);
	if (!s || !s->news)
		return;
	if (s->local.port)
		local_addrs_add(&c->local, s->netns, &s->local.addr);
	/* A CLOSE only repeats who used the socket last, perhaps long ago. */
	if (c->known.processes && ev->pid && !(ev->flags & SOCK_FLAG_PROVISIONAL) &&
	    ev->kind != SOCK_EVENT_CLOSE)
		process_table_note(c->known.processes, ev);
	/* The probe tells of nothing else. */
	if (!s->in_scope)
		s->in_scope = !s->stand_in || c->all_in_scope ||
			      scope_has_socket(&c->options.scope, &c->known, s);
	bind_socket(c, s, ev);
}

/* --- the rest --- */

void correlator_probe_loss(struct correlator *c, const struct loss *probe)
{
	note_loss(c, sockets_lost(c) + probe->count[LOSS_RING] + probe->count[LOSS_MAP_FULL] +
			     probe->count[LOSS_MISSED]);
}

const struct identities *correlator_identities(const struct correlator *c)
{
	return &c->known;
}

int64_t correlator_now_ns(const struct correlator *c)
{
	return c->now_ns;
}

void correlator_settle(struct correlator *c)
{
	process_table_advance(c->known.processes, ANSWER_MS);
}

struct socket_table *correlator_sockets(struct correlator *c)
{
	return c->sockets;
}

uint64_t correlator_events(const struct correlator *c)
{
	return c->events;
}

void correlator_loss(const struct correlator *c, struct loss *out)
{
	out->count[LOSS_PENDING] += c->pending_lost;
	socket_table_loss(c->sockets, out);
}
