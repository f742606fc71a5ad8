/* SPDX-License-Identifier: MIT */
#include "flow/tcp/tcp_path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tcp_cases.h"

static struct flow_row *row_after(struct flow_table **t, const struct segment_row *rows, unsigned n)
{
	*t = small_table();
	feed(*t, rows, n);
	return only_row(*t);
}

#define ROW_AFTER(t, rows) row_after(t, rows, sizeof(rows) / sizeof(*rows))

/* Each end has the half path between the tap and itself; the sum is the path. */
static void tells_the_half_paths_apart(void **state)
{
	static const struct segment_row rows[] = {
		HANDSHAKE,					/* B answers in 10 ms, A in 10 ms */
		{100, A, ACK | PSH, 100, 500, 10, 1000, 0},
		{130, B, ACK, 500, 110, 0, 1000, 0},		/* B in 30 ms */
		{200, B, ACK | PSH, 500, 110, 10, 1000, 0},
		{204, A, ACK, 110, 510, 0, 1000, 0},		/* A in 4 ms */
	};
	struct flow_table *t;
	struct flow_row *row = ROW_AFTER(&t, rows);

	(void)state;
	assert_int_equal(row->src.rtt_ns.min, 4 * MS);
	assert_int_equal(row->src.rtt_ns.avg, 7 * MS);
	assert_int_equal(row->src.rtt_ns.max, 10 * MS);
	assert_int_equal(row->src.rtt_ns.samples, 2);
	assert_int_equal(row->dst.rtt_ns.min, 10 * MS);
	assert_int_equal(row->dst.rtt_ns.avg, 20 * MS);
	assert_int_equal(row->dst.rtt_ns.max, 30 * MS);
	assert_int_equal(row->rtt_ns.avg, row->src.rtt_ns.avg + row->dst.rtt_ns.avg);
	flow_table_free(t);
}

static void counts_bytes_in_flight(void **state)
{
	static const struct segment_row rows[] = {
		HANDSHAKE,
		{30, A, ACK, 100, 500, 100, 1000, 0},
		{31, A, ACK, 200, 500, 100, 1000, 0},
		{32, A, ACK, 300, 500, 100, 1000, 0}, /* 300 */
		{40, B, ACK, 500, 300, 0, 1000, 0},   /* 100 are left */
		{41, A, ACK, 400, 500, 150, 1000, 0}, /* 250 */
		{50, B, ACK, 500, 550, 0, 1000, 0},
		{60, B, ACK | PSH, 500, 550, 40, 1000, 0},
		{61, B, ACK | FIN, 540, 550, 0, 1000, 0}, /* FIN is no byte */
	};
	struct flow_table *t;
	struct flow_row *row = ROW_AFTER(&t, rows);

	(void)state;
	assert_int_equal(row->src.in_flight_max, 300);
	assert_int_equal(row->dst.in_flight_max, 40); /* no ack came */
	flow_table_free(t);
}

/* RFC 7323 2.2: a window in a SYN is never scaled; and a RST's means nothing. */
static void scales_windows(void **state)
{
	static const struct segment_row rows[] = {
		{0, A, SYN, 99, 0, 0, 64000, 1 + 2},
		{10, B, SYN | ACK, 499, 100, 0, 65000, 1 + 7},
		{20, A, ACK, 100, 500, 0, 500, 0},
		{30, A, ACK | PSH, 100, 500, 100, 400, 0},
		{40, B, ACK, 500, 200, 0, 10, 0},
		{41, B, ACK, 500, 200, 0, 30, 0},
		{42, A, ACK, 200, 500, 0, 450, 0},
		{50, B, RST | ACK, 500, 200, 0, 0, 0},
	};
	struct flow_table *t;
	struct flow_row *row = ROW_AFTER(&t, rows);

	(void)state;
	assert_int_equal(row->src.window.min_bytes, 400 << 2);
	assert_int_equal(row->src.window.max_bytes, 500 << 2);
	assert_int_equal(row->dst.window.min_bytes, 10 << 7);
	assert_int_equal(row->dst.window.max_bytes, 30 << 7);
	flow_table_free(t);
}

/* Without its SYN the scale of a window is not known. */
static void does_not_guess_the_scale(void **state)
{
	static const struct segment_row rows[] = {
		{30, A, ACK | PSH, 100, 500, 100, 400, 0},
		{40, B, ACK, 500, 200, 0, 10, 0},
	};
	struct flow_table *t;
	struct flow_row *row = ROW_AFTER(&t, rows);

	(void)state;
	assert_int_equal(row->src.window.min_bytes, ROW_ABSENT);
	assert_int_equal(row->dst.window.max_bytes, ROW_ABSENT);
	flow_table_free(t);
}

static void times_closed_and_full_windows(void **state)
{
	static const struct segment_row rows[] = {
		HANDSHAKE,
		{30, A, ACK | PSH, 100, 500, 1000, 1000, 0}, /* fills B's window */
		{70, B, ACK, 500, 1100, 0, 0, 0},	     /* full for 40 ms; closed */
		{170, B, ACK, 500, 1100, 0, 500, 0},	     /* after 100 ms */
		{180, A, ACK | PSH, 1100, 500, 10, 1000, 0},
		{190, B, ACK, 500, 1110, 0, 0, 0}, /* closed until the end */
		{240, A, ACK, 1109, 500, 0, 1000, 0},
	};
	struct flow_table *t;
	struct flow_row *row = ROW_AFTER(&t, rows);

	(void)state;
	assert_int_equal(row->dst.window.full_ns, 40 * MS);
	assert_int_equal(row->dst.window.zero_ns, 150 * MS);
	assert_int_equal(row->dst.window.min_bytes, 0);
	assert_int_equal(row->dst.window.max_bytes, 500); /* its SYN does not count */
	assert_int_equal(row->src.window.zero_ns, 0);
	assert_int_equal(row->src.window.full_ns, 0);
	flow_table_free(t);
}

static void is_absent_without_tcp(void **state)
{
	struct flow_table *t = small_table();
	struct packet p = udp_from(A, 0, 10);
	struct flow_row *row;

	(void)state;
	flow_table_packets(t, &p, 1);
	row = only_row(t);
	assert_int_equal(row->src.in_flight_max, ROW_ABSENT);
	assert_int_equal(row->src.window.zero_ns, ROW_ABSENT);
	assert_int_equal(row->src.rtt_ns.samples, ROW_ABSENT);
	flow_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_the_half_paths_apart),
		cmocka_unit_test(counts_bytes_in_flight),
		cmocka_unit_test(scales_windows),
		cmocka_unit_test(does_not_guess_the_scale),
		cmocka_unit_test(times_closed_and_full_windows),
		cmocka_unit_test(is_absent_without_tcp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
