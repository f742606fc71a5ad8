/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "flow/join/socket.h"

#define S 1000000000ll

static struct endpoint end(const char *text, uint16_t port)
{
	struct endpoint e = {.port = port};

	assert_true(addr_parse(&e.addr, text));
	return e;
}

static struct sock_event event(uint8_t kind, uint64_t cookie, int64_t time_ns)
{
	return (struct sock_event){
		.time_ns = (uint64_t)time_ns,
		.cookie = cookie,
		.kind = kind,
		.type = SOCK_STREAM,
		.family = AF_INET,
		.proto = IPPROTO_TCP,
		.netns = 1,
		.fd = -1,
	};
}

static void set_ends(struct sock_event *ev, struct endpoint local, struct endpoint remote)
{
	memcpy(ev->local, local.addr.b, 16);
	memcpy(ev->remote, remote.addr.b, 16);
	ev->local_port = local.port;
	ev->remote_port = remote.port;
}

static struct sock_event udp(uint8_t kind, uint64_t cookie, int64_t time_ns, uint16_t local_port,
			     uint16_t remote_port)
{
	struct sock_event ev = event(kind, cookie, time_ns);

	ev.type = SOCK_DGRAM;
	ev.proto = IPPROTO_UDP;
	set_ends(&ev, end("10.0.0.1", local_port),
		 remote_port ? end("10.0.0.2", remote_port) : (struct endpoint){0});
	return ev;
}

static struct sock_event by(struct sock_event ev, uint32_t pid, int32_t fd)
{
	ev.pid = ev.tid = pid;
	ev.fd = fd;
	return ev;
}

static struct socket *take(struct socket_table *t, struct sock_event ev)
{
	struct slab_id id;

	return socket_table_event(t, &ev, &id);
}

static unsigned count(struct socket_table *t, uint8_t proto, struct endpoint local,
		      struct endpoint remote)
{
	unsigned n = 0;
	size_t pos = 0;

	while (socket_table_lookup(t, proto, &local, &remote, &pos, NULL))
		n++;
	return n;
}

static uint64_t losses(struct socket_table *t)
{
	struct loss l = {0};

	socket_table_loss(t, &l);
	return l.count[LOSS_SOCKETS_FULL];
}

static struct socket_table *table(struct socket_table_options o)
{
	struct socket_table *t = socket_table_new(&o);

	assert_non_null(t);
	return t;
}

/* --- owners --- */

static void test_every_owner_is_kept_with_its_interval(void **state)
{
	struct socket_table *t = table((struct socket_table_options){0});
	struct socket *s;

	(void)state;
	take(t, by(event(SOCK_EVENT_OPEN, 7, 1 * S), 100, 3));
	take(t, by(event(SOCK_EVENT_OWNER, 7, 2 * S), 200, 3)); /* fork */
	take(t, by(event(SOCK_EVENT_OWNER, 7, 3 * S), 200, 9)); /* dup */
	s = take(t, by(event(SOCK_EVENT_OWNER, 7, 4 * S), 200, 9));
	assert_int_equal(s->owners.count, 3);
	assert_int_equal(owner_processes(&s->owners), 2);
	assert_int_equal(s->owners.owner[1].from_ns, 2 * S);
	assert_int_equal(s->owners.owner[1].until_ns, 0);
	assert_int_equal(socket_user(s, 1 * S)->pid, 100);
	assert_int_equal(socket_user(s, 2 * S)->pid, 200);
	take(t, event(SOCK_EVENT_CLOSE, 7, 5 * S));
	assert_int_equal(s->owners.owner[0].until_ns, 5 * S);
	assert_int_equal(s->owners.owner[2].until_ns, 5 * S);
	socket_table_free(t);
}

static void test_owner_replaces_a_provisional_one(void **state)
{
	struct socket_table *t = table((struct socket_table_options){0});
	struct sock_event ev = by(event(SOCK_EVENT_OPEN, 7, 1 * S), 100, -1);
	struct socket *s;

	(void)state;
	ev.flags = SOCK_FLAG_PROVISIONAL | SOCK_FLAG_PASSIVE;
	s = take(t, ev);
	assert_true(socket_user(s, 1 * S)->provisional);
	assert_int_equal(owner_processes(&s->owners), 0);
	take(t, by(event(SOCK_EVENT_OWNER, 7, 2 * S), 101, 5));
	assert_int_equal(s->owners.count, 1);
	assert_int_equal(socket_user(s, 1 * S)->pid, 101);
	take(t, ev); /* a placeholder never comes back */
	assert_int_equal(s->owners.count, 1);
	socket_table_free(t);
}

