/* SPDX-License-Identifier: MIT
 *
 * Rules of the correlation: datagram sockets without a peer of their own.
 */
#include "unit/flow/correlate_world.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_udp_binds_exactly_by_datagram_peer),
		cmocka_unit_test(test_udp_wildcard_needs_exactly_one_candidate),
		cmocka_unit_test(test_a_wildcard_is_sharpened_by_a_peer),
		cmocka_unit_test(test_a_wildcard_says_nothing_of_remote_addresses),
		cmocka_unit_test(test_a_peer_alone_makes_a_container_likely),
		cmocka_unit_test(test_the_pair_of_v4_and_v6_sockets_on_a_port),
		cmocka_unit_test(test_a_host_without_address_may_be_any_host),
		cmocka_unit_test(test_a_socket_that_talks_to_itself),
	};

	return cmocka_run_group_tests_name("flow/correlate_udp", tests, NULL, NULL);
}
