/* SPDX-License-Identifier: MIT */
#include "flow/join/call_join.h"

#include <stdlib.h>
#include <string.h>

#include "bpf/probe.h"
#include "flow/join/wire.h"

enum { CALLS_DEFAULT = 16384 };

struct call_join {
	struct call_join_options options;
	call_row_fn fn;
	void *ctx;
	struct wire *wire;	  /* owned; NULL = no frames */
	struct call_event *calls; /* owned; a ring */
	uint64_t first, end;	  /* numbers ever */
};

struct call_join *call_join_new(const struct call_join_options *o, call_row_fn fn, void *ctx)
{
	struct call_join *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	j->options = *o;
	j->fn = fn;
	j->ctx = ctx;
	if (!j->options.max_calls)
		j->options.max_calls = CALLS_DEFAULT;
	j->calls = calloc(j->options.max_calls, sizeof(*j->calls));
	if (o->frames)
		j->wire = wire_new(0);
	if (!j->calls || (o->frames && !j->wire)) {
		call_join_free(j);
		return NULL;
	}
	return j;
}

void call_join_free(struct call_join *j)
{
	if (!j)
		return;
	wire_free(j->wire);
	free(j->calls);
	free(j);
}

void call_remote(struct endpoint *out, const struct call_event *c)
{
	enum { INET = 2, INET6 = 10 };
	uint16_t family = 0;

	*out = (struct endpoint){addr_v6(c->ev.remote), c->ev.remote_port};
	if (out->port || !(c->flags & CALL_FLAG_NAME) || c->ev.call.call == CALL_BIND ||
	    c->ev.call.call == CALL_GETSOCKNAME)
		return;
	memcpy(&family, c->name, sizeof(family));
	if (family != INET && family != INET6)
		return;
	out->addr = family == INET ? addr_v4(c->name + 4) : addr_v6(c->name + 8);
	out->port = (uint16_t)(c->name[2] << 8 | c->name[3]);
}

static struct call_event *call_at(struct call_join *j, uint64_t number)
{
	return &j->calls[number % j->options.max_calls];
}

static bool is_captured(const struct call_join *j, const struct call_event *c)
{
	return j->wire && c->flags & CALL_FLAG_SOCKET &&
	       (!j->options.netns || c->ev.netns == j->options.netns);
}

static void tell_first(struct call_join *j)
{
	const struct call_event *c = call_at(j, j->first);
	struct call_row row = {.event = c, .name = sock_call_name(c->ev.call.call)};

	call_remote(&row.remote, c);
	if (is_captured(j, c))
		wire_find(j->wire, c, &row.frames);
	j->first++;
	j->fn(j->ctx, &row);
}

void call_join_call(struct call_join *j, const struct call_event *c)
{
	if (j->end - j->first == j->options.max_calls)
		tell_first(j);
	memcpy(call_at(j, j->end++), c, call_event_bytes(c));
}

void call_join_packets(struct call_join *j, const struct packet *packets, unsigned n)
{
	if (j->wire)
		wire_packets(j->wire, packets, n);
}

void call_join_advance(struct call_join *j, int64_t now_ns)
{
	while (j->first != j->end && (int64_t)call_at(j, j->first)->ev.time_ns <= now_ns)
		tell_first(j);
}
