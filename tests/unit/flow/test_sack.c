/* SPDX-License-Identifier: MIT */
#include "flow/tcp/sack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tcp_cases.h"

/* A segment and the SACK blocks that it carries. */
struct sack_case_row {
	struct segment_row segment;
	uint8_t count;
	struct sack_block sack[PACKET_MAX_SACK];
};

static struct flow_row *row_after(struct flow_table **t, const struct sack_case_row *rows,
				  unsigned n)
{
	*t = small_table();
	for (unsigned i = 0; i < n; i++) {
		struct packet p = segment_packet(&rows[i].segment);

		p.tcp.sack_count = rows[i].count;
		memcpy(p.tcp.sack, rows[i].sack, sizeof(p.tcp.sack));
		flow_table_packets(*t, &p, 1);
	}
	return only_row(*t);
}

#define ROW_AFTER(t, rows) row_after(t, rows, sizeof(rows) / sizeof(*rows))

#define SHAKE                                                                                      \
	{{0, A, SYN, 99, 0, 0, 1000, 0}, 0, {{0, 0}}},                                                \
		{{10, B, SYN | ACK, 499, 100, 0, 1000, 0}, 0, {{0, 0}}},                              \
		{{20, A, ACK, 100, 500, 0, 1000, 0}, 0, {{0, 0}}}
#define DATA(ms, seq, len) {{ms, A, ACK, seq, 500, len, 1000, 0}, 0, {{0, 0}}}
#define REPORT(ms, ack, n, ...) {{ms, B, ACK, 500, ack, 0, 1000, 0}, n, {__VA_ARGS__}}

/* RFC 2018 4, case 2: the first of five segments is dropped, and each later one is reported. */
static void counts_reported_octets_once(void **state)
{
	static const struct sack_case_row rows[] = {
		SHAKE,
		DATA(30, 100, 50), DATA(31, 150, 50), DATA(32, 200, 50), DATA(33, 250, 50),
		REPORT(41, 100, 1, {150, 200}),
		REPORT(42, 100, 1, {150, 250}),
		REPORT(43, 100, 1, {150, 300}),
		DATA(60, 100, 50),
		REPORT(70, 300, 0, {0, 0}),
	};
	struct flow_table *t;
	struct flow_row *row = ROW_AFTER(&t, rows);

	(void)state;
	assert_int_equal(row->src.sack.sacked_bytes, 150);
	assert_int_equal(row->src.sack.dsack, 0);
	assert_int_equal(row->src.sack.needless_retransmission, 0);
	assert_int_equal(row->dst.sack.sacked_bytes, 0);
	flow_table_free(t);
}

/* RFC 2018 4, case 3: the 2nd, 4th and 6th are dropped: three blocks, newest first. */
static void keeps_blocks_apart(void **state)
{
	static const struct sack_case_row rows[] = {
		SHAKE,
		DATA(30, 100, 300),
		REPORT(41, 150, 1, {200, 250}),
		REPORT(42, 150, 2, {300, 350}, {200, 250}),
		REPORT(43, 150, 2, {250, 300}, {200, 350}), /* inside the second: a D-SACK */
	};
	struct flow_table *t;
	struct flow_row *row = ROW_AFTER(&t, rows);

	(void)state;
	assert_int_equal(row->src.sack.sacked_bytes, 150);
	assert_int_equal(row->src.sack.dsack, 1);
	assert_int_equal(row->src.sack.dsack_bytes, 50);
	flow_table_free(t);
}

