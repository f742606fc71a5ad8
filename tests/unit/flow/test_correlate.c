/* SPDX-License-Identifier: MIT
 *
 * One test a rule of the correlation. The flow table is a small array of our own, so that a test
 * says exactly which flows exist and when they began.
 */
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
#include "flow/correlate.h"
#include "flow/ledger.h"
#include "flow/verdict.h"

#define MS 1000000ll
#define S  (1000 * MS)
#define T0 (1000 * S) /* when most tests begin */

enum { FLOWS_MAX = 16, TCP_STATE_ESTABLISHED = 1, HOST_NETNS = 1 };

/* --- a flow table in which nothing happens by itself --- */

struct flow_table {
	struct flow flows[FLOWS_MAX];
	int64_t start_ns[FLOWS_MAX];
	struct binding bindings[FLOWS_MAX][2];
	bool ended[FLOWS_MAX], freed[FLOWS_MAX];
	unsigned count;
};

static unsigned number(const struct flow_table *t, const struct flow *f)
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

struct binding *flow_binding(struct flow_table *t, const struct flow *f, int end)
{
	return &t->bindings[number(t, f)][end];
}

/* --- a /proc in which only process 100 lives, until it does not --- */

static bool proc_gone;

int proc_read(struct proc_info *out, uint32_t pid, uint32_t tid)
{
	(void)tid;
	if (pid != 100 || proc_gone)
		return -ESRCH;
	*out = (struct proc_info){.exe = "/usr/bin/curl", .comm = "prog", .start_ns = 5};
	return 0;
}

/* --- the world of a test --- */

struct world {
	struct flow_table flows;
	struct correlator *c;
};

static struct endpoint end(const char *text, uint16_t port)
{
	struct endpoint e = {.port = port};

	assert_true(addr_parse(&e.addr, text));
	return e;
}

static void begin_with(struct world *w, struct correlator_options o)
{
	struct endpoint here = end("10.0.0.1", 0);

	memset(w, 0, sizeof(*w));
	w->c = correlator_new(&o, &w->flows);
	assert_non_null(w->c);
	correlator_set_probed(w->c);
	correlator_local_addr(w->c, &here.addr);
}

static void begin(struct world *w)
{
	begin_with(w, (struct correlator_options){.netns = HOST_NETNS});
}

static void finish(struct world *w)
{
	correlator_free(w->c);
}

/* A flow whose first frame went from a to b. */
static struct flow *frame(struct world *w, uint8_t proto, struct endpoint a, struct endpoint b,
			  int64_t time_ns)
{
	struct flow *f = &w->flows.flows[w->flows.count];

	assert_true(w->flows.count < FLOWS_MAX);
	w->flows.start_ns[w->flows.count++] = time_ns;
	memset(&f->key, 0, sizeof(f->key));
	f->originator = (uint8_t)flow_key_make(&f->key, proto, &a.addr, a.port, &b.addr, b.port);
	f->last_ns = time_ns;
	correlator_flow(w->c, f);
	return f;
}

/* What the row of f says: src is the sender of the first frame. */
static struct flow_row row_of(struct world *w, struct flow *f)
{
	static struct flow_row row;

	memset(&row, 0, sizeof(row));
	ledger_absent(&row.src);
	ledger_absent(&row.dst);
	verdict_absent(&row.verdict);
	row.src.payload_bytes = 300;
	row.src.retransmitted_bytes = 100;
	row.dst.payload_bytes = row.dst.retransmitted_bytes = ROW_ABSENT;
	correlator_fill(w->c, &row, f);
	return row;
}

static struct process_row src(struct world *w, struct flow *f)
{
	return row_of(w, f).src.process;
}

static struct process_row dst(struct world *w, struct flow *f)
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
};

static struct sock_event event_of(struct sock_event_args a)
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

/* --- order of arrival --- */

static void test_event_first_binds_at_once(void **state)
{
	struct world w;
	struct flow *f;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 1, .time_ns = T0, .pid = 100);
	take(&w, SOCK_EVENT_ADDRESS, TCP, .cookie = 1, .time_ns = T0, .local = HERE,
	     .remote = THERE);
	f = frame(&w, TCP, HERE, THERE, T0 + MS);
	assert_bound(src(&w, f), 100, MATCH_EXACT);
	assert_unbound(dst(&w, f), UNBOUND_PENDING);
	finish(&w);
}

static void test_frame_first_waits_for_the_event(void **state)
{
	struct world w;
	struct flow *f;

	(void)state;
	begin(&w);
	f = frame(&w, TCP, HERE, THERE, T0);
	assert_unbound(src(&w, f), UNBOUND_PENDING);
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 1, .time_ns = T0 - MS, .pid = 100);
	take(&w, SOCK_EVENT_ADDRESS, TCP, .cookie = 1, .time_ns = T0 - MS, .local = HERE,
	     .remote = THERE);
	assert_bound(src(&w, f), 100, MATCH_EXACT);
	finish(&w);
}

