/* SPDX-License-Identifier: MIT
 *
 * Rules of the correlation: in whichever order things become known, and why there is no process.
 */
#include "unit/flow/correlate_world.h"

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
	/* The other end is still looked for, and then not any more. */
	assert_true(correlator_waits(w.c, f));
	correlator_advance(w.c, T0 + 2 * S);
	assert_false(correlator_waits(w.c, f));
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
	};

	return cmocka_run_group_tests_name("flow/correlate", tests, NULL, NULL);
}