/* RFC 2883 4.1: a segment below the ack came again. */
static void knows_duplicates_below_the_ack(void **state)
{
	static const struct sack_case_row rows[] = {
		SHAKE,
		DATA(30, 100, 100),
		REPORT(40, 200, 0, {0, 0}),
		DATA(90, 100, 100),
		REPORT(100, 200, 1, {100, 200}),
	};
	struct flow_table *t;
	struct flow_row *row = ROW_AFTER(&t, rows);

	(void)state;
	assert_int_equal(row->src.sack.dsack, 1);
	assert_int_equal(row->src.sack.dsack_bytes, 100);
	assert_int_equal(row->src.sack.sacked_bytes, 0);
	assert_int_equal(row->src.sack.needless_retransmission, 1);
	assert_int_equal(row->src.tcp[TCP_COUNT_SPURIOUS_RETRANSMISSION], 1);
	flow_table_free(t);
}

/* What SACK had reported is sent again: plain acks do not prove it. */
static void knows_needless_by_sack(void **state)
{
	static const struct sack_case_row rows[] = {
		SHAKE,
		DATA(30, 100, 50), DATA(31, 150, 50), DATA(32, 200, 50),
		REPORT(41, 100, 1, {150, 200}),
		DATA(91, 100, 50),  /* needed */
		DATA(92, 150, 50),  /* not */
		DATA(93, 200, 50),  /* needed, for all that is known */
		DATA(94, 150, 100), /* half of it */
	};
	struct flow_table *t;
	struct flow_row *row = ROW_AFTER(&t, rows);

	(void)state;
	assert_int_equal(row->src.sack.needless_retransmission, 1);
	assert_int_equal(row->src.tcp[TCP_COUNT_SPURIOUS_RETRANSMISSION], 0);
	assert_int_equal(row->src.tcp[TCP_COUNT_RETRANSMISSION], 4);
	flow_table_free(t);
}

/* Captured behind its ack, it is the first copy all the same. */
static void what_fills_a_hole_is_not_needless(void **state)
{
	static const struct sack_case_row rows[] = {
		SHAKE,
		DATA(30, 150, 50),
		REPORT(40, 200, 0, {0, 0}),
		DATA(41, 100, 50),
	};
	struct flow_table *t;
	struct flow_row *row = ROW_AFTER(&t, rows);

	(void)state;
	assert_int_equal(row->src.sack.needless_retransmission, 0);
	flow_table_free(t);
}

/* Overtaken and nonsensical reports. */
static void ignores_stale_and_broken_blocks(void **state)
{
	static const struct sack_case_row rows[] = {
		SHAKE,
		DATA(30, 100, 300),
		REPORT(41, 100, 2, {200, 150}, {0x80000000, 0x7fffffff}),
		REPORT(42, 300, 2, {350, 400}, {200, 250}),
	};
	struct flow_table *t;
	struct flow_row *row = ROW_AFTER(&t, rows);

	(void)state;
	assert_int_equal(row->src.sack.sacked_bytes, 50);
	assert_int_equal(row->src.sack.dsack, 0);
	flow_table_free(t);
}

/* More pieces than there is room for: counted, and nothing breaks. */
static void bounds_its_ranges(void **state)
{
	struct flow_table *t = small_table();
	static const struct segment_row shake[] = {HANDSHAKE};

	(void)state;
	feed(t, shake, 3);
	for (uint32_t i = 0; i < 4 * SACK_RANGES; i++) {
		struct segment_row ack = {50 + i, B, ACK, 500, 100, 0, 1000, 0};
		struct packet p = segment_packet(&ack);

		p.tcp.sack_count = 1;
		p.tcp.sack[0] = (struct sack_block){1000 + 100 * i, 1050 + 100 * i};
		flow_table_packets(t, &p, 1);
	}
	assert_int_equal(only_row(t)->src.sack.sacked_bytes, 4 * SACK_RANGES * 50);
	flow_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_reported_octets_once),
		cmocka_unit_test(keeps_blocks_apart),
		cmocka_unit_test(knows_duplicates_below_the_ack),
		cmocka_unit_test(knows_needless_by_sack),
		cmocka_unit_test(what_fills_a_hole_is_not_needless),
		cmocka_unit_test(ignores_stale_and_broken_blocks),
		cmocka_unit_test(bounds_its_ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