static void test_a_holder_yields_to_one_that_acts(void **state)
{
	struct socket_table *t = table((struct socket_table_options){0});
	struct socket *s;

	(void)state;
	take(t, by(event(SOCK_EVENT_EXISTING, 7, 1 * S), 100, 3));
	s = take(t, by(event(SOCK_EVENT_EXISTING, 7, 1 * S), 101, 3));
	assert_int_equal(s->birth_ns, 0);
	assert_true(socket_user(s, 9 * S)->existing);
	/* Totals repeat the owner known last: no proof that it acted. */
	take(t, by(event(SOCK_EVENT_TOTALS, 7, 2 * S), 100, -1));
	assert_true(socket_user(s, 9 * S)->existing);
	take(t, by(event(SOCK_EVENT_OWNER, 7, 3 * S), 100, -1));
	assert_false(socket_user(s, 9 * S)->existing);
	assert_int_equal(socket_user(s, 9 * S)->pid, 100);
	assert_int_equal(s->owners.count, 2);
	take(t, by(event(SOCK_EVENT_EXISTING, 8, 1 * S), 100, 3));
	s = take(t, by(event(SOCK_EVENT_OWNER, 8, 3 * S), 101, 3));
	assert_int_equal(socket_user(s, 9 * S)->pid, 101);
	socket_table_free(t);
}

/* The kernel counts processes up to a number and begins again: the name tells the next one. */
static void test_number_of_a_process_used_again(void **state)
{
	struct socket_table *t = table((struct socket_table_options){0});
	struct sock_event first = by(event(SOCK_EVENT_OPEN, 7, 1 * S), 100, 3);
	struct sock_event again = by(event(SOCK_EVENT_OWNER, 7, 5 * S), 100, 3);
	struct socket *s;

	(void)state;
	strcpy(first.comm, "old");
	strcpy(again.comm, "new");
	take(t, first);
	s = take(t, again);
	assert_int_equal(s->owners.count, 2);
	assert_string_equal(owner_at(&s->owners, 2 * S)->comm, "old");
	assert_string_equal(owner_at(&s->owners, 6 * S)->comm, "new");
	socket_table_free(t);
}

static void test_owners_beyond_the_cap_are_counted(void **state)
{
	struct socket_table *t = table((struct socket_table_options){0});
	struct socket *s = NULL;

	(void)state;
	for (uint32_t pid = 1; pid <= SOCKET_OWNERS_MAX + 3; pid++)
		s = take(t, by(event(SOCK_EVENT_OWNER, 7, pid * S), pid, 3));
	assert_int_equal(s->owners.count, SOCKET_OWNERS_MAX);
	assert_int_equal(s->owners.lost, 3);
	assert_int_equal(owner_processes(&s->owners), SOCKET_OWNERS_MAX + 3);
	socket_table_free(t);
}

static void test_recovered_owners_are_put_in_order(void **state)
{
	struct socket_table *t = table((struct socket_table_options){0});
	struct socket *s;

	(void)state;
	take(t, by(event(SOCK_EVENT_OWNER, 7, 3 * S), 3, 3));
	s = take(t, by(event(SOCK_EVENT_OWNER, 7, 2 * S), 2, 3));
	assert_int_equal(s->owners.owner[0].pid, 2);
	assert_int_equal(s->owners.owner[1].pid, 3);
	socket_table_free(t);
}

/* The walk over the sockets came between two processes' calls, and before the ring was read. */
static void test_a_user_heard_of_early_has_its_own_time(void **state)
{
	struct socket_table *t = table((struct socket_table_options){0});
	struct socket *s;

	(void)state;
	take(t, by(event(SOCK_EVENT_TOTALS, 7, 4 * S), 100, 3));
	take(t, by(event(SOCK_EVENT_OWNER, 7, 1 * S), 100, 3));
	s = take(t, by(event(SOCK_EVENT_OWNER, 7, 2 * S), 200, 3)); /* fork */
	assert_int_equal(s->owners.count, 2);
	assert_int_equal(s->owners.owner[0].from_ns, 1 * S);
	assert_int_equal(socket_user(s, 5 * S)->pid, 200);
	/* Only its first act tells when it began. */
	take(t, by(event(SOCK_EVENT_OWNER, 7, 3 * S), 100, 3));
	assert_int_equal(socket_user(s, 5 * S)->pid, 200);
	socket_table_free(t);
}

/* --- addresses --- */

