/* SPDX-License-Identifier: MIT
 *
 * What rows say of a flow that has its sockets: the ledger, and the process, which may be gone.
 */
#include "unit/flow/correlate_world.h"

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
		cmocka_unit_test(test_ledger_of_a_connection),
		cmocka_unit_test(test_no_ledger_from_a_socket_of_many_flows),
		cmocka_unit_test(test_connected_udp_has_a_ledger_without_acks),
		cmocka_unit_test(test_the_executable_outlives_its_process),
		cmocka_unit_test(test_a_reused_pid_is_another_process),
		cmocka_unit_test(test_names_are_printable),
	};

	return cmocka_run_group_tests_name("flow/correlate_rows", tests, NULL, NULL);
}