static void test_a_matching_event_binds_after_the_reason_was_given(void **state)
{
	struct world w;
	struct flow *f;

	(void)state;
	begin(&w);
	f = frame(&w, TCP, HERE, THERE, T0);
	correlator_advance(w.c, T0 + 2 * S);
	assert_unbound(src(&w, f), UNBOUND_NO_SOCKET);
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 1, .time_ns = T0 - MS, .local = HERE,
	     .remote = THERE, .pid = 100);
	assert_bound(src(&w, f), 100, MATCH_EXACT);
	finish(&w);
}

static void test_an_ended_flow_that_waits_still_binds(void **state)
{
	struct world w;
	struct flow *f;

	(void)state;
	begin(&w);
	f = frame(&w, TCP, HERE, THERE, T0);
	w.flows.ended[0] = true; /* no longer found by its key */
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 1, .time_ns = T0 - MS, .local = HERE,
	     .remote = THERE, .pid = 100);
	assert_bound(src(&w, f), 100, MATCH_EXACT);
	w.flows.freed[0] = true;
	take(&w, SOCK_EVENT_OWNER, TCP, .cookie = 1, .time_ns = T0, .pid = 101);
	correlator_advance(w.c, INT64_MAX);
	finish(&w);
}

/* --- reasons --- */

static void test_reasons_when_no_socket_comes(void **state)
{
	struct world w;
	struct flow *f;

	(void)state;
	begin(&w);
	f = frame(&w, TCP, HERE, THERE, T0);
	correlator_advance(w.c, T0 + S - 1);
	assert_unbound(src(&w, f), UNBOUND_PENDING);
	assert_unbound(dst(&w, f), UNBOUND_PENDING);
	correlator_advance(w.c, T0 + S);
	assert_unbound(src(&w, f), UNBOUND_NO_SOCKET);
	assert_unbound(dst(&w, f), UNBOUND_REMOTE);
	finish(&w);
}

static void test_no_owner_when_nobody_used_the_socket(void **state)
{
	struct world w;
	struct flow *f;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_EXISTING, TCP, .cookie = 1, .time_ns = T0, .local = HERE,
	     .remote = THERE);
	f = frame(&w, TCP, HERE, THERE, T0);
	correlator_advance(w.c, T0 + S);
	assert_unbound(src(&w, f), UNBOUND_NO_OWNER);
	finish(&w);
}

static void test_lost_when_losses_rose_meanwhile(void **state)
{
	struct loss l = {0};
	struct flow *before, *during;
	struct world w;

	(void)state;
	begin(&w);
	l.count[LOSS_RING] = 4;
	correlator_probe_loss(w.c, &l);
	before = frame(&w, TCP, HERE, THERE, T0);
	correlator_probe_loss(w.c, &l); /* no rise */
	correlator_advance(w.c, T0 + S);
	assert_unbound(src(&w, before), UNBOUND_NO_SOCKET);
	during = frame(&w, TCP, end("10.0.0.1", 4001), THERE, T0 + 2 * S);
	l.count[LOSS_MAP_FULL] = 1;
	correlator_probe_loss(w.c, &l);
	correlator_advance(w.c, T0 + 3 * S);
	assert_unbound(src(&w, during), UNBOUND_LOST);
	assert_unbound(dst(&w, during), UNBOUND_REMOTE);
	finish(&w);
}

static void test_no_ports_no_process(void **state)
{
	struct flow *ping, *fragment;
	struct world w;

	(void)state;
	begin(&w);
	ping = frame(&w, IPPROTO_ICMP, end("10.0.0.1", 8), end("192.0.2.9", 0), T0);
	fragment = frame(&w, UDP, end("10.0.0.1", 0), end("192.0.2.9", 0), T0);
	assert_unbound(src(&w, ping), UNBOUND_NO_PORTS);
	assert_unbound(dst(&w, ping), UNBOUND_NO_PORTS);
	assert_unbound(src(&w, fragment), UNBOUND_NO_PORTS);
	finish(&w);
}

static void test_no_probe_no_waiting(void **state)
{
	struct correlator_options o = {0};
	struct world w = {0};

	(void)state;
	w.c = correlator_new(&o, &w.flows);
	assert_unbound(src(&w, frame(&w, TCP, HERE, THERE, T0)), UNBOUND_NO_PROBE);
	finish(&w);
}

static void test_pending_overflow_is_counted(void **state)
{
	struct loss l = {0};
	struct world w;
	struct flow *first, *last = NULL;

	(void)state;
	begin_with(&w, (struct correlator_options){.max_pending = 4});
	first = frame(&w, TCP, HERE, THERE, T0);
	for (uint16_t i = 1; i <= 2; i++)
		last = frame(&w, TCP, end("10.0.0.1", 4000 + i), THERE, T0);
	assert_unbound(src(&w, first), UNBOUND_LOST);
	assert_unbound(src(&w, last), UNBOUND_PENDING);
	correlator_loss(w.c, &l);
	assert_int_equal(l.count[LOSS_PENDING], 2);
	finish(&w);
}

/* --- whose flow --- */