static void test_several_sockets_share_a_tuple(void **state)
{
	struct socket_table *t = table((struct socket_table_options){0});
	struct endpoint local = end("10.0.0.1", 80), remote = end("10.0.0.2", 4000);

	(void)state;
	for (uint64_t cookie = 1; cookie <= 3; cookie++) {
		struct sock_event ev = event(SOCK_EVENT_ADDRESS, cookie, 1 * S);

		ev.netns = (uint32_t)cookie;
		set_ends(&ev, local, remote);
		take(t, ev);
	}
	assert_int_equal(count(t, IPPROTO_TCP, local, remote), 3);
	assert_int_equal(count(t, IPPROTO_UDP, local, remote), 0);
	assert_int_equal(count(t, IPPROTO_TCP, remote, local), 0);
	socket_table_free(t);
}

static void test_wildcards_of_both_families_are_one(void **state)
{
	struct socket_table *t = table((struct socket_table_options){0});
	struct sock_event ev = event(SOCK_EVENT_ADDRESS, 1, 1 * S);

	(void)state;
	ev.flags = SOCK_FLAG_LISTENER;
	set_ends(&ev, end("0.0.0.0", 80), (struct endpoint){0});
	assert_true(take(t, ev)->listener);
	assert_int_equal(count(t, IPPROTO_TCP, end("::", 80), (struct endpoint){0}), 1);
	assert_int_equal(count(t, IPPROTO_TCP, end("0.0.0.0", 80), (struct endpoint){0}), 1);
	socket_table_free(t);
}

static void test_ports_read_as_zero_do_not_erase_addresses(void **state)
{
	struct socket_table *t = table((struct socket_table_options){0});
	struct endpoint local = end("10.0.0.1", 4000), remote = end("10.0.0.2", 80);
	struct sock_event ev = event(SOCK_EVENT_ADDRESS, 1, 1 * S);

	(void)state;
	/* SYN_SENT: no source port yet */
	ev.tcp_state = 2;
	set_ends(&ev, (struct endpoint){0}, remote);
	assert_int_equal(take(t, ev)->birth_ns, 1 * S);
	assert_int_equal(count(t, IPPROTO_TCP, local, remote), 0);
	ev.time_ns = 2 * S;
	ev.tcp_state = 1;
	set_ends(&ev, local, remote);
	take(t, ev);
	assert_int_equal(count(t, IPPROTO_TCP, local, remote), 1);
	take(t, event(SOCK_EVENT_CLOSE, 1, 3 * S));
	assert_int_equal(count(t, IPPROTO_TCP, local, remote), 1);
	socket_table_free(t);
}

static void test_udp_connected_elsewhere_keeps_the_former_remote_end(void **state)
{
	struct socket_table *t = table((struct socket_table_options){0});
	struct endpoint local = end("10.0.0.1", 4000);
	struct socket *s;

	(void)state;
	take(t, udp(SOCK_EVENT_ADDRESS, 1, 1 * S, 4000, 53));
	s = take(t, udp(SOCK_EVENT_ADDRESS, 1, 2 * S, 4000, 54));
	assert_int_equal(s->remote.port, 54);
	assert_int_equal(s->peers, 1);
	assert_int_equal(count(t, IPPROTO_UDP, local, end("10.0.0.2", 53)), 1);
	assert_int_equal(count(t, IPPROTO_UDP, local, end("10.0.0.2", 54)), 1);
	take(t, udp(SOCK_EVENT_ADDRESS, 1, 3 * S, 4000, 0));
	assert_int_equal(s->remote.port, 0);
	assert_int_equal(count(t, IPPROTO_UDP, local, (struct endpoint){0}), 1);
	assert_int_equal(count(t, IPPROTO_UDP, local, end("10.0.0.2", 54)), 1);
	socket_table_free(t);
}

static void test_a_peer_is_one_entry_however_often_told(void **state)
{
	struct socket_table *t = table((struct socket_table_options){0});
	struct socket *s;

	(void)state;
	take(t, udp(SOCK_EVENT_OPEN, 1, 1 * S, 53, 0));
	take(t, udp(SOCK_EVENT_PEER, 1, 2 * S, 53, 4000));
	s = take(t, udp(SOCK_EVENT_PEER, 1, 3 * S, 53, 4000));
	assert_int_equal(s->peers, 1);
	assert_int_equal(s->remote.port, 0);
	assert_false(s->news);
	assert_int_equal(count(t, IPPROTO_UDP, end("10.0.0.1", 53), end("10.0.0.2", 4000)), 1);
	socket_table_free(t);
}

