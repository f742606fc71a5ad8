/* SPDX-License-Identifier: MIT */
#include "flow/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "packets.h"

struct log {
	unsigned begun, ended;
	enum flow_end why[64];
	uint16_t port[64]; /* of end A, in the order of ending */
	uint32_t packets_at_begin;
};

static void on_new(void *ctx, struct flow *f)
{
	struct log *l = ctx;

	l->begun++;
	l->packets_at_begin = f->packets[0] + f->packets[1];
}

static void on_end(void *ctx, struct flow *f, enum flow_end why)
{
	struct log *l = ctx;

	assert_in_range(l->ended, 0, 63);
	l->port[l->ended] = f->key.port[A];
	l->why[l->ended++] = why;
}

static bool still_to_come; /* whose a flow was */

static bool waits(void *ctx, const struct flow *f)
{
	(void)ctx, (void)f;
	return still_to_come;
}

static struct flow_table *logged_table(struct log *l, uint32_t max, int64_t keep_ns)
{
	struct flow_table_options o = {.max_flows = max, .keep_ended_ns = keep_ns, .seed = 1,
				       .on_new = on_new, .on_end = on_end, .waits = waits, .ctx = l};

	*l = (struct log){0};
	still_to_come = false;
	return flow_table_new(&o);
}

/* A flow of its own for each number. */
static void udp_flow(struct flow_table *t, uint16_t number, int64_t after_ns)
{
	struct packet p = udp_from(A, after_ns, 10);

	p.src_port = number;
	flow_table_packets(t, &p, 1);
}

static void sums_each_direction(void **state)
{
	struct packet p[3] = {udp_from(A, 0, 10), udp_from(B, MS, 20), udp_from(A, 2 * MS, 30)};
	struct flow_table *t;
	const struct flow *f;
	struct log l;

	(void)state;
	t = logged_table(&l, 8, 0);
	flow_table_packets(t, p, 3);
	assert_int_equal(l.begun, 1);
	assert_int_equal(l.packets_at_begin, 1);
	f = flow_table_next(t, NULL);
	assert_int_equal(f->packets[A], 2);
	assert_int_equal(f->packets[B], 1);
	assert_int_equal(f->payload_bytes[A], 40);
	assert_int_equal(f->ip_bytes[A], 40 + 2 * (IP_BYTES + 8));
	assert_int_equal(f->bytes[B], 20 + IP_BYTES + 8 + LINK_BYTES);
	assert_int_equal(f->last_ns - f->start_ns, 2 * MS);
	assert_ptr_equal(flow_table_get(t, flow_id(t, f)), f);
	assert_ptr_equal(flow_table_find(t, &f->key), f);
	flow_table_free(t);
}

static void ignores_what_is_in_no_flow(void **state)
{
	struct packet p = udp_from(A, 0, 10);
	struct flow_table *t = small_table();

	(void)state;
	p.other = PACKET_ARP;
	flow_table_packets(t, &p, 1);
	assert_int_equal(flow_table_total(t), 0);
	flow_table_free(t);
}

static void idle_flows_end(void **state)
{
	struct flow_table *t;
	struct log l;

	(void)state;
	t = logged_table(&l, 8, 0);
	udp_flow(t, 1, 0);
	for (int s = 10; s < 100; s += 10) /* this one lives on */
		udp_flow(t, 2, s * SECOND);
	assert_int_equal(l.ended, 0);
	flow_table_advance(t, 1122 * SECOND);
	assert_int_equal(l.ended, 1);
	assert_int_equal(l.why[0], FLOW_END_IDLE);
	assert_int_equal(l.port[0], 1);
	assert_int_equal(flow_table_live(t), 1);
	flow_table_free(t);
}

static void closed_flows_leave_soon(void **state)
{
	static const struct segment_row rows[] = {
		{0, A, TCP_SYN, 99, 0, 0, 1000, 0},
		{1, B, TCP_RST | TCP_ACK, 0, 100, 0, 0, 0},
	};
	struct flow_table *t;
	struct log l;

	(void)state;
	t = logged_table(&l, 8, 0);
	feed(t, rows, 2);
	flow_table_advance(t, 1004 * SECOND);
	assert_int_equal(l.ended, 0);
	flow_table_advance(t, 1020 * SECOND);
	assert_int_equal(l.ended, 1);
	assert_int_equal(l.why[0], FLOW_END_RST);
	flow_table_free(t);
}

