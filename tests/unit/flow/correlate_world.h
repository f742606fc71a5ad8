/* SPDX-License-Identifier: MIT
 *
 * The world of the correlator's tests. The flow table is a small array of our own, so that a test
 * says exactly which flows exist and when they began. Each test program includes this once.
 */
#ifndef TESTS_UNIT_FLOW_CORRELATE_WORLD_H
#define TESTS_UNIT_FLOW_CORRELATE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "bpf/probe.h"
#include "flow/join/correlate.h"
#include "flow/join/ledger.h"
#include "flow/join/verdict.h"

#define MS 1000000ll
#define S  (1000 * MS)
#define T0 (1000 * S) /* when most tests begin */

enum { FLOWS_MAX = 16, TCP_STATE_ESTABLISHED = 1, HOST_NETNS = 1 };

/* --- a flow table in which nothing happens by itself --- */

struct flow_table {
	struct flow flows[FLOWS_MAX];
	int64_t start_ns[FLOWS_MAX];
	uint32_t first_seq[FLOWS_MAX][2]; /* of an end's first byte; 0 = its SYN was not seen */
	struct binding bindings[FLOWS_MAX][2];
	bool ended[FLOWS_MAX], freed[FLOWS_MAX];
	unsigned count;
};

static inline unsigned number(const struct flow_table *t, const struct flow *f)
{
	return (unsigned)(f - t->flows);
}

struct flow *flow_table_find(struct flow_table *t, const struct flow_key *k)
{
	for (unsigned i = t->count; i-- > 0;) {
		if (!t->ended[i] && memcmp(&t->flows[i].key, k, sizeof(*k)) == 0)
			return &t->flows[i];
	}
	return NULL;
}

struct flow *flow_table_get(struct flow_table *t, uint64_t id)
{
	return id < t->count && !t->freed[id] ? &t->flows[id] : NULL;
}

uint64_t flow_id(const struct flow_table *t, const struct flow *f)
{
	return number(t, f);
}

int64_t flow_start_ns(const struct flow_table *t, const struct flow *f)
{
	return t->start_ns[number(t, f)];
}

bool flow_first_seq(const struct flow_table *t, const struct flow *f, int end, uint32_t *seq)
{
	*seq = t->first_seq[number(t, f)][end];
	return *seq != 0;
}

const struct binding *flow_binding(const struct flow_table *t, const struct flow *f, int end)
{
	return &t->bindings[number(t, f)][end];
}

struct binding *flow_binding_of(struct flow_table *t, struct flow *f, int end)
{
	return &t->bindings[number(t, f)][end];
}

/* --- the world of a test --- */

struct world {
	struct flow_table flows;
	struct correlator *c;
};

static inline struct endpoint end(const char *text, uint16_t port)
{
	struct endpoint e = {.port = port};

	assert_true(addr_parse(&e.addr, text));
	return e;
}

static inline void begin_with(struct world *w, struct correlator_options o)
{
	struct endpoint here = end("10.0.0.1", 0);

	memset(w, 0, sizeof(*w));
	w->c = correlator_new(&o, &w->flows);
	assert_non_null(w->c);
	correlator_set_probed(w->c);
	correlator_local_addr(w->c, &here.addr);
}

static inline void begin(struct world *w)
{
	begin_with(w, (struct correlator_options){.netns = HOST_NETNS});
}

static inline void finish(struct world *w)
{
	correlator_free(w->c);
}

/* A flow whose first frame went from a to b; a SYN when it numbers a's first byte. */
static inline struct flow *frame_seq(struct world *w, uint8_t proto, struct endpoint a,
				     struct endpoint b, int64_t time_ns, uint32_t first_seq)
{
	struct flow *f = &w->flows.flows[w->flows.count];

	assert_true(w->flows.count < FLOWS_MAX);
	w->flows.start_ns[w->flows.count++] = time_ns;
	memset(&f->key, 0, sizeof(f->key));
	f->originator = (uint8_t)flow_key_make(&f->key, proto, &a.addr, a.port, &b.addr, b.port);
	f->last_ns = time_ns;
	w->flows.first_seq[number(&w->flows, f)][f->originator] = first_seq;
	correlator_flow(w->c, f);
	return f;
}