static void test_loopback_binds_at_both_ends(void **state)
{
	struct endpoint a = end("127.0.0.1", 4000), b = end("127.0.0.1", 80);
	struct world w;
	struct flow *f;

	(void)state;
	begin(&w);
	f = frame(&w, TCP, a, b, T0);
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 1, .time_ns = T0, .local = a, .remote = b,
	     .pid = 100);
	assert_unbound(dst(&w, f), UNBOUND_PENDING);
	take(&w, SOCK_EVENT_OPEN, TCP, SOCK_FLAG_PASSIVE, .cookie = 2, .time_ns = T0, .local = b,
	     .remote = a, .pid = 200);
	assert_bound(src(&w, f), 100, MATCH_EXACT);
	assert_bound(dst(&w, f), 200, MATCH_EXACT);
	finish(&w);
}

static void test_v4_mapped_sockets_match_v4_frames(void **state)
{
	struct world w;
	struct flow *f;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_OPEN, TCP, .family = AF_INET6, .cookie = 1, .time_ns = T0,
	     .local = end("::ffff:10.0.0.1", 4000), .remote = end("::ffff:192.0.2.9", 80),
	     .pid = 100);
	f = frame(&w, TCP, HERE, THERE, T0);
	assert_bound(src(&w, f), 100, MATCH_EXACT);
	finish(&w);
}

static void test_a_listener_never_owns_a_flow(void **state)
{
	struct world w;
	struct flow *f;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_OPEN, TCP, SOCK_FLAG_LISTENER, .cookie = 1, .time_ns = T0,
	     .local = ANY(80), .pid = 100);
	f = frame(&w, TCP, CLIENT, SERVER, T0);
	assert_unbound(dst(&w, f), UNBOUND_PENDING);
	correlator_advance(w.c, T0 + S);
	assert_unbound(dst(&w, f), UNBOUND_NO_SOCKET);
	finish(&w);
}

static void test_an_accepted_socket_waits_for_its_own_user(void **state)
{
	struct world w;
	struct flow *f;

	(void)state;
	begin(&w);
	f = frame(&w, TCP, CLIENT, SERVER, T0);
	f->last_ns = T0 + 200 * MS;
	take(&w, SOCK_EVENT_ADDRESS, TCP, SOCK_FLAG_PASSIVE | SOCK_FLAG_PROVISIONAL, .cookie = 2,
	     .time_ns = T0 + 200 * MS, .local = SERVER, .remote = CLIENT, .pid = 100);
	assert_unbound(dst(&w, f), UNBOUND_PENDING);
	correlator_advance(w.c, T0 + S);
	assert_unbound(dst(&w, f), UNBOUND_NO_OWNER);
	/* A pre-forked worker accepts late. */
	take(&w, SOCK_EVENT_OWNER, TCP, SOCK_FLAG_PASSIVE, .cookie = 2, .time_ns = T0 + 3 * S,
	     .local = SERVER, .remote = CLIENT, .pid = 101);
	assert_bound(dst(&w, f), 101, MATCH_EXACT);
	assert_int_equal(dst(&w, f).owners, 1);
	finish(&w);
}

static void test_all_owners_count_and_the_latest_user_shows(void **state)
{
	struct world w;
	struct flow *f;

	(void)state;
	begin(&w);
	f = frame(&w, TCP, CLIENT, SERVER, T0);
	take(&w, SOCK_EVENT_OPEN, TCP, SOCK_FLAG_PASSIVE, .cookie = 2, .time_ns = T0,
	     .local = SERVER, .remote = CLIENT, .pid = 100);
	assert_bound(dst(&w, f), 100, MATCH_EXACT);
	take(&w, SOCK_EVENT_OWNER, TCP, SOCK_FLAG_PASSIVE, .cookie = 2, .time_ns = T0 + MS,
	     .local = SERVER, .remote = CLIENT, .pid = 101);
	f->last_ns = T0 + 2 * MS;
	assert_bound(dst(&w, f), 101, MATCH_EXACT);
	assert_int_equal(dst(&w, f).owners, 2);
	finish(&w);
}

static void test_existing_sockets_match_as_snapshot_until_used(void **state)
{
	struct world w;
	struct flow *f;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_EXISTING, TCP, .cookie = 1, .time_ns = T0, .local = HERE,
	     .remote = THERE, .pid = 100);
	f = frame(&w, TCP, HERE, THERE, T0 + S);
	assert_bound(src(&w, f), 100, MATCH_SNAPSHOT);
	correlator_advance(w.c, T0 + 9 * S);
	take(&w, SOCK_EVENT_OWNER, TCP, .cookie = 1, .time_ns = T0 + 9 * S, .local = HERE,
	     .remote = THERE, .pid = 100);
	assert_bound(src(&w, f), 100, MATCH_EXACT);
	finish(&w);
}

/* --- reuse --- */

static void test_a_reused_tuple_inherits_nothing(void **state)
{
	struct flow *first, *second;
	struct world w;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 1, .time_ns = T0, .local = HERE, .remote = THERE,
	     .pid = 100);
	first = frame(&w, TCP, HERE, THERE, T0);
	take(&w, SOCK_EVENT_CLOSE, TCP, .cookie = 1, .time_ns = T0 + S, .pid = 100);
	second = frame(&w, TCP, HERE, THERE, T0 + S + 60 * MS);
	assert_unbound(src(&w, second), UNBOUND_PENDING);
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 2, .time_ns = T0 + S + 59 * MS, .local = HERE,
	     .remote = THERE, .pid = 101);
	assert_bound(src(&w, first), 100, MATCH_EXACT);
	assert_bound(src(&w, second), 101, MATCH_EXACT);
	finish(&w);
}

