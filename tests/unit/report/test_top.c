/* SPDX-License-Identifier: MIT
 *
 * The largest rows, and the timeline of a chart.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "report/timeline.h"
#include "report/top.h"
#include "unit/report/rows.h"

static uint64_t random_state = 42;

static uint64_t next_random(void)
{
	random_state = random_state * 6364136223846793005 + 1442695040888963407;
	return random_state >> 33;
}

static int descending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x < y) - (x > y);
}

/* Against a sort of all. */
static void the_largest_of_many(void **state)
{
	enum { ALL = 1000, N = 37 };
	int64_t values[ALL];
	struct filter_number by;
	struct flow_row row = blank_row();
	struct top *t;

	(void)state;
	assert_true(filter_number_find(&by, &flow_filter_table, "bytes"));
	t = top_new(N, &by);
	for (int i = 0; i < ALL; i++) {
		values[i] = (int64_t)(next_random() % 500);
		row.id = (uint64_t)i;
		row.src.bytes = values[i] / 3;
		row.dst.bytes = values[i] - values[i] / 3;
		assert_true(top_add(t, &row));
	}
	qsort(values, ALL, sizeof(values[0]), descending);
	for (unsigned i = 0; i < N; i++) {
		const struct flow_row *r = top_get(t, i);

		assert_int_equal(r->src.bytes + r->dst.bytes, values[i]);
	}
	assert_null(top_get(t, N));
	top_free(t);
}

static void equal_ones_as_they_came_and_unknown_last(void **state)
{
	struct filter_number by;
	struct flow_row row = blank_row();
	struct top *t;

	(void)state;
	assert_true(filter_number_find(&by, &flow_filter_table, "rtt"));
	t = top_new(3, &by);
	for (uint64_t id = 1; id <= 5; id++) {
		row.id = id;
		row.rtt_ns.avg = id == 1 ? ROW_ABSENT : 7;
		row_clear_texts(&row);
		row_tell(&row, FACT_SNI, "example.org");
		top_add(t, &row);
	}
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(top_get(t, i)->id, i + 2);
		assert_string_equal(row_fact(top_get(t, i), FACT_SNI), "example.org");
	}
	top_free(t);
}

/* Whatever comes in whatever order: no byte is lost. */
static void a_timeline_holds_all_bytes(void **state)
{
	struct timeline t = {0};
	double sum = 0, all = 0;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		int64_t start = (int64_t)(next_random() << (next_random() % 20));
		int64_t life = i % 3 ? (int64_t)(next_random() % 1000000000) : 0;
		int64_t bytes = (int64_t)(next_random() % 100000);

		timeline_add(&t, start, start + life, bytes);
		all += (double)bytes;
	}
	for (int i = 0; i < TIMELINE_BINS; i++)
		sum += t.bins[i];
	assert_true(sum > all * 0.999999 && sum < all * 1.000001);
}

static void a_burst_stays_in_its_place(void **state)
{
	struct timeline t = {0};
	int64_t s = 1000000000;

	(void)state;
	timeline_add(&t, 100 * s, 200 * s, 1000);
	timeline_add(&t, 150 * s, 150 * s, 1000000);
	timeline_add(&t, 50 * s, 50 * s, 1);
	for (int i = 0; i < TIMELINE_BINS; i++) {
		int64_t from = t.start_ns + i * t.width_ns;
		bool here = from <= 150 * s && 150 * s < from + t.width_ns;

		assert_int_equal(t.bins[i] > 10000, here);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_largest_of_many),
		cmocka_unit_test(equal_ones_as_they_came_and_unknown_last),
		cmocka_unit_test(a_timeline_holds_all_bytes),
		cmocka_unit_test(a_burst_stays_in_its_place),
	};

	return cmocka_run_group_tests_name("top", tests, NULL, NULL);
}