static inline struct flow *frame(struct world *w, uint8_t proto, struct endpoint a,
				 struct endpoint b, int64_t time_ns)
{
	return frame_seq(w, proto, a, b, time_ns, 0);
}

/* What the row of f says: src is the sender of the first frame. */
static inline struct flow_row row_of(struct world *w, struct flow *f)
{
	static struct flow_row row;

	memset(&row, 0, sizeof(row));
	ledger_absent(&row.src);
	ledger_absent(&row.dst);
	process_row_absent(&row.src.process, UNBOUND_NONE);
	process_row_absent(&row.dst.process, UNBOUND_NONE);
	verdict_absent(&row.verdict);
	row.src.payload_bytes = 300;
	row.src.retransmitted_bytes = 100;
	row.dst.payload_bytes = row.dst.retransmitted_bytes = ROW_ABSENT;
	correlator_fill(w->c, &row, f);
	return row;
}

static inline struct process_row src(struct world *w, struct flow *f)
{
	return row_of(w, f).src.process;
}

static inline struct process_row dst(struct world *w, struct flow *f)
{
	return row_of(w, f).dst.process;
}

#define assert_bound(process, its_pid, its_match)                                                  \
	do {                                                                                       \
		struct process_row p_ = (process);                                                 \
		assert_int_equal(p_.match, its_match);                                             \
		assert_int_equal(p_.pid, its_pid);                                                 \
		assert_int_equal(p_.reason, UNBOUND_NONE);                                         \
	} while (0)

#define assert_unbound(process, its_reason)                                                        \
	do {                                                                                       \
		struct process_row p_ = (process);                                                 \
		assert_int_equal(p_.reason, its_reason);                                           \
		assert_int_equal(p_.match, MATCH_NONE);                                            \
		assert_true(p_.pid == ROW_ABSENT && p_.owners == ROW_ABSENT);                      \
	} while (0)

struct sock_event_args {
	uint8_t kind, proto, flags;
	uint16_t family;
	uint64_t cookie;
	int64_t time_ns;
	struct endpoint local, remote;
	uint32_t pid, netns;
	uint32_t first_sent, first_read; /* of an INFO */
};

static inline struct sock_event event_of(struct sock_event_args a)
{
	struct sock_event ev = {
		.time_ns = (uint64_t)a.time_ns,
		.cookie = a.cookie,
		.kind = a.kind,
		.flags = a.flags,
		.type = a.proto == IPPROTO_UDP ? SOCK_DGRAM : SOCK_STREAM,
		.family = a.family ? a.family : AF_INET,
		.proto = a.proto,
		.netns = a.netns ? a.netns : HOST_NETNS,
		.local_port = a.local.port,
		.remote_port = a.remote.port,
		.fd = -1,
		.pid = a.pid,
		.tid = a.pid,
		.comm = "prog",
	};

	if (a.kind == SOCK_EVENT_INFO) {
		ev.info.write_seq = a.first_sent;
		ev.info.rcv_nxt = a.first_read;
	}
	memcpy(ev.local, a.local.addr.b, 16);
	memcpy(ev.remote, a.remote.addr.b, 16);
	return ev;
}

#define take(w, ...)                                                                               \
	do {                                                                                       \
		struct sock_event ev_ = event_of((struct sock_event_args){__VA_ARGS__});           \
		correlator_event((w)->c, &ev_);                                                    \
	} while (0)

#define HERE	  end("10.0.0.1", 4000)
#define SERVER	  end("10.0.0.1", 80)
#define THERE	  end("192.0.2.9", 80)
#define CLIENT	  end("192.0.2.9", 5000)
#define ANY(port) end("0.0.0.0", port)
#define TCP	  IPPROTO_TCP
#define UDP	  IPPROTO_UDP

#endif