static void test_peers_of_one_socket_are_bounded_oldest_first(void **state)
{
	struct socket_table *t = table((struct socket_table_options){.max_socket_peers = 2});
	struct endpoint local = end("10.0.0.1", 53);

	(void)state;
	take(t, udp(SOCK_EVENT_OPEN, 1, 1 * S, 53, 0));
	for (uint16_t i = 1; i <= 3; i++)
		take(t, udp(SOCK_EVENT_PEER, 1, i * S, 53, i));
	assert_int_equal(count(t, IPPROTO_UDP, local, end("10.0.0.2", 1)), 0);
	assert_int_equal(count(t, IPPROTO_UDP, local, end("10.0.0.2", 2)), 1);
	assert_int_equal(count(t, IPPROTO_UDP, local, end("10.0.0.2", 3)), 1);
	assert_int_equal(losses(t), 1); /* it was two seconds old: a frame might have come */
	take(t, udp(SOCK_EVENT_PEER, 1, 60 * S, 53, 4));
	assert_int_equal(losses(t), 1); /* long done */
	socket_table_free(t);
}

static void test_peers_of_all_sockets_are_bounded(void **state)
{
	struct socket_table *t = table((struct socket_table_options){.max_peers = 2});

	(void)state;
	for (uint16_t i = 1; i <= 3; i++)
		take(t, udp(SOCK_EVENT_PEER, i, 1 * S, 53, i));
	assert_int_equal(losses(t), 1);
	assert_int_equal(count(t, IPPROTO_UDP, end("10.0.0.1", 53), end("10.0.0.2", 3)), 0);
	/* What closed gives its room back. */
	take(t, event(SOCK_EVENT_CLOSE, 1, 1 * S));
	socket_table_advance(t, 60 * S);
	take(t, udp(SOCK_EVENT_PEER, 4, 60 * S, 53, 4));
	assert_int_equal(losses(t), 1);
	socket_table_free(t);
}

/* --- life --- */

static void test_an_open_that_comes_late_tells_the_birth(void **state)
{
	struct socket_table *t = table((struct socket_table_options){0});
	struct socket *s = take(t, by(event(SOCK_EVENT_OWNER, 1, 5 * S), 100, 3));

	(void)state;
	assert_int_equal(s->birth_ns, 0);
	take(t, by(event(SOCK_EVENT_OPEN, 1, 4 * S), 100, 3));
	assert_int_equal(s->birth_ns, 4 * S);
	socket_table_free(t);
}

static void test_closed_sockets_linger_then_are_found_by_id_only(void **state)
{
	struct socket_table *t = table((struct socket_table_options){.keep_closed_ns = 5 * S});
	struct sock_event ev = event(SOCK_EVENT_ADDRESS, 1, 1 * S);
	struct endpoint local = end("10.0.0.1", 80), remote = end("10.0.0.2", 4000);
	struct slab_id id, walked;
	uint32_t slot = 0;

	(void)state;
	set_ends(&ev, local, remote);
	assert_non_null(socket_table_event(t, &ev, &id));
	take(t, event(SOCK_EVENT_CLOSE, 1, 10 * S));
	socket_table_advance(t, 15 * S - 1);
	assert_int_equal(count(t, IPPROTO_TCP, local, remote), 1);
	assert_non_null(socket_table_next(t, &slot, &walked));
	assert_memory_equal(&walked, &id, sizeof(id));
	assert_null(socket_table_next(t, &slot, &walked));
	socket_table_advance(t, 15 * S);
	assert_int_equal(count(t, IPPROTO_TCP, local, remote), 0);
	assert_null(socket_table_by_cookie(t, 1, NULL));
	assert_non_null(socket_table_get(t, id));
	assert_int_equal(socket_table_count(t), 0);
	assert_int_equal(socket_table_total(t), 1);
	slot = 0;
	assert_null(socket_table_next(t, &slot, NULL));
	socket_table_free(t);
}

static void test_a_full_table_recycles_what_closed_first(void **state)
{
	struct socket_table *t = table((struct socket_table_options){.max_sockets = 2});
	struct sock_event ev = event(SOCK_EVENT_OPEN, 1, 1 * S);
	struct slab_id id;

	(void)state;
	socket_table_event(t, &ev, &id);
	take(t, event(SOCK_EVENT_OPEN, 2, 1 * S));
	take(t, event(SOCK_EVENT_CLOSE, 1, 2 * S));
	socket_table_advance(t, 60 * S);
	assert_non_null(take(t, event(SOCK_EVENT_OPEN, 3, 61 * S)));
	assert_null(socket_table_get(t, id));
	assert_int_equal(losses(t), 0);
	/* Only the living are left: refused and counted. */
	assert_null(take(t, event(SOCK_EVENT_OPEN, 4, 61 * S)));
	assert_int_equal(losses(t), 1);
	assert_non_null(socket_table_by_cookie(t, 2, NULL));
	/* One that still lingers makes room, but that is a loss too. */
	take(t, event(SOCK_EVENT_CLOSE, 2, 61 * S));
	assert_non_null(take(t, event(SOCK_EVENT_OPEN, 5, 61 * S)));
	assert_int_equal(losses(t), 2);
	socket_table_free(t);
}

