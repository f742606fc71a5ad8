/* SPDX-License-Identifier: MIT */
#include "flow/tunnel_totals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packets.h"

static struct packet tunneled(int from, uint8_t kind, uint32_t id, uint32_t bytes)
{
	struct packet p = udp_from(from, 0, bytes);

	p.tunnel_count = 1;
	p.tunnel[0] = (struct tunnel){.src = p.src, .dst = p.dst, .id = id, .kind = kind};
	p.wirelen = bytes;
	return p;
}

static void sums_both_directions(void **state)
{
	struct packet to = tunneled(A, TUNNEL_VXLAN, 42, 100);
	struct packet back = tunneled(B, TUNNEL_VXLAN, 42, 900);
	struct packet other_id = tunneled(A, TUNNEL_VXLAN, 43, 7);
	struct packet other_kind = tunneled(A, TUNNEL_GENEVE, 42, 8);
	struct tunnel_totals t;

	(void)state;
	assert_int_equal(tunnel_totals_init(&t), 0);
	tunnel_totals_add(&t, &to);
	tunnel_totals_add(&t, &back);
	tunnel_totals_add(&t, &other_id);
	tunnel_totals_add(&t, &other_kind);
	assert_int_equal(t.count, 3);
	assert_int_equal(t.rows[0].packets, 2);
	assert_int_equal(t.rows[0].bytes, 1000);
	assert_true(addr_eq(&t.rows[0].tunnel.src, &to.src)); /* as it was first seen */
	assert_int_equal(t.rows[1].bytes, 7);
	assert_int_equal(t.rows[2].bytes, 8);
	tunnel_totals_done(&t);
}

static void a_packet_counts_in_each_of_its_tunnels(void **state)
{
	struct packet p = tunneled(A, TUNNEL_GRE, 1, 50);
	struct tunnel_totals t;

	(void)state;
	p.tunnel[1] = p.tunnel[0];
	p.tunnel[1].kind = TUNNEL_IPIP;
	p.tunnel_count = 2;
	assert_int_equal(tunnel_totals_init(&t), 0);
	tunnel_totals_add(&t, &p);
	assert_int_equal(t.count, 2);
	assert_int_equal(t.rows[1].packets, 1);
	tunnel_totals_done(&t);
}

static void refuses_too_many(void **state)
{
	struct tunnel_totals t;

	(void)state;
	assert_int_equal(tunnel_totals_init(&t), 0);
	for (uint32_t id = 0; id < TUNNEL_TOTALS_MAX + 5; id++) {
		struct packet p = tunneled(A, TUNNEL_VXLAN, id, 10);

		tunnel_totals_add(&t, &p);
	}
	assert_int_equal(t.count, TUNNEL_TOTALS_MAX);
	assert_int_equal(t.refused, 5);
	tunnel_totals_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_both_directions),
		cmocka_unit_test(a_packet_counts_in_each_of_its_tunnels),
		cmocka_unit_test(refuses_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