/* Of 8 places: two live flows leave room, a third one needs it. */
static void a_patient_table_keeps_open_connections(void **state)
{
	static const struct segment_row silent[] = {
		{0, A, TCP_ACK, 100, 500, 10, 1000, 0},
		{31 * 86400e3, A, TCP_ACK, 100, 500, 10, 1000, 0},
	};
	struct flow_table *t;
	struct log l;

	(void)state;
	t = logged_table(&l, 8, 0);
	flow_table_be_patient(t);
	feed(t, silent, 2);
	assert_int_equal(flow_table_total(t), 1);
	assert_int_equal(only_row(t)->src.tcp[TCP_COUNT_RETRANSMISSION], 1);
	udp_flow(t, 1, 31 * 86400 * SECOND + 3700 * SECOND);
	assert_int_equal(l.ended, 0);
	udp_flow(t, 2, 31 * 86400 * SECOND + 3700 * SECOND);
	flow_table_advance(t, (1000 + 31 * 86400 + 3715) * SECOND);
	assert_int_equal(l.ended, 1);
	assert_int_equal(l.port[0], A_PORT);
	assert_int_equal(l.why[0], FLOW_END_IDLE);
	flow_table_free(t);
}

/* After FINs, not after a RST. */
static void a_patient_table_lets_closed_connections_linger(void **state)
{
	static const struct segment_row rows[] = {
		{0, A, TCP_FIN | TCP_ACK, 100, 500, 0, 1000, 0},
		{1, B, TCP_FIN | TCP_ACK, 500, 101, 0, 1000, 0},
		{2, A, TCP_ACK, 101, 501, 0, 1000, 0},
		{3, A, TCP_RST, 101, 0, 0, 0, 0},
	};
	struct flow_table *t;
	struct log l;

	(void)state;
	for (unsigned reset = 0; reset < 2; reset++) {
		t = logged_table(&l, 8, 0);
		flow_table_be_patient(t);
		feed(t, reset ? rows + 3 : rows, reset ? 1 : 3);
		flow_table_advance(t, 1050 * SECOND);
		assert_int_equal(l.ended, reset);
		flow_table_advance(t, 1075 * SECOND);
		assert_int_equal(l.ended, 1);
		assert_int_equal(l.why[0], reset ? FLOW_END_RST : FLOW_END_FIN);
		flow_table_free(t);
	}
}

/* The peer will send its FIN again, minutes later if need be: it still belongs here. */
static void an_unacknowledged_fin_keeps_the_flow(void **state)
{
	static const struct segment_row rows[] = {
		{0, A, TCP_FIN | TCP_ACK, 100, 500, 0, 1000, 0},
		{1, B, TCP_FIN | TCP_ACK, 500, 101, 0, 1000, 0},
	};
	static const struct segment_row again[] = {
		{60000, B, TCP_FIN | TCP_ACK, 500, 101, 0, 1000, 0},
	};
	struct flow_table *t;
	struct log l;

	(void)state;
	t = logged_table(&l, 8, 0);
	feed(t, rows, 2);
	feed(t, again, 1);
	assert_int_equal(flow_table_total(t), 1);
	assert_int_equal(only_row(t)->dst.tcp[TCP_COUNT_RETRANSMISSION] +
				 only_row(t)->src.tcp[TCP_COUNT_RETRANSMISSION], 1);
	flow_table_free(t);
}

static void flush_is_in_order_of_start(void **state)
{
	struct flow_table *t;
	struct log l;

	(void)state;
	t = logged_table(&l, 8, 0);
	udp_flow(t, 30, 3 * MS);
	udp_flow(t, 10, 1 * MS); /* frames of several interfaces come out of order */
	udp_flow(t, 20, 2 * MS);
	flow_table_flush(t);
	assert_int_equal(l.ended, 3);
	assert_int_equal(l.port[0], 10);
	assert_int_equal(l.port[1], 20);
	assert_int_equal(l.port[2], 30);
	assert_int_equal(l.why[0], FLOW_END_RUN);
	assert_int_equal(flow_table_count(t), 0);
	udp_flow(t, 40, 4 * MS); /* the table goes on */
	assert_int_equal(flow_table_live(t), 1);
	flow_table_free(t);
}

static void flush_knows_of_late_packets(void **state)
{
	struct flow_table *t;
	struct log l;

	(void)state;
	t = logged_table(&l, 8, 0);
	udp_flow(t, 10, 5 * MS);
	udp_flow(t, 20, 6 * MS);
	udp_flow(t, 20, 1 * MS); /* of the second flow, and older than the first */
	flow_table_flush(t);
	assert_int_equal(l.ended, 2);
	assert_int_equal(l.port[0], 20);
	assert_int_equal(l.port[1], 10);
	flow_table_free(t);
}

static void the_cap_refuses_and_counts(void **state)
{
	struct loss loss = {0};
	struct flow_table *t;
	struct log l;

	(void)state;
	t = logged_table(&l, 2, 0);
	for (uint16_t i = 0; i < 5; i++)
		udp_flow(t, i, i * MS);
	udp_flow(t, 0, 9 * MS); /* known ones are still served */
	flow_table_loss(t, &loss);
	assert_int_equal(loss.count[LOSS_TABLE_FULL], 3);
	assert_int_equal(flow_table_live(t), 2);
	flow_table_free(t);
}

