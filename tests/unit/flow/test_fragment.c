/* SPDX-License-Identifier: MIT */
#include "flow/fragment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packets.h"

/* A piece of datagram `id` from A; only the one at offset 0 has the ports. */
static struct packet fragment(uint32_t id, uint32_t offset, int64_t after_ns)
{
	struct packet p = udp_from(A, after_ns, 1000);

	p.fragment = true;
	p.fragment_more = true;
	p.fragment_id = id;
	p.fragment_offset = offset;
	if (offset) {
		p.has_ports = false;
		p.src_port = p.dst_port = 0;
	}
	return p;
}

static void check(struct flow_table *t, uint32_t packets, int64_t port)
{
	const struct flow_row *row;

	assert_int_equal(flow_table_live(t), 1);
	row = only_row(t);
	assert_int_equal(row->src.port, port);
	assert_int_equal(row->src.packets, packets);
	assert_int_equal(row->src.fragments, packets);
	assert_int_equal(row->src.payload_bytes, 1000 * packets);
}

static void later_fragments_follow_the_first(void **state)
{
	struct packet p[] = {fragment(7, 0, 0), fragment(7, 1000, MS), fragment(7, 2000, 2 * MS)};
	struct flow_table *t = small_table();

	(void)state;
	flow_table_packets(t, p, 3);
	check(t, 3, A_PORT);
	flow_table_free(t);
}

static void early_fragments_wait_for_the_first(void **state)
{
	struct packet p[] = {fragment(7, 2000, 0), fragment(7, 1000, MS), fragment(7, 0, 2 * MS)};
	struct flow_table *t = small_table();

	(void)state;
	flow_table_packets(t, p, 2);
	assert_int_equal(flow_table_live(t), 0);
	flow_table_packets(t, p + 2, 1);
	check(t, 3, A_PORT);
	assert_int_equal(only_row(t)->start_ns, p[0].time_ns);
	assert_int_equal(only_row(t)->end_ns, p[2].time_ns);
	flow_table_free(t);
}

static void orphans_get_a_flow_without_ports(void **state)
{
	struct packet p[] = {fragment(7, 1000, 0), fragment(8, 1000, MS)};
	struct flow_table *t = small_table();

	(void)state;
	flow_table_packets(t, p, 2);
	flow_table_advance(t, 1029 * SECOND);
	assert_int_equal(flow_table_live(t), 0);
	flow_table_advance(t, 1032 * SECOND);
	check(t, 2, ROW_ABSENT);
	flow_table_free(t);
}

static void count_orphan(void *ctx, struct flow *f, enum flow_end why)
{
	uint64_t *packets = ctx;

	(void)why;
	*packets += f->packets[0] + f->packets[1];
}

/* Nothing is lost: at the end, and when the table has no room, what waits is charged. */
static void every_fragment_is_charged(void **state)
{
	enum { DATAGRAMS = 20000 };
	uint64_t packets = 0;
	struct flow_table_options o = {.max_flows = 8, .seed = 1, .on_end = count_orphan,
				       .ctx = &packets};
	struct flow_table *t = flow_table_new(&o);

	(void)state;
	for (uint32_t id = 0; id < DATAGRAMS; id++) {
		struct packet p = fragment(id, 1000, id);

		flow_table_packets(t, &p, 1);
	}
	flow_table_flush(t);
	assert_int_equal(packets, DATAGRAMS);
	flow_table_free(t);
}

static void a_reused_id_learns_new_ports(void **state)
{
	struct packet p[] = {fragment(7, 0, 0), fragment(7, 0, SECOND), fragment(7, 1000, SECOND)};
	struct flow_table *t = small_table();
	struct flow *f;

	(void)state;
	p[1].src_port = 1;
	flow_table_packets(t, p, 3);
	f = flow_table_next(t, flow_table_next(t, NULL));
	assert_int_equal(f->key.port[A], 1);
	assert_int_equal(f->packets[A], 2);
	flow_table_free(t);
}

/* The segment's end moves with its fragments, so that the next segment is no hole. */
static void tcp_segments_grow_by_their_fragments(void **state)
{
	static const struct segment_row first = {0, A, TCP_ACK, 100, 500, 1000, 1000, 0};
	static const struct segment_row next = {20, A, TCP_ACK, 2100, 500, 10, 1000, 0};
	struct packet p[] = {segment_packet(&first), fragment(7, 1000, MS), segment_packet(&next)};
	struct flow_table *t = small_table();

	(void)state;
	p[0].fragment = p[0].fragment_more = true;
	p[0].fragment_id = 7;
	p[1].proto = PROTO_TCP;
	flow_table_packets(t, p, 3);
	assert_int_equal(flow_table_live(t), 1);
	assert_int_equal(only_row(t)->src.tcp[TCP_COUNT_LOST_SEGMENT], 0);
	assert_int_equal(only_row(t)->src.packets, 3);
	flow_table_free(t);
}

/* A segment that is sent again in fragments moves nothing: what follows it is new (tshark 4.0.17: one
 * retransmission). */
static void old_segments_do_not_grow(void **state)
{
	static const struct segment_row rows[] = {
		{0, A, TCP_ACK, 100, 500, 2000, 1000, 0},
		{50, A, TCP_ACK, 100, 500, 1000, 1000, 0},
		{60, A, TCP_ACK, 2100, 500, 10, 1000, 0},
	};
	struct packet p[] = {segment_packet(&rows[0]), segment_packet(&rows[1]),
			     fragment(7, 1000, 51 * MS), segment_packet(&rows[2])};
	struct flow_table *t = small_table();

	(void)state;
	p[1].fragment = p[1].fragment_more = true;
	p[1].fragment_id = 7;
	p[2].proto = PROTO_TCP;
	flow_table_packets(t, p, 4);
	assert_int_equal(only_row(t)->src.tcp[TCP_COUNT_RETRANSMISSION], 1);
	assert_int_equal(only_row(t)->src.tcp[TCP_COUNT_OUT_OF_ORDER], 0);
	assert_int_equal(only_row(t)->src.tcp[TCP_COUNT_LOST_SEGMENT], 0);
	flow_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(later_fragments_follow_the_first),
		cmocka_unit_test(early_fragments_wait_for_the_first),
		cmocka_unit_test(orphans_get_a_flow_without_ports),
		cmocka_unit_test(every_fragment_is_charged),
		cmocka_unit_test(a_reused_id_learns_new_ports),
		cmocka_unit_test(tcp_segments_grow_by_their_fragments),
		cmocka_unit_test(old_segments_do_not_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