/* The events of the first socket were lost, and so was the birth of the second. */
static void test_a_lost_birth_claims_no_older_flow(void **state)
{
	struct world w;
	struct flow *f;

	(void)state;
	begin(&w);
	f = frame(&w, TCP, HERE, THERE, T0);
	correlator_advance(w.c, T0 + 2 * S);
	take(&w, SOCK_EVENT_CLOSE, TCP, .cookie = 2, .time_ns = T0 + 10 * S, .local = HERE,
	     .remote = THERE, .pid = 101);
	assert_unbound(src(&w, f), UNBOUND_NO_SOCKET);
	/* Its own frames were there when it was first told of. */
	w.flows.ended[0] = true;
	f = frame(&w, TCP, HERE, THERE, T0 + 10 * S - MS);
	assert_bound(src(&w, f), 101, MATCH_EXACT);
	finish(&w);
}

static void test_a_close_that_comes_late_frees_the_younger_flow(void **state)
{
	struct flow *second;
	struct world w;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 1, .time_ns = T0, .local = HERE, .remote = THERE,
	     .pid = 100);
	second = frame(&w, TCP, HERE, THERE, T0 + S);
	assert_bound(src(&w, second), 100, MATCH_EXACT); /* nothing says otherwise yet */
	take(&w, SOCK_EVENT_CLOSE, TCP, .cookie = 1, .time_ns = T0 + 900 * MS, .pid = 100);
	assert_unbound(src(&w, second), UNBOUND_PENDING);
	correlator_advance(w.c, T0 + 2 * S);
	assert_unbound(src(&w, second), UNBOUND_NO_SOCKET);
	finish(&w);
}

static void test_within_the_slack_the_nearer_life_wins(void **state)
{
	struct world w;
	struct flow *f;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 1, .time_ns = T0, .local = HERE, .remote = THERE,
	     .pid = 100);
	take(&w, SOCK_EVENT_CLOSE, TCP, .cookie = 1, .time_ns = T0 + S, .pid = 100);
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 2, .time_ns = T0 + S + 10 * MS, .local = HERE,
	     .remote = THERE, .pid = 101);
	f = frame(&w, TCP, HERE, THERE, T0 + S + 11 * MS);
	assert_bound(src(&w, f), 101, MATCH_EXACT);
	f = frame(&w, TCP, HERE, THERE, T0 + S + 2 * MS);
	assert_bound(src(&w, f), 100, MATCH_EXACT);
	finish(&w);
}

static void test_a_handshake_precedes_the_passive_socket(void **state)
{
	struct flow *slow, *old;
	struct world w;

	(void)state;
	begin(&w);
	old = frame(&w, TCP, end("192.0.2.9", 5001), SERVER, T0);
	slow = frame(&w, TCP, CLIENT, SERVER, T0);
	slow->last_ns = T0 + 3 * S; /* SYN, lost SYN-ACK, ... */
	take(&w, SOCK_EVENT_OPEN, TCP, SOCK_FLAG_PASSIVE, .cookie = 1, .time_ns = T0 + 3 * S,
	     .local = SERVER, .remote = CLIENT, .pid = 100);
	assert_bound(dst(&w, slow), 100, MATCH_EXACT);
	/* A flow that was over before the socket was born is another conversation. */
	take(&w, SOCK_EVENT_OPEN, TCP, SOCK_FLAG_PASSIVE, .cookie = 2, .time_ns = T0 + 3 * S,
	     .local = SERVER, .remote = end("192.0.2.9", 5001), .pid = 101);
	assert_unbound(dst(&w, old), UNBOUND_NO_SOCKET);
	finish(&w);
}

static void test_closed_sockets_keep_their_flows(void **state)
{
	struct world w;
	struct flow *f;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 1, .time_ns = T0, .local = HERE, .remote = THERE,
	     .pid = 100);
	f = frame(&w, TCP, HERE, THERE, T0);
	take(&w, SOCK_EVENT_CLOSE, TCP, .cookie = 1, .time_ns = T0 + MS, .pid = 100);
	correlator_advance(w.c, T0 + 3600 * S);
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 2, .time_ns = T0 + 3600 * S, .local = HERE,
	     .remote = THERE, .pid = 101);
	assert_bound(src(&w, f), 100, MATCH_EXACT);
	correlator_advance(w.c, INT64_MAX);
	assert_bound(src(&w, f), 100, MATCH_EXACT);
	finish(&w);
}

static void test_a_closed_socket_binds_while_it_lingers(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_CLOSE, TCP, SOCK_FLAG_RECOVERED, .cookie = 1, .time_ns = T0,
	     .local = HERE, .remote = THERE, .pid = 100);
	assert_bound(src(&w, frame(&w, TCP, HERE, THERE, T0 - MS)), 100, MATCH_EXACT);
	finish(&w);
}