static void ended_flows_stay_readable(void **state)
{
	struct flow_table *t;
	struct log l;
	uint64_t id;

	(void)state;
	t = logged_table(&l, 2, 60 * SECOND);
	udp_flow(t, 1, 0);
	id = flow_id(t, flow_table_next(t, NULL));
	flow_table_advance(t, 1130 * SECOND);
	assert_int_equal(l.ended, 1);
	assert_int_equal(flow_table_live(t), 0);
	assert_int_equal(flow_table_count(t), 1);
	assert_true(flow_table_get(t, id)->flags & FLOW_ENDED);
	udp_flow(t, 1, 131 * SECOND); /* the same key is a new flow */
	assert_int_equal(l.begun, 2);
	assert_int_equal(flow_table_count(t), 2);
	udp_flow(t, 2, 132 * SECOND); /* at the cap the ended one gives way */
	assert_int_equal(flow_table_live(t), 2);
	assert_null(flow_table_get(t, id));
	flow_table_free(t);
}

static void kept_flows_leave_in_time(void **state)
{
	struct flow_table *t;
	struct log l;

	(void)state;
	t = logged_table(&l, 8, 60 * SECOND);
	udp_flow(t, 1, 0);
	for (int s = 1000; s < 1200; s++)
		flow_table_advance(t, s * SECOND);
	assert_int_equal(flow_table_count(t), 0);
	assert_int_equal(l.ended, 1);
	flow_table_free(t);
}

static void time_backwards_breaks_nothing(void **state)
{
	struct flow_table *t;
	struct log l;

	(void)state;
	t = logged_table(&l, 64, 0);
	for (uint16_t i = 0; i < 60; i++)
		udp_flow(t, i, (i % 2 ? 0 : -500 * SECOND) + i * MS);
	flow_table_flush(t);
	assert_int_equal(l.ended, l.begun);
	flow_table_free(t);
}

static void icmp_errors_count_on_the_quoted_flow(void **state)
{
	struct packet p = udp_from(A, 0, 10), e = icmp_from(B, MS, 3, 3);
	struct flow_table *t = small_table();
	struct flow_row row;

	(void)state;
	e.quote = (struct packet_quote){.src = p.src, .dst = p.dst, .src_port = p.src_port,
					.dst_port = p.dst_port, .proto = PROTO_UDP};
	flow_table_packets(t, &p, 1);
	flow_table_packets(t, &e, 1);
	assert_int_equal(flow_table_live(t), 2);
	flow_row_fill(&row, t, flow_table_next(t, NULL));
	assert_int_equal(row.icmp_errors, 1);
	flow_table_free(t);
}

static void vlans_part_flows_only_when_asked(void **state)
{
	struct packet p[2] = {udp_from(A, 0, 10), udp_from(A, MS, 10)};

	(void)state;
	for (int asked = 0; asked < 2; asked++) {
		struct flow_table_options o = {.max_flows = 8, .seed = 1, .key_vlan = asked};
		struct flow_table *t = flow_table_new(&o);

		p[0].vlan_count = p[1].vlan_count = 1;
		p[0].vlan[0] = 10;
		p[1].vlan[0] = 20;
		flow_table_packets(t, p, 2);
		assert_int_equal(flow_table_live(t), 1 + asked);
		flow_table_free(t);
	}
}

/* Thousands of flows over many batches: the index, the slabs and the wheel together. */
static void many_flows_in_batches(void **state)
{
	enum { FLOWS = 5000, ROUNDS = 3 };
	struct flow_table_options o = {.max_flows = FLOWS, .seed = 7};
	struct flow_table *t = flow_table_new(&o);
	struct packet *p = calloc(FLOWS, sizeof(*p));
	unsigned seen = 0;

	(void)state;
	assert_non_null(p);
	for (int round = 0; round < ROUNDS; round++) {
		for (unsigned i = 0; i < FLOWS; i++) {
			p[i] = udp_from(round % 2 ? B : A, round * SECOND + i, 1);
			*(round % 2 ? &p[i].dst_port : &p[i].src_port) = (uint16_t)(10000 + i);
		}
		flow_table_packets(t, p, FLOWS);
	}
	for (struct flow *f = flow_table_next(t, NULL); f; f = flow_table_next(t, f), seen++) {
		assert_int_equal(f->packets[A], 2);
		assert_int_equal(f->packets[B], 1);
	}
	assert_int_equal(seen, FLOWS);
	free(p);
	flow_table_free(t);
}

/* --- ports that change hands --------------------------------------------------------------------- */

static void bound(void *ctx, struct flow *f)
{
	(void)ctx;
	f->flags |= FLOW_HAS_SOCKET;
}

