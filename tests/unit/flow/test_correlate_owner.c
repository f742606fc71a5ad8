/* SPDX-License-Identifier: MIT
 *
 * Rules of the correlation: which of several processes a flow belongs to.
 */
#include "unit/flow/correlate_world.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loopback_binds_at_both_ends),
		cmocka_unit_test(test_v4_mapped_sockets_match_v4_frames),
		cmocka_unit_test(test_a_listener_never_owns_a_flow),
		cmocka_unit_test(test_an_accepted_socket_waits_for_its_own_user),
		cmocka_unit_test(test_all_owners_count_and_the_latest_user_shows),
		cmocka_unit_test(test_existing_sockets_match_as_snapshot_until_used),
	};

	return cmocka_run_group_tests_name("flow/correlate_owner", tests, NULL, NULL);
}