/* --- network namespaces --- */

static void test_two_namespaces_with_one_tuple(void **state)
{
	struct flow *f;
	struct world w;

	(void)state;
	for (uint32_t capture = 1; capture <= 3; capture++) {
		begin_with(&w, (struct correlator_options){.netns = capture});
		for (uint32_t n = 1; n <= 2; n++)
			take(&w, SOCK_EVENT_OPEN, TCP, .cookie = n, .time_ns = T0 - n * S,
			     .local = HERE, .remote = THERE, .pid = 100 + n, .netns = n);
		f = frame(&w, TCP, HERE, THERE, T0);
		correlator_advance(w.c, T0 + S);
		if (capture <= 2)
			assert_bound(src(&w, f), 100 + capture, MATCH_EXACT);
		else
			assert_unbound(src(&w, f), UNBOUND_AMBIGUOUS);
		finish(&w);
	}
}

static void test_a_second_namespace_makes_a_bound_flow_ambiguous(void **state)
{
	struct flow *f;
	struct world w;

	(void)state;
	begin_with(&w, (struct correlator_options){.netns = 3});
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 1, .time_ns = T0, .local = HERE, .remote = THERE,
	     .pid = 101, .netns = 1);
	f = frame(&w, TCP, HERE, THERE, T0);
	assert_bound(src(&w, f), 101, MATCH_EXACT);
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 2, .time_ns = T0, .local = HERE, .remote = THERE,
	     .pid = 102, .netns = 2);
	correlator_advance(w.c, T0 + S);
	assert_unbound(src(&w, f), UNBOUND_AMBIGUOUS);
	finish(&w);
}

static void test_loopback_of_another_namespace_is_not_ours(void **state)
{
	struct endpoint a = end("127.0.0.1", 4000), b = end("127.0.0.1", 80);
	struct world w;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 1, .time_ns = T0, .local = a, .remote = b,
	     .pid = 100, .netns = 2);
	assert_unbound(src(&w, frame(&w, TCP, a, b, T0)), UNBOUND_PENDING);
	finish(&w);
}

static void test_addresses_of_containers_are_local(void **state)
{
	struct flow *f;
	struct world w;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 1, .time_ns = T0, .local = end("172.17.0.2", 1),
	     .remote = THERE, .pid = 100, .netns = 2);
	f = frame(&w, TCP, end("172.17.0.2", 9), THERE, T0);
	correlator_advance(w.c, T0 + S);
	assert_unbound(src(&w, f), UNBOUND_NO_SOCKET);
	assert_unbound(dst(&w, f), UNBOUND_REMOTE);
	finish(&w);
}

/* --- unconnected UDP --- */

static void test_udp_binds_exactly_by_datagram_peer(void **state)
{
	struct flow *one, *two;
	struct world w;

	(void)state;
	begin(&w);
	for (uint32_t n = 1; n <= 2; n++) /* SO_REUSEPORT: the port alone tells nothing */
		take(&w, SOCK_EVENT_OPEN, UDP, .cookie = n, .time_ns = T0, .local = ANY(80),
		     .pid = 100 + n);
	one = frame(&w, UDP, CLIENT, SERVER, T0);
	assert_unbound(dst(&w, one), UNBOUND_PENDING);
	take(&w, SOCK_EVENT_PEER, UDP, .cookie = 2, .time_ns = T0 + MS, .local = ANY(80),
	     .remote = CLIENT, .pid = 102);
	assert_bound(dst(&w, one), 102, MATCH_EXACT);
	take(&w, SOCK_EVENT_PEER, UDP, .cookie = 1, .time_ns = T0 + MS, .local = ANY(80),
	     .remote = end("192.0.2.9", 5001), .pid = 101);
	two = frame(&w, UDP, end("192.0.2.9", 5001), SERVER, T0 + 2 * MS);
	assert_bound(dst(&w, two), 101, MATCH_EXACT);
	finish(&w);
}

static void test_udp_wildcard_needs_exactly_one_candidate(void **state)
{
	struct flow *one, *two;
	struct world w;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_OPEN, UDP, .cookie = 1, .time_ns = T0, .local = ANY(80), .pid = 101);
	one = frame(&w, UDP, CLIENT, SERVER, T0);
	assert_bound(dst(&w, one), 101, MATCH_WILDCARD);
	correlator_advance(w.c, T0 + 2 * S);
	take(&w, SOCK_EVENT_OPEN, UDP, .cookie = 2, .time_ns = T0 + 2 * S, .local = SERVER,
	     .pid = 102);
	two = frame(&w, UDP, end("192.0.2.9", 5001), SERVER, T0 + 2 * S);
	correlator_advance(w.c, T0 + 3 * S);
	assert_unbound(dst(&w, two), UNBOUND_AMBIGUOUS);
	assert_bound(dst(&w, one), 101, MATCH_WILDCARD);
	finish(&w);
}

