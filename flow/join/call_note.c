/* SPDX-License-Identifier: MIT */
#include "flow/join/call_note.h"

#include "flow/join/correlate_private.h"

/* Which argument says how many bytes are to be moved; 0 = none does. */
static const uint8_t size_args[CALL_COUNT] = {
	[CALL_SENDTO] = 2,  [CALL_RECVFROM] = 2, [CALL_READ] = 2,     [CALL_WRITE] = 2,
	[CALL_PREAD64] = 2, [CALL_PWRITE64] = 2, [CALL_SENDFILE] = 3, [CALL_SPLICE] = 4,
};

/* A port may have been another socket's a moment before: the ends alone do not tell. */
static bool is_bound(struct correlator *c, const struct flow *f, int end, uint64_t cookie)
{
	const struct binding *b = flow_binding(c->flows, f, end);
	const struct socket *s = b->match ? socket_table_get(c->sockets, b->socket) : NULL;

	return s && s->cookie == cookie;
}

/* What the record does not name the socket did: one whose connect failed has lost its ends since.
 */
static struct flow *flow_of(struct correlator *c, const struct call_row *row, int *end)
{
	const struct sock_event *ev = &row->event->ev;
	const struct socket *s = socket_table_by_cookie(c->sockets, ev->cookie, NULL);
	struct endpoint local = {addr_v6(ev->local), ev->local_port}, remote = row->remote;
	struct flow_key k;
	struct flow *f;

	if (!s || (c->options.netns && ev->netns != c->options.netns))
		return NULL;
	if (!local.port || addr_is_any(&local.addr))
		local = s->local;
	if (!remote.port)
		remote = s->remote;
	if (!local.port || !remote.port)
		return NULL;
	*end = flow_key_make(&k, s->proto, &local.addr, local.port, &remote.addr, remote.port);
	f = flow_table_find(c->flows, &k);
	return f && is_bound(c, f, *end, ev->cookie) ? f : NULL;
}

static int32_t fit_result(int64_t v)
{
	return v > INT32_MAX ? INT32_MAX : v < INT32_MIN ? INT32_MIN : (int32_t)v;
}

static uint32_t fit(uint64_t v)
{
	return v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
}

struct flow *call_note(struct recent_note *n, struct correlator *c, const struct call_row *row)
{
	const struct call_event *event = row->event;
	uint16_t call = event->ev.call.call < CALL_COUNT ? event->ev.call.call : CALL_NONE;
	struct flow *f;
	int end;

	if (!(event->flags & CALL_FLAG_SOCKET))
		return NULL;
	f = flow_of(c, row, &end);
	if (!f)
		return NULL;
	*n = (struct recent_note){
		.time_ns = (int64_t)event->ev.time_ns,
		.result = fit_result(event->ev.call.result),
		.took_us = fit(event->ev.call.duration_ns / 1000 +
			       (event->ev.call.duration_ns % 1000 != 0)),
		.call = call,
		.flags = (uint8_t)event->flags,
		.end = (uint8_t)end,
		.kind = RECENT_CALL,
	};
	if (size_args[call])
		n->asked = fit((uint64_t)event->ev.call.args[size_args[call]]);
	return f;
}
