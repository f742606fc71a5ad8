/* SPDX-License-Identifier: MIT
 *
 * What the correlator tells: processes, ledger, verdict and delays of a flow's row, and sockets.
 */
#include "flow/join/correlate_private.h"

#include <netinet/in.h>

#include "flow/join/ledger.h"
#include "flow/join/listener.h"
#include "flow/rows/socket_fill.h"
#include "flow/join/verdict.h"

#define SETTLED_NS 2000000000ll /* two walks over all sockets */

/* --- rows --- */

static uint8_t reason_of(const struct flow *f, const struct binding *b)
{
	/* Bound, but the socket had to make room for younger ones: its owner is not known any more.
	 */
	if (b->match)
		return UNBOUND_LOST;
	if (b->reason != UNBOUND_NONE)
		return b->reason;
	return correlator_has_ports(&f->key) ? UNBOUND_NO_PROBE : UNBOUND_NO_PORTS;
}

/* Nobody saw who connected an older socket: one whose port listens was accepted. */
static bool is_passive(struct correlator *c, const struct socket *s)
{
	const struct socket *listener =
		s->birth_ns ? NULL : listener_at(c->sockets, &s->local, s->netns);

	return s->passive || (listener && listener->netns == s->netns);
}

/* Of an end whose process is absent so far. */
static void fill_end(struct correlator *c, struct flow_end_row *row, struct flow *f, int end,
		     bool with_ledger)
{
	const struct binding *b = flow_binding(c->flows, f, end);
	const struct socket *s = b->match ? socket_table_get(c->sockets, b->socket) : NULL;
	const struct socket_owner *user = s ? socket_user(s, f->last_ns) : NULL;

	row->process.match = MATCH_NONE;
	row->process.reason = reason_of(f, b);
	if (!user)
		return;
	row->process.match = b->match;
	row->process.reason = UNBOUND_NONE;
	process_row_fill(&row->process, &c->known, s, user);
	if (with_ledger && b->match != MATCH_WILDCARD && ledger_is_of_one_flow(s))
		ledger_fill(row, s, is_passive(c, s));
}

static const struct socket *tcp_socket(struct correlator *c, const struct flow *f, int end)
{
	const struct binding *b = flow_binding(c->flows, f, end);

	return b->match ? socket_table_get(c->sockets, b->socket) : NULL;
}

static void fill_verdict(struct correlator *c, struct flow_row *row, const struct flow *f)
{
	int dst = !f->originator;
	struct endpoint local = {f->key.addr[dst], f->key.port[dst]};
	struct verdict_sockets s = {.src = tcp_socket(c, f, !dst), .dst = tcp_socket(c, f, dst)};

	/* Asked for only when frames cannot tell. */
	if (row->verdict.unknown_ns > 0)
		s.listener = listener_at(c->sockets, &local,
					 s.dst ? s.dst->netns : c->options.netns);
	s.settled = c->now_ns - SETTLED_NS >= row->end_ns;
	verdict_sockets(row, &s);
}

/* --- delays --- */

void correlator_answer(struct correlator *c, const struct flow *f, int end, int64_t ns)
{
	const struct binding *b = flow_binding(c->flows, f, end);
	struct socket *s = b->match ? socket_table_get(c->sockets, b->socket) : NULL;

	if (s)
		delays_add(&s->delays, &c->delays, DELAY_THINK, ns);
}

void correlator_delay(struct correlator *c, uint64_t cookie, enum delay_kind kind, int64_t ns)
{
	struct socket *s = socket_table_by_cookie(c->sockets, cookie, NULL);

	if (s)
		delays_add(&s->delays, &c->delays, kind, ns);
}

/* A call that returned: when was connect called, and how long did the connection wait for accept?
 */
void correlator_call(struct correlator *c, const struct sock_event *ev)
{
	struct socket *s = socket_table_by_cookie(c->sockets, ev->cookie, NULL);
	int64_t time_ns = (int64_t)ev->time_ns;

	if (!s)
		return;
	if (ev->call.call == CALL_CONNECT && !s->connect_ns)
		s->connect_ns = time_ns - (int64_t)ev->call.duration_ns;
	if ((ev->call.call == CALL_ACCEPT || ev->call.call == CALL_ACCEPT4) &&
	    s->info.established_ns)
		delays_add(&s->delays, &c->delays, DELAY_ACCEPT, time_ns - s->info.established_ns);
}