static void test_a_wildcard_is_sharpened_by_a_peer(void **state)
{
	struct flow *f;
	struct world w;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_OPEN, UDP, .cookie = 1, .time_ns = T0, .local = ANY(80), .pid = 101);
	f = frame(&w, UDP, CLIENT, SERVER, T0);
	take(&w, SOCK_EVENT_PEER, UDP, .cookie = 1, .time_ns = T0 + MS, .local = ANY(80),
	     .remote = CLIENT, .pid = 101);
	assert_bound(dst(&w, f), 101, MATCH_EXACT);
	finish(&w);
}

static void test_a_wildcard_says_nothing_of_remote_addresses(void **state)
{
	struct endpoint dns = end("192.0.2.53", 53);
	struct flow *f, *forwarded;
	struct world w;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_OPEN, UDP, .cookie = 1, .time_ns = T0, .local = ANY(53), .pid = 101);
	f = frame(&w, UDP, HERE, dns, T0);
	/* musl asks several servers from one port: this one is not ours, though we know the peer.
	 */
	take(&w, SOCK_EVENT_PEER, UDP, .cookie = 1, .time_ns = T0, .local = ANY(53),
	     .remote = end("172.17.0.2", 7000), .pid = 101);
	forwarded = frame(&w, UDP, end("172.17.0.2", 7000), dns, T0);
	correlator_advance(w.c, T0 + S);
	assert_unbound(dst(&w, f), UNBOUND_REMOTE);
	assert_unbound(dst(&w, forwarded), UNBOUND_REMOTE);
	finish(&w);
}

static void test_a_peer_alone_makes_a_container_likely(void **state)
{
	struct endpoint inside = end("172.17.0.2", 80);
	struct flow *f;
	struct world w;

	(void)state;
	begin(&w);
	f = frame(&w, UDP, CLIENT, inside, T0);
	take(&w, SOCK_EVENT_PEER, UDP, .cookie = 1, .time_ns = T0, .local = ANY(80),
	     .remote = CLIENT, .pid = 101, .netns = 2);
	assert_bound(dst(&w, f), 101, MATCH_WILDCARD);
	finish(&w);
}

static void test_the_pair_of_v4_and_v6_sockets_on_a_port(void **state)
{
	struct endpoint v6 = end("2001:db8::1", 80), peer6 = end("2001:db8::9", 5000);
	struct world w;

	(void)state;
	begin(&w);
	correlator_local_addr(w.c, &v6.addr);
	take(&w, SOCK_EVENT_OPEN, UDP, .family = AF_INET, .cookie = 1, .time_ns = T0,
	     .local = ANY(80), .pid = 104);
	take(&w, SOCK_EVENT_OPEN, UDP, .family = AF_INET6, .cookie = 2, .time_ns = T0,
	     .local = end("::", 80), .pid = 106);
	assert_bound(dst(&w, frame(&w, UDP, CLIENT, SERVER, T0)), 104, MATCH_WILDCARD);
	assert_bound(dst(&w, frame(&w, UDP, peer6, v6, T0)), 106, MATCH_WILDCARD);
	finish(&w);
}

static void test_a_host_without_address_may_be_any_host(void **state)
{
	struct world w;
	struct flow *f;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_OPEN, UDP, .cookie = 1, .time_ns = T0, .local = ANY(68), .pid = 100);
	f = frame(&w, UDP, ANY(68), end("255.255.255.255", 67), T0);
	correlator_advance(w.c, T0 + S);
	assert_unbound(src(&w, f), UNBOUND_REMOTE);
	finish(&w);
}

static void test_a_socket_that_talks_to_itself(void **state)
{
	struct endpoint self = end("127.0.0.1", 4000);
	struct flow_row row;
	struct flow *f;
	struct world w;

	(void)state;
	begin(&w);
	f = frame(&w, TCP, self, self, T0);
	correlator_advance(w.c, T0 + 2 * S); /* found by its key, not because it waits */
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 1, .time_ns = T0, .local = self, .remote = self,
	     .pid = 100);
	take(&w, SOCK_EVENT_TOTALS, TCP, .cookie = 1, .time_ns = T0, .local = self, .remote = self);
	row = row_of(&w, f);
	assert_bound(row.src.process, 100, MATCH_EXACT);
	assert_bound(row.dst.process, 100, MATCH_EXACT);
	assert_int_equal(row.src.ledger.written, 0);
	assert_true(row.dst.ledger.written == ROW_ABSENT);
	finish(&w);
}

/* --- rows --- */

static void totals(struct world *w, struct sock_event_args a, uint64_t tx, uint64_t acked,
		   uint64_t received, uint64_t rx, uint32_t unread)
{
	struct sock_event ev = event_of(a);

	ev.totals.tx_bytes = tx;
	ev.totals.acked_bytes = acked;
	ev.totals.received_bytes = received;
	ev.totals.rx_bytes = rx;
	ev.totals.unread_bytes = unread;
	correlator_event(w->c, &ev);
}