/* The socket of A closed ten seconds after the start. */
static bool closed_at_ten(void *ctx, const struct flow *f, int sender, int64_t time_ns)
{
	(void)ctx, (void)f;
	return sender == A && time_ns > 1010 * SECOND;
}

static void a_datagram_of_a_new_socket_begins_a_flow(void **state)
{
	struct flow_table_options o = {.seed = 1, .on_new = bound, .outlived = closed_at_ten};
	struct flow_table *t = flow_table_new(&o);
	struct packet p[] = {
		udp_from(A, 0, 10),		udp_from(B, 9 * SECOND, 10),
		udp_from(B, 11 * SECOND, 10), /* a late answer is still the old one's */
		udp_from(A, 12 * SECOND, 10),
	};

	(void)state;
	flow_table_packets(t, p, 3);
	assert_int_equal(flow_table_total(t), 1);
	flow_table_packets(t, p + 3, 1);
	assert_int_equal(flow_table_total(t), 2);
	flow_table_free(t);
}

/* --- tuples used again before it is known whose they were ---------------------------------------- */

static struct flow_table *waiting_table(struct log *l)
{
	struct flow_table *t = logged_table(l, 1 << 15, 0);

	still_to_come = true;
	return t;
}

static const struct segment_row again[] = {
	{0, A, TCP_SYN, 99, 0, 0, 1000, 0},
	{1, B, TCP_RST | TCP_ACK, 0, 100, 0, 0, 0},
	{2, A, TCP_SYN, 5099, 0, 0, 1000, 0},
};

static void a_reused_flow_waits_for_its_owner(void **state)
{
	struct flow_table *t;
	struct log l;

	(void)state;
	t = waiting_table(&l);
	feed(t, again, 3);
	assert_int_equal(flow_table_total(t), 2);
	assert_int_equal(flow_table_live(t), 1);
	assert_int_equal(flow_table_count(t), 2);
	flow_table_advance(t, 1011 * SECOND);
	flow_table_advance(t, 1012 * SECOND);
	assert_int_equal(l.ended, 0);
	still_to_come = false;
	flow_table_advance(t, 1014 * SECOND);
	assert_int_equal(l.ended, 1);
	assert_int_equal(l.why[0], FLOW_END_RST);
	assert_int_equal(flow_table_count(t), 1);
	flow_table_free(t);
}

static void the_end_waits_for_nobody(void **state)
{
	struct flow_table *t;
	struct log l;

	(void)state;
	t = waiting_table(&l);
	feed(t, again, 3);
	flow_table_flush(t);
	assert_int_equal(l.ended, 2);
	assert_int_equal(l.why[0], FLOW_END_RST);
	assert_int_equal(l.why[1], FLOW_END_RUN);
	assert_int_equal(flow_table_count(t), 0);
	flow_table_free(t);
}

static void only_so_many_wait(void **state)
{
	enum { MOST = 1 << 14, MORE = 3 };
	struct segment_row syn = again[0];
	struct loss lost = {0};
	struct flow_table *t;
	struct log l;

	(void)state;
	t = waiting_table(&l);
	for (unsigned i = 0; i <= MOST + MORE; i++, syn.seq += 100000)
		feed(t, &syn, 1);
	assert_int_equal(flow_table_total(t), MOST + MORE + 1);
	assert_int_equal(l.ended, MORE);
	flow_table_loss(t, &lost);
	assert_int_equal(lost.count[LOSS_PENDING], MORE);
	flow_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_datagram_of_a_new_socket_begins_a_flow),
		cmocka_unit_test(sums_each_direction),
		cmocka_unit_test(ignores_what_is_in_no_flow),
		cmocka_unit_test(idle_flows_end),
		cmocka_unit_test(closed_flows_leave_soon),
		cmocka_unit_test(a_patient_table_keeps_open_connections),
		cmocka_unit_test(a_patient_table_lets_closed_connections_linger),
		cmocka_unit_test(an_unacknowledged_fin_keeps_the_flow),
		cmocka_unit_test(flush_is_in_order_of_start),
		cmocka_unit_test(flush_knows_of_late_packets),
		cmocka_unit_test(the_cap_refuses_and_counts),
		cmocka_unit_test(ended_flows_stay_readable),
		cmocka_unit_test(kept_flows_leave_in_time),
		cmocka_unit_test(time_backwards_breaks_nothing),
		cmocka_unit_test(icmp_errors_count_on_the_quoted_flow),
		cmocka_unit_test(vlans_part_flows_only_when_asked),
		cmocka_unit_test(many_flows_in_batches),
		cmocka_unit_test(a_reused_flow_waits_for_its_owner),
		cmocka_unit_test(the_end_waits_for_nobody),
		cmocka_unit_test(only_so_many_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
