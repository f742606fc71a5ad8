/* SPDX-License-Identifier: MIT */
#include "flow/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packets.h"

static struct flow_key key_of(const struct packet *p, int *sender)
{
	struct flow_key k;

	memset(&k, 0xff, sizeof(k)); /* every byte must be written */
	flow_key_of_packet(&k, sender, p);
	return k;
}

static void both_directions_give_one_key(void **state)
{
	struct packet p = udp_from(A, 0, 1), q = udp_from(B, 0, 1);
	struct flow_key k, l;
	int from_p, from_q;

	(void)state;
	k = key_of(&p, &from_p);
	l = key_of(&q, &from_q);
	assert_memory_equal(&k, &l, sizeof(k));
	assert_int_equal(from_p, 0); /* 10.0.0.1 is the smaller one */
	assert_int_equal(from_q, 1);
	assert_int_equal(k.port[0], A_PORT);
	assert_int_equal(k.port[1], B_PORT);
}

static void equal_addresses_go_by_port(void **state)
{
	struct packet p = udp_from(A, 0, 1);
	struct flow_key k;
	int sender;

	(void)state;
	p.dst = p.src;
	k = key_of(&p, &sender); /* port 40000 to 5000 */
	assert_int_equal(sender, 1);
	assert_int_equal(k.port[0], B_PORT);
	p.dst_port = p.src_port; /* a socket that talks to itself */
	k = key_of(&p, &sender);
	assert_int_equal(sender, 0);
}

static void icmp_answers_pair_up(void **state)
{
	static const uint8_t pairs[][2] = {{8, 0}, {13, 14}, {15, 16}, {10, 9}, {17, 18}};
	int from_p, from_q;

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct packet p = icmp_from(A, 0, pairs[i][0], 0), q = icmp_from(B, 0, pairs[i][1], 0);
		struct flow_key k = key_of(&p, &from_p), l = key_of(&q, &from_q);

		assert_memory_equal(&k, &l, sizeof(k));
		assert_int_not_equal(from_p, from_q);
		assert_false(flow_key_is_one_way(&k));
	}
}

static void other_icmp_types_go_one_way(void **state)
{
	struct packet p = icmp_from(A, 0, 3, 1), q = icmp_from(B, 0, 3, 1);
	struct flow_key k, l;
	int from_p, from_q;

	(void)state;
	k = key_of(&p, &from_p);
	l = key_of(&q, &from_q);
	assert_memory_not_equal(&k, &l, sizeof(k));
	assert_int_equal(from_p, 0);
	assert_int_equal(from_q, 0);
	assert_true(addr_eq(&l.addr[0], &q.src));
	assert_true(flow_key_is_one_way(&k));
}

static void a_quote_names_the_quoted_flow(void **state)
{
	struct packet p = udp_from(A, 0, 1);
	struct packet_quote q = {.src = p.src, .dst = p.dst, .src_port = p.src_port,
				 .dst_port = p.dst_port, .proto = PROTO_UDP};
	struct flow_key k, l;
	int from_p, from_q;

	(void)state;
	k = key_of(&p, &from_p);
	flow_key_of_quote(&l, &from_q, &q);
	assert_memory_equal(&k, &l, sizeof(k));
	assert_int_equal(from_p, from_q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_directions_give_one_key),
		cmocka_unit_test(equal_addresses_go_by_port),
		cmocka_unit_test(icmp_answers_pair_up),
		cmocka_unit_test(other_icmp_types_go_one_way),
		cmocka_unit_test(a_quote_names_the_quoted_flow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
