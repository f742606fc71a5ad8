/* SPDX-License-Identifier: MIT */
#include "flow/tcp/tcp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "tcp_cases.h"

static const char *const counter_names[] = {
#define X(id, name, help) #name,
	TCP_COUNTER_ROWS(X)
#undef X
};

static int differences(const struct analysis_case *c, const struct flow_row *row)
{
	int bad = 0;

	for (int d = 0; d < 2; d++) {
		const struct flow_end_row *e = row->src.port == A_PORT ? (d ? &row->dst : &row->src)
								       : (d ? &row->src : &row->dst);

		for (unsigned i = 0; i < TCP_COUNTERS; i++) {
			if (e->tcp[i] == c->want[d][i])
				continue;
			print_error("%s, end %c: %s is %lld, tshark says %u\n", c->name, "AB"[d],
				    counter_names[i], (long long)e->tcp[i], c->want[d][i]);
			bad++;
		}
	}
	return bad;
}

static void counts_what_tshark_counts(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(analysis_cases) / sizeof(*analysis_cases); i++) {
		const struct analysis_case *c = &analysis_cases[i];
		struct flow_table *t = small_table();

		feed(t, c->rows, c->count);
		assert_int_equal(flow_table_total(t), 1);
		bad += differences(c, only_row(t));
		flow_table_free(t);
	}
	assert_int_equal(bad, 0);
}

static struct flow_row *row_after(struct flow_table **t, const struct segment_row *rows, unsigned n)
{
	*t = small_table();
	feed(*t, rows, n);
	return only_row(*t);
}

#define ROW_AFTER(t, rows) row_after(t, rows, sizeof(rows) / sizeof(*rows))

/* RFC 4737: one segment comes behind four later ones; one that is sent again is not reordered. */
static void measures_reordering(void **state)
{
	static const struct segment_row rows[] = {
		HANDSHAKE,
		{30.0, A, ACK, 100, 500, 10, 1000, 0},
		{30.1, A, ACK, 120, 500, 10, 1000, 0},
		{30.2, A, ACK, 130, 500, 10, 1000, 0},
		{30.3, A, ACK, 140, 500, 10, 1000, 0},
		{30.4, A, ACK, 150, 500, 10, 1000, 0},
		{30.5, A, ACK, 110, 500, 10, 1000, 0},
		{500, A, ACK, 100, 500, 10, 1000, 0},
	};
	struct flow_table *t;
	struct flow_row *row = ROW_AFTER(&t, rows);

	(void)state;
	assert_int_equal(row->src.tcp[TCP_COUNT_OUT_OF_ORDER], 1);
	assert_int_equal(row->src.reordering.packets, 1);
	assert_int_equal(row->src.reordering.extent_max, 4);
	assert_int_equal(row->src.reordering.triple, 1);
	assert_int_equal(row->src.reordering.ratio_ppm, 1000000 / row->src.packets);
	assert_int_equal(row->dst.reordering.packets, 0);
	flow_table_free(t);
}

static void a_new_number_is_a_new_flow(void **state)
{
	static const struct segment_row rows[] = {
		HANDSHAKE,
		{30, A, ACK | PSH, 100, 500, 10, 1000, 0},
		{40, A, SYN, 7000, 0, 0, 1000, 0}, /* reused */
		{50, A, SYN, 7000, 0, 0, 1000, 0}, /* sent again */
	};
	struct flow_table *t;

	(void)state;
	(void)ROW_AFTER(&t, rows);
	assert_int_equal(flow_table_total(t), 2);
	assert_int_equal(flow_table_live(t), 1);
	assert_int_equal(only_row(t)->src.packets, 2);
	flow_table_free(t);
}