/* The kernel's figures are those TCP_INFO gave for such a connection: 100 bytes there, 7 back. */
static void test_ledger_of_a_connection(void **state)
{
	struct sock_event_args client = {SOCK_EVENT_TOTALS, TCP, .cookie = 1, .time_ns = T0};
	struct sock_event_args server = {SOCK_EVENT_TOTALS, TCP, .cookie = 2, .time_ns = T0};
	struct endpoint a = end("127.0.0.1", 4000), b = end("127.0.0.1", 80);
	struct flow_row row;
	struct flow *f;
	struct world w;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 1, .time_ns = T0, .local = a, .remote = b,
	     .pid = 100);
	take(&w, SOCK_EVENT_OPEN, TCP, SOCK_FLAG_PASSIVE, .cookie = 2, .time_ns = T0, .local = b,
	     .remote = a, .pid = 200);
	f = frame(&w, TCP, a, b, T0);
	assert_true(row_of(&w, f).src.ledger.written == ROW_ABSENT); /* no totals yet */
	totals(&w, client, 100, 101, 7, 0, 7);			     /* before the FINs */
	totals(&w, server, 7, 7, 100, 60, 40);
	row = row_of(&w, f);
	assert_int_equal(row.src.ledger.written, 100);
	assert_int_equal(row.src.ledger.sent, 200); /* 300 on the wire, 100 of them again */
	assert_int_equal(row.src.ledger.acked, 100);
	assert_int_equal(row.src.ledger.arrived, 7);
	assert_int_equal(row.src.ledger.read, 0);
	assert_true(row.dst.ledger.sent == ROW_ABSENT);
	assert_int_equal(row.dst.ledger.acked, 7);
	assert_int_equal(row.dst.ledger.arrived, 100);
	assert_int_equal(row.dst.ledger.read, 60);
	totals(&w, client, 100, 102, 8, 7, 0); /* after both */
	totals(&w, server, 7, 8, 101, 100, 0);
	row = row_of(&w, f);
	assert_int_equal(row.src.ledger.acked, 100);
	assert_int_equal(row.src.ledger.arrived, 7);
	assert_int_equal(row.dst.ledger.acked, 7);
	assert_int_equal(row.dst.ledger.arrived, 100);
	finish(&w);
}

static void test_no_ledger_from_a_socket_of_many_flows(void **state)
{
	struct sock_event_args t = {SOCK_EVENT_TOTALS, UDP, .cookie = 1, .time_ns = T0};
	struct flow *f;
	struct world w;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_OPEN, UDP, .cookie = 1, .time_ns = T0, .local = ANY(80), .pid = 101);
	take(&w, SOCK_EVENT_PEER, UDP, .cookie = 1, .time_ns = T0, .local = ANY(80),
	     .remote = CLIENT, .pid = 101);
	totals(&w, t, 10, 0, 0, 10, 0);
	f = frame(&w, UDP, CLIENT, SERVER, T0);
	assert_bound(dst(&w, f), 101, MATCH_EXACT);
	assert_true(row_of(&w, f).dst.ledger.written == ROW_ABSENT);
	/* Connected now, but its totals are of the former peer as well. */
	take(&w, SOCK_EVENT_ADDRESS, UDP, .cookie = 1, .time_ns = T0, .local = SERVER,
	     .remote = THERE, .pid = 101);
	assert_true(row_of(&w, frame(&w, UDP, SERVER, THERE, T0)).src.ledger.written == ROW_ABSENT);
	finish(&w);
}

static void test_connected_udp_has_a_ledger_without_acks(void **state)
{
	struct sock_event_args t = {SOCK_EVENT_TOTALS, UDP, .cookie = 1, .time_ns = T0};
	struct ledger_row l;
	struct world w;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_OPEN, UDP, .cookie = 1, .time_ns = T0, .local = HERE, .remote = THERE,
	     .pid = 101);
	totals(&w, t, 10, 0, 0, 20, 0);
	l = row_of(&w, frame(&w, UDP, HERE, THERE, T0)).src.ledger;
	assert_int_equal(l.written, 10);
	assert_int_equal(l.read, 20);
	assert_true(l.acked == ROW_ABSENT && l.arrived == ROW_ABSENT);
	finish(&w);
}

static void test_the_executable_outlives_its_process(void **state)
{
	struct process_row p;
	struct world w;
	struct flow *f;

	(void)state;
	begin_with(&w, (struct correlator_options){.resolve_processes = true});
	proc_gone = false;
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 1, .time_ns = T0, .local = HERE, .remote = THERE,
	     .pid = 100);
	proc_gone = true;
	f = frame(&w, TCP, HERE, THERE, T0);
	take(&w, SOCK_EVENT_CLOSE, TCP, .cookie = 1, .time_ns = T0 + 5 * S, .pid = 100);
	p = src(&w, f);
	assert_string_equal(p.exe, "/usr/bin/curl");
	assert_string_equal(p.name, "prog");
	assert_int_equal(p.tid, 100);
	assert_int_equal(p.uid, 0);
	assert_int_equal(p.netns, HOST_NETNS);
	assert_true(p.fd == ROW_ABSENT && p.cgroup == ROW_ABSENT);
	/* Events of its last moments may come when it is gone. */
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 2, .time_ns = T0 + 1500 * MS,
	     .local = end("10.0.0.1", 4001), .remote = THERE, .pid = 100);
	f = frame(&w, TCP, end("10.0.0.1", 4001), THERE, T0 + 1500 * MS);
	assert_string_equal(src(&w, f).exe, "/usr/bin/curl");
	/* Much later it may be another of that name. */
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 3, .time_ns = T0 + 20 * S,
	     .local = end("10.0.0.1", 4002), .remote = THERE, .pid = 100);
	f = frame(&w, TCP, end("10.0.0.1", 4002), THERE, T0 + 20 * S);
	assert_string_equal(src(&w, f).exe, "");
	finish(&w);
}