static void test_a_key_used_again_under_plan_s_is_another_socket(void **state)
{
	struct socket_table *t = table((struct socket_table_options){0});
	struct endpoint local = end("10.0.0.1", 80), remote = end("10.0.0.2", 4000);
	struct sock_event ev = by(event(SOCK_EVENT_OPEN, 1, 1 * S), 100, 3);
	struct slab_id first, second;
	struct socket *s;

	(void)state;
	ev.flags = SOCK_FLAG_NO_COOKIE;
	set_ends(&ev, local, remote);
	socket_table_event(t, &ev, &first);
	ev.kind = SOCK_EVENT_CLOSE;
	ev.time_ns = 2 * S;
	socket_table_event(t, &ev, &first);
	ev = by(event(SOCK_EVENT_OPEN, 1, 3 * S), 200, 3);
	ev.flags = SOCK_FLAG_NO_COOKIE;
	set_ends(&ev, local, remote);
	s = socket_table_event(t, &ev, &second);
	assert_memory_not_equal(&first, &second, sizeof(first));
	assert_int_equal(s->owners.count, 1);
	assert_int_equal(s->owners.owner[0].pid, 200);
	assert_int_equal(count(t, IPPROTO_TCP, local, remote), 2);
	socket_table_advance(t, 60 * S);
	assert_int_equal(count(t, IPPROTO_TCP, local, remote), 1);
	assert_non_null(socket_table_by_cookie(t, 1, NULL));
	/* Its close was lost: a second birth ends the first life. */
	ev.time_ns = 61 * S;
	take(t, ev);
	assert_int_equal(s->death_ns, 61 * S);
	socket_table_free(t);
}

static void test_totals_alone_are_no_news(void **state)
{
	struct socket_table *t = table((struct socket_table_options){0});
	struct sock_event ev = udp(SOCK_EVENT_TOTALS, 1, 2 * S, 53, 0);
	struct socket *s;

	(void)state;
	take(t, udp(SOCK_EVENT_OPEN, 1, 1 * S, 53, 0));
	ev.totals.tx_bytes = 10;
	s = take(t, ev);
	assert_int_equal(s->tx_bytes, 10);
	assert_true(s->has_totals);
	assert_false(s->news);
	socket_table_free(t);
}

static void test_events_without_a_socket_are_ignored(void **state)
{
	struct socket_table *t = table((struct socket_table_options){0});

	(void)state;
	assert_null(take(t, event(SOCK_EVENT_CALL, 0, 1)));
	assert_null(take(t, event(SOCK_EVENT_NONE, 1, 1)));
	assert_null(take(t, event(SOCK_EVENT_KINDS, 1, 1)));
	assert_int_equal(socket_table_total(t), 0);
	socket_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_owner_is_kept_with_its_interval),
		cmocka_unit_test(test_owner_replaces_a_provisional_one),
		cmocka_unit_test(test_a_holder_yields_to_one_that_acts),
		cmocka_unit_test(test_number_of_a_process_used_again),
		cmocka_unit_test(test_owners_beyond_the_cap_are_counted),
		cmocka_unit_test(test_recovered_owners_are_put_in_order),
		cmocka_unit_test(test_a_user_heard_of_early_has_its_own_time),
		cmocka_unit_test(test_several_sockets_share_a_tuple),
		cmocka_unit_test(test_wildcards_of_both_families_are_one),
		cmocka_unit_test(test_ports_read_as_zero_do_not_erase_addresses),
		cmocka_unit_test(test_udp_connected_elsewhere_keeps_the_former_remote_end),
		cmocka_unit_test(test_a_peer_is_one_entry_however_often_told),
		cmocka_unit_test(test_peers_of_one_socket_are_bounded_oldest_first),
		cmocka_unit_test(test_peers_of_all_sockets_are_bounded),
		cmocka_unit_test(test_an_open_that_comes_late_tells_the_birth),
		cmocka_unit_test(test_closed_sockets_linger_then_are_found_by_id_only),
		cmocka_unit_test(test_a_full_table_recycles_what_closed_first),
		cmocka_unit_test(test_a_key_used_again_under_plan_s_is_another_socket),
		cmocka_unit_test(test_totals_alone_are_no_news),
		cmocka_unit_test(test_events_without_a_socket_are_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