const struct delay_histograms *correlator_delays(const struct correlator *c)
{
	return &c->delays;
}

/* Once: rows of a flow may be made often. */
static void note_connect(struct correlator *c, const struct flow_row *row, struct socket *s)
{
	int64_t from_ns = s->connect_ns ? s->connect_ns : row->start_ns;

	if (s->passive || !s->birth_ns || !s->info.established_ns ||
	    s->delays.of[DELAY_CONNECT].count)
		return;
	if (s->connect_ns || row->originator == ORIGINATOR_SYN)
		delays_add(&s->delays, &c->delays, DELAY_CONNECT, s->info.established_ns - from_ns);
}

static void fill_delays(struct correlator *c, struct flow_row *row, const struct flow *f)
{
	const struct binding *src = flow_binding(c->flows, f, f->originator);
	const struct binding *dst = flow_binding(c->flows, f, !f->originator);
	struct socket *a = src->match ? socket_table_get(c->sockets, src->socket) : NULL;
	const struct socket *b = dst->match ? socket_table_get(c->sockets, dst->socket) : NULL;

	if (a) {
		note_connect(c, row, a);
		delays_fill(&row->src.delay, &a->delays);
	}
	if (b)
		delays_fill(&row->dst.delay, &b->delays);
}

void correlator_fill(struct correlator *c, struct flow_row *row, struct flow *f)
{
	const struct flow_key *k = &f->key;
	bool itself = addr_eq(&k->addr[0], &k->addr[1]) && k->port[0] == k->port[1];

	fill_end(c, &row->src, f, f->originator, true);
	/* One socket's totals are told once: a sum over ends must not count them twice. */
	fill_end(c, &row->dst, f, !f->originator, !itself);
	if (k->proto == IPPROTO_TCP)
		fill_verdict(c, row, f);
	fill_delays(c, row, f);
}

void correlator_fill_owners(struct correlator *c, struct flow_row *row, struct flow *f)
{
	process_row_absent(&row->src.process, UNBOUND_NONE);
	process_row_absent(&row->dst.process, UNBOUND_NONE);
	fill_end(c, &row->src, f, f->originator, false);
	fill_end(c, &row->dst, f, !f->originator, false);
}

/* --- scope --- */

bool correlator_in_scope(struct correlator *c, const struct flow *f)
{
	for (int end = 0; end < 2 && !c->all_in_scope; end++) {
		const struct binding *b = flow_binding(c->flows, f, end);
		const struct socket *s = b->match ? socket_table_get(c->sockets, b->socket) : NULL;

		if (s && s->in_scope)
			return true;
	}
	return c->all_in_scope;
}

/* --- sockets --- */

/* The process keeps in mind what its sockets did. */
static void note_end(struct process_table *t, const struct socket *s)
{
	const struct socket_owner *user = socket_user(s, s->death_ns);
	struct process *p = user ? process_table_find(t, user->pid, user->from_ns) : NULL;

	if (!p)
		return;
	p->sockets_closed++;
	p->written_bytes += s->tx_bytes;
	p->read_bytes += s->rx_bytes;
	p->errors += s->tx_errors + s->rx_errors;
	p->failures += s->failures;
	p->drops += s->drops;
	p->retransmits += s->retransmits;
}

void correlator_tell_socket(struct correlator *c, const struct socket *s, struct slab_id id)
{
	struct socket_row row;

	if (!c->options.on_socket || s->stand_in || !s->in_scope)
		return;
	socket_row_fill(&row, &c->known, s, socket_table_peer(c->sockets, s), id, c->now_ns);
	c->options.on_socket(c->options.ctx, &row);
}

void correlator_socket_gone(struct correlator *c, const struct socket *s, struct slab_id id)
{
	correlator_tell_socket(c, s, id);
	if (s->in_scope)
		note_end(c->known.processes, s);
}

void correlator_tell_sockets(struct correlator *c)
{
	struct slab_id id;
	const struct socket *s;
	uint32_t slot = 0;

	while ((s = socket_table_next(c->sockets, &slot, &id)))
		correlator_tell_socket(c, s, id);
}