/* SYN to SYN-ACK and SYN-ACK to ACK are half a path each; the handshake is both. */
static void measures_round_trips(void **state)
{
	static const struct segment_row rows[] = {
		HANDSHAKE,
		{100, A, ACK | PSH, 100, 500, 10, 1000, 0},
		{130, B, ACK, 500, 110, 0, 1000, 0}, /* 30 ms beyond A */
		{200, B, ACK | PSH, 500, 110, 10, 1000, 0},
		{204, A, ACK, 110, 510, 0, 1000, 0}, /* 4 ms beyond B */
	};
	struct flow_table *t;
	struct flow_row *row = ROW_AFTER(&t, rows);

	(void)state;
	assert_int_equal(row->rtt_ns.handshake, 20 * MS);
	assert_int_equal(row->rtt_ns.samples, 4);
	assert_int_equal(row->rtt_ns.min, 10 * MS + 4 * MS);
	assert_int_equal(row->rtt_ns.avg, 20 * MS + 7 * MS);
	assert_int_equal(row->rtt_ns.max, 30 * MS + 10 * MS);
	flow_table_free(t);
}

/* Karn: which copy the ack answers is not known. */
static void takes_no_sample_from_retransmissions(void **state)
{
	static const struct segment_row rows[] = {
		HANDSHAKE,
		{100, A, ACK | PSH, 100, 500, 10, 1000, 0},
		{400, A, ACK | PSH, 100, 500, 10, 1000, 0},
		{410, B, ACK, 500, 110, 0, 1000, 0},
	};
	struct flow_table *t;
	struct flow_row *row = ROW_AFTER(&t, rows);

	(void)state;
	assert_int_equal(row->rtt_ns.samples, 2);
	assert_int_equal(row->rtt_ns.max, 20 * MS);
	assert_int_equal(row->src.retransmitted_bytes, 10);
	flow_table_free(t);
}

/* RFC 7323: the echoed timestamp tells the copies apart. */
static void timestamps_tell_copies_apart(void **state)
{
	static const struct segment_row rows[] = {
		{100, A, ACK | PSH, 100, 500, 10, 1000, 0},
		{400, A, ACK | PSH, 100, 500, 10, 1000, 0},
		{410, B, ACK, 500, 110, 0, 1000, 0},
	};
	static const uint32_t value[] = {1000, 1300, 77}, echo[] = {70, 70, 1300};
	struct flow_table *t = small_table();
	struct flow_row *row;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct packet p = segment_packet(&rows[i]);

		p.tcp.has_timestamp = true;
		p.tcp.ts_value = value[i];
		p.tcp.ts_echo = echo[i];
		flow_table_packets(t, &p, 1);
	}
	row = only_row(t);
	assert_int_equal(row->rtt_ns.samples, 1);
	assert_int_equal(row->rtt_ns.max, 10 * MS);
	flow_table_free(t);
}

static void counts_bytes_that_never_came(void **state)
{
	static const struct segment_row rows[] = {
		HANDSHAKE,
		{30, A, ACK | PSH, 100, 500, 100, 1000, 0},
		{31, A, ACK | PSH, 300, 500, 100, 1000, 0}, /* 100 bytes are missing */
		{32, A, ACK | PSH, 700, 500, 100, 1000, 0}, /* and 300 */
		{33, A, ACK | PSH, 200, 500, 60, 1000, 0},  /* the first hole is 40 now */
		{34, A, ACK | PSH, 500, 500, 100, 1000, 0}, /* in the middle of the second one */
	};
	struct flow_table *t;
	struct flow_row *row = ROW_AFTER(&t, rows);

	(void)state;
	assert_int_equal(row->src.missing_bytes, 40 + 200);
	assert_int_equal(row->dst.missing_bytes, 0);
	flow_table_free(t);
}

/* The late SYN makes the hole a second mark, not a second hole; data after it fills the first. */
static void a_late_syn_opens_no_hole_again(void **state)
{
	struct flow_table *t;

	(void)state;
	assert_int_equal(ROW_AFTER(&t, late_syn)->src.missing_bytes, 50);
	flow_table_free(t);
	assert_int_equal(ROW_AFTER(&t, late_syn_in_order)->src.missing_bytes, 0);
	flow_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_what_tshark_counts),
		cmocka_unit_test(measures_reordering),
		cmocka_unit_test(a_new_number_is_a_new_flow),
		cmocka_unit_test(measures_round_trips),
		cmocka_unit_test(takes_no_sample_from_retransmissions),
		cmocka_unit_test(timestamps_tell_copies_apart),
		cmocka_unit_test(counts_bytes_that_never_came),
		cmocka_unit_test(a_late_syn_opens_no_hole_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
