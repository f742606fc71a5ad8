/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake.h"
#include "tui/chart.h"
#include "tui/history.h"

#define MS 1000000ll

static void sampled(void **state)
{
	static struct history h;
	struct flow_row row;
	int64_t v[4];

	(void)state;
	fake_flow(&row, 1);
	row.rtt_ns.samples = 0;
	row.src.payload_bytes = 5000; /* before it was opened: of no known time */
	history_sample(&h, &row, 100 * MS);
	row.src.payload_bytes += 1000;
	row.rtt_ns.samples = 2;
	row.rtt_ns.avg = 10 * MS;
	history_sample(&h, &row, 200 * MS);
	row.src.payload_bytes += 3000;
	row.rtt_ns.samples = 4; /* 10 10 30 30 */
	row.rtt_ns.avg = 20 * MS;
	row.src.ledger.in_flight = 700;
	history_sample(&h, &row, 300 * MS);
	history_sample(&h, &row, 300 * MS); /* no time has passed */
	assert_int_equal(h.count, 3);
	assert_int_equal(history_span_ns(&h), 200 * MS);
	/* Two parts of 100 ms: none (the first), 1000 + 3000 bytes */
	assert_int_equal(history_line(&h, HISTORY_UP, v, 2), 320000);
	assert_int_equal(v[0], 0);
	assert_int_equal(history_line(&h, HISTORY_RTT, v, 4), 30 * MS);
	assert_int_equal(v[2], 10 * MS);
	assert_int_equal(history_line(&h, HISTORY_IN_FLIGHT, v, 4), 700);
	assert_int_equal(history_line(&h, HISTORY_DOWN, v, 4), 0);
	row.id = 2;
	history_sample(&h, &row, 400 * MS);
	assert_int_equal(h.count, 1);
}

/* However long it lasts: all of it is there, and no byte is lost. */
static void long_ones_get_coarser(void **state)
{
	static struct history h;
	int64_t v[10], sum = 0;
	struct flow_row row;

	(void)state;
	fake_flow(&row, 1);
	for (int i = 0; i <= 100000; i++) {
		row.dst.payload_bytes = i * 10;
		history_sample(&h, &row, (i + 1) * MS);
	}
	assert_true(h.count <= HISTORY_POINTS);
	history_line(&h, HISTORY_DOWN, v, 10);
	for (int i = 0; i < 10; i++) {
		sum += v[i];
		assert_in_range(v[i], 79000, 81000); /* 10 bytes a ms */
	}
	assert_in_range(sum, 799000, 801000);
}

static void from_frames(void **state)
{
	static const struct recent_note notes[] = {
		{.time_ns = 0, .seq = 99, .flags = TCP_SYN},
		{.time_ns = 20 * MS, .seq = 499, .ack = 100, .flags = TCP_SYN | TCP_ACK, .end = 1},
		{.time_ns = 21 * MS, .seq = 100, .ack = 500, .bytes = 1000, .flags = TCP_ACK},
		{.time_ns = 22 * MS, .seq = 1100, .ack = 500, .bytes = 500, .flags = TCP_ACK},
		{.time_ns = 51 * MS, .seq = 500, .ack = 1600, .flags = TCP_ACK, .end = 1},
		{.time_ns = 52 * MS, .seq = 1600, .ack = 500, .bytes = 10, .flags = TCP_ACK},
		{.time_ns = 252 * MS, .seq = 1600, .ack = 500, .bytes = 10, .flags = TCP_ACK,
		 .marks = 1 << TCP_COUNT_RETRANSMISSION},
		{.time_ns = 400 * MS, .seq = 500, .ack = 1610, .flags = TCP_ACK, .end = 1},
	};
	enum { COUNT = sizeof(notes) / sizeof(notes[0]) };
	struct flow_frames *f = calloc(1, sizeof(*f) + sizeof(notes));
	static struct history h;
	int64_t v[4];

	(void)state;
	f->id = 1;
	f->count = COUNT;
	memcpy(f->notes, notes, sizeof(notes));
	history_of_frames(&h, f);
	assert_int_equal(h.points[4].rtt_ns, 30 * MS);
	assert_int_equal(h.points[7].rtt_ns, ROW_ABSENT); /* sent again: nobody can tell */
	assert_int_equal(history_line(&h, HISTORY_IN_FLIGHT, v, 4), 1500);
	assert_int_equal(history_line(&h, HISTORY_UP, v, 4), 1510 * 80); /* in 100 ms */
	free(f);
}

static void charts(void **state)
{
	static const int64_t values[] = {0, 1, 2, 4, 8, 8, 0, 100};
	struct page p = {0};
	char *text;

	(void)state;
	for (int utf8 = 1; utf8 >= 0; utf8--) {
		page_begin(&p, 6, utf8);
		canvas_resize(&p.sheet, 6, 2);
		page_begin(&p, 6, utf8);
		chart_put(&p, 1, 4, 2, STYLE_NORMAL, values, 8);
		text = canvas_lines(&p.sheet);
		assert_string_equal(text, utf8 ? "   ⣿⢸\n ⢀⣼⣿⢸\n" : "   ##\n .###\n");
		free(text);
	}
	page_done(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sampled),
		cmocka_unit_test(long_ones_get_coarser),
		cmocka_unit_test(from_frames),
		cmocka_unit_test(charts),
	};

	return cmocka_run_group_tests(tests, fake_locale, NULL);
}