static void test_a_reused_pid_is_another_process(void **state)
{
	struct world w;
	struct flow *f;

	(void)state;
	begin_with(&w, (struct correlator_options){.resolve_processes = true});
	proc_gone = true; /* the first 100 was too quick for us */
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 1, .time_ns = T0, .local = HERE, .remote = THERE,
	     .pid = 100);
	f = frame(&w, TCP, HERE, THERE, T0);
	proc_gone = false;
	take(&w, SOCK_EVENT_OPEN, TCP, .cookie = 2, .time_ns = T0 + 9 * S,
	     .local = end("10.0.0.1", 4001), .remote = THERE, .pid = 100);
	assert_string_equal(src(&w, f).exe, "");
	f = frame(&w, TCP, end("10.0.0.1", 4001), THERE, T0 + 9 * S);
	assert_string_equal(src(&w, f).exe, "/usr/bin/curl");
	finish(&w);
}

static void test_names_are_printable(void **state)
{
	struct sock_event ev =
		event_of((struct sock_event_args){SOCK_EVENT_OPEN, TCP, .cookie = 1, .time_ns = T0,
						  .local = HERE, .remote = THERE, .pid = 100});
	struct world w;

	(void)state;
	begin(&w);
	memcpy(ev.comm, "\033[2Jaaaaaaaaaaaa", SOCK_COMM_LEN); /* and no NUL */
	correlator_event(w.c, &ev);
	assert_string_equal(src(&w, frame(&w, TCP, HERE, THERE, T0)).name, "\\x1b[2Jaaaaaaaaaaaa");
	finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_event_first_binds_at_once),
		cmocka_unit_test(test_frame_first_waits_for_the_event),
		cmocka_unit_test(test_a_matching_event_binds_after_the_reason_was_given),
		cmocka_unit_test(test_an_ended_flow_that_waits_still_binds),
		cmocka_unit_test(test_reasons_when_no_socket_comes),
		cmocka_unit_test(test_no_owner_when_nobody_used_the_socket),
		cmocka_unit_test(test_lost_when_losses_rose_meanwhile),
		cmocka_unit_test(test_no_ports_no_process),
		cmocka_unit_test(test_no_probe_no_waiting),
		cmocka_unit_test(test_pending_overflow_is_counted),
		cmocka_unit_test(test_loopback_binds_at_both_ends),
		cmocka_unit_test(test_v4_mapped_sockets_match_v4_frames),
		cmocka_unit_test(test_a_listener_never_owns_a_flow),
		cmocka_unit_test(test_an_accepted_socket_waits_for_its_own_user),
		cmocka_unit_test(test_all_owners_count_and_the_latest_user_shows),
		cmocka_unit_test(test_existing_sockets_match_as_snapshot_until_used),
		cmocka_unit_test(test_a_reused_tuple_inherits_nothing),
		cmocka_unit_test(test_a_lost_birth_claims_no_older_flow),
		cmocka_unit_test(test_a_close_that_comes_late_frees_the_younger_flow),
		cmocka_unit_test(test_within_the_slack_the_nearer_life_wins),
		cmocka_unit_test(test_a_handshake_precedes_the_passive_socket),
		cmocka_unit_test(test_closed_sockets_keep_their_flows),
		cmocka_unit_test(test_a_closed_socket_binds_while_it_lingers),
		cmocka_unit_test(test_two_namespaces_with_one_tuple),
		cmocka_unit_test(test_a_second_namespace_makes_a_bound_flow_ambiguous),
		cmocka_unit_test(test_loopback_of_another_namespace_is_not_ours),
		cmocka_unit_test(test_addresses_of_containers_are_local),
		cmocka_unit_test(test_udp_binds_exactly_by_datagram_peer),
		cmocka_unit_test(test_udp_wildcard_needs_exactly_one_candidate),
		cmocka_unit_test(test_a_wildcard_is_sharpened_by_a_peer),
		cmocka_unit_test(test_a_wildcard_says_nothing_of_remote_addresses),
		cmocka_unit_test(test_a_peer_alone_makes_a_container_likely),
		cmocka_unit_test(test_the_pair_of_v4_and_v6_sockets_on_a_port),
		cmocka_unit_test(test_a_host_without_address_may_be_any_host),
		cmocka_unit_test(test_a_socket_that_talks_to_itself),
		cmocka_unit_test(test_ledger_of_a_connection),
		cmocka_unit_test(test_no_ledger_from_a_socket_of_many_flows),
		cmocka_unit_test(test_connected_udp_has_a_ledger_without_acks),
		cmocka_unit_test(test_the_executable_outlives_its_process),
		cmocka_unit_test(test_a_reused_pid_is_another_process),
		cmocka_unit_test(test_names_are_printable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
