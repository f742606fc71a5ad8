/* SPDX-License-Identifier: MIT
 *
 * Rules of the correlation: addresses that are used again, in time and in other namespaces.
 */
#include "unit/flow/correlate_world.h"

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

/* --- reuse within a moment: both sockets are there, and the numbers tell --- */

static void two_servers(struct world *w)
{
	take(w, SOCK_EVENT_OPEN, TCP, SOCK_FLAG_PASSIVE, .cookie = 1, .time_ns = T0 + MS,
	     .local = SERVER, .remote = CLIENT, .pid = 100);
	take(w, SOCK_EVENT_OPEN, TCP, SOCK_FLAG_PASSIVE, .cookie = 2, .time_ns = T0 + 3 * MS,
	     .local = SERVER, .remote = CLIENT, .pid = 101);
}

/* `first` of the client's bytes; the server's own differs as well. */
static void numbers(struct world *w, uint64_t cookie, uint32_t first)
{
	take(w, SOCK_EVENT_INFO, TCP, SOCK_FLAG_PASSIVE | SOCK_FLAG_BEGINS, .cookie = cookie,
	     .time_ns = T0 + 4 * MS, .local = SERVER, .remote = CLIENT, .first_sent = first + 7,
	     .first_read = first);
}

/* A connection whose SYN says `first` is that of `pid`. */
static void assert_served(struct world *w, int64_t time_ns, uint32_t first, uint32_t pid)
{
	assert_bound(dst(w, frame_seq(w, TCP, CLIENT, SERVER, time_ns, first)), pid, MATCH_EXACT);
}

static void test_the_next_born_after_a_syn(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	two_servers(&w);
	assert_served(&w, T0, 1000, 100);
	assert_served(&w, T0 + 2 * MS, 900000, 101);
	finish(&w);
}

static void test_numbers_decide_between_two_lives(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	two_servers(&w);
	numbers(&w, 1, 1000);
	numbers(&w, 2, 900000);
	assert_served(&w, T0 + 2 * MS, 1000, 100);
	assert_served(&w, T0 + 2 * MS, 900000, 101);
	finish(&w);
}

static void test_other_numbers_are_another_connection(void **state)
{
	struct world w;
	struct flow *f;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_OPEN, TCP, SOCK_FLAG_PASSIVE, .cookie = 1, .time_ns = T0 + MS,
	     .local = SERVER, .remote = CLIENT, .pid = 100);
	f = frame_seq(&w, TCP, CLIENT, SERVER, T0, 1000);
	assert_bound(dst(&w, f), 100, MATCH_EXACT);
	numbers(&w, 1, 900000); /* now it is clear */
	correlator_advance(w.c, T0 + 2 * S);
	assert_unbound(dst(&w, f), UNBOUND_NO_SOCKET);
	finish(&w);
}

/* With TCP Fast Open bytes come before the connection does: no contradiction, and no proof. */
static void test_fast_open_is_ahead_of_the_first_numbers(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	take(&w, SOCK_EVENT_OPEN, TCP, SOCK_FLAG_PASSIVE, .cookie = 1, .time_ns = T0 + MS,
	     .local = SERVER, .remote = CLIENT, .pid = 100);
	numbers(&w, 1, 1000 + 1400);
	assert_served(&w, T0, 1000, 100);
	finish(&w);
}

/* --- network namespaces --- */

static void test_numbers_tell_namespaces_apart(void **state)
{
	struct flow *f;
	struct world w;

	(void)state;
	begin_with(&w, (struct correlator_options){.netns = 3});
	for (uint32_t n = 1; n <= 2; n++)
		take(&w, SOCK_EVENT_OPEN, TCP, SOCK_FLAG_PASSIVE, .cookie = n, .time_ns = T0 + MS,
		     .local = SERVER, .remote = CLIENT, .pid = 100 + n, .netns = n);
	f = frame_seq(&w, TCP, CLIENT, SERVER, T0, 1000);
	correlator_advance(w.c, T0 + 2 * S);
	assert_unbound(dst(&w, f), UNBOUND_AMBIGUOUS);
	take(&w, SOCK_EVENT_INFO, TCP, SOCK_FLAG_PASSIVE | SOCK_FLAG_BEGINS, .cookie = 2,
	     .time_ns = T0 + MS, .local = SERVER, .remote = CLIENT, .netns = 2, .first_sent = 5,
	     .first_read = 1000);
	assert_bound(dst(&w, f), 102, MATCH_EXACT);
	finish(&w);
}

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_reused_tuple_inherits_nothing),
		cmocka_unit_test(test_a_lost_birth_claims_no_older_flow),
		cmocka_unit_test(test_a_close_that_comes_late_frees_the_younger_flow),
		cmocka_unit_test(test_within_the_slack_the_nearer_life_wins),
		cmocka_unit_test(test_a_handshake_precedes_the_passive_socket),
		cmocka_unit_test(test_closed_sockets_keep_their_flows),
		cmocka_unit_test(test_a_closed_socket_binds_while_it_lingers),
		cmocka_unit_test(test_the_next_born_after_a_syn),
		cmocka_unit_test(test_numbers_decide_between_two_lives),
		cmocka_unit_test(test_other_numbers_are_another_connection),
		cmocka_unit_test(test_fast_open_is_ahead_of_the_first_numbers),
		cmocka_unit_test(test_numbers_tell_namespaces_apart),
		cmocka_unit_test(test_two_namespaces_with_one_tuple),
		cmocka_unit_test(test_a_second_namespace_makes_a_bound_flow_ambiguous),
		cmocka_unit_test(test_loopback_of_another_namespace_is_not_ours),
		cmocka_unit_test(test_addresses_of_containers_are_local),
	};

	return cmocka_run_group_tests_name("flow/correlate_reuse", tests, NULL, NULL);
}
