/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flow/time_axis.h"

#define S 1000000000ll

static uint64_t total(const struct time_axis *t, uint64_t *packets)
{
	uint64_t bytes = 0;

	*packets = 0;
	for (uint32_t i = 0; i < t->count; i++) {
		bytes += t->bytes[i];
		*packets += t->packets[i];
	}
	return bytes;
}

static void nothing_is_lost_however_long_it_gets(void **state)
{
	static struct time_axis t;
	uint64_t packets, bars[10], sum = 0;

	(void)state;
	axis_init(&t, false);
	for (int i = 0; i < 10000; i++)
		axis_add(&t, 1000 * S + i * (int64_t)i * 997, 100);
	axis_add(&t, 999 * S, 7); /* late */
	assert_int_equal(total(&t, &packets), 1000007);
	assert_int_equal(packets, 10001);
	assert_true(t.count <= AXIS_SLICES && t.count >= AXIS_SLICES / 2);
	assert_true(axis_end_ns(&t) > 1000 * S + 9999ll * 9999 * 997);
	axis_bars(&t, bars, 10);
	for (int i = 0; i < 10; i++)
		sum += bars[i];
	assert_int_equal(sum, 1000007);
}

static void few_slices_fill_the_line(void **state)
{
	static struct time_axis t;
	uint64_t bars[60];

	(void)state;
	axis_init(&t, true);
	for (int i = 0; i < 6; i++)
		axis_add(&t, (100 + i) * S, 1000);
	assert_int_equal(axis_bars(&t, bars, 60), 100);
	for (int i = 0; i < 60; i++)
		assert_int_equal(bars[i], 100);
}

static void live_keeps_the_last_minutes(void **state)
{
	static struct time_axis t;
	uint64_t packets;

	(void)state;
	axis_init(&t, true);
	for (int i = 0; i < 5000; i++)
		axis_add(&t, (1000 + i) * S, 1);
	assert_int_equal(total(&t, &packets), AXIS_SLICES);
	assert_int_equal(t.start_ns, (1000 + 5000 - AXIS_SLICES) * S);
	axis_add(&t, 900000 * S, 5); /* after a silence longer than all */
	assert_int_equal(total(&t, &packets), 5);
	assert_int_equal(axis_end_ns(&t), 900001 * S);
}

static void steps_pass_over_silence(void **state)
{
	static struct time_axis t;

	(void)state;
	axis_init(&t, true);
	axis_add(&t, 100 * S, 1);
	axis_add(&t, 101 * S, 1);
	axis_add(&t, 150 * S, 1);
	assert_int_equal(axis_before_ns(&t, 151 * S), 102 * S);
	assert_int_equal(axis_before_ns(&t, 102 * S), 101 * S);
	assert_int_equal(axis_before_ns(&t, 101 * S), 0);
	assert_int_equal(axis_after_ns(&t, 101 * S), 102 * S);
	assert_int_equal(axis_after_ns(&t, 102 * S), 151 * S);
	assert_int_equal(axis_after_ns(&t, 120 * S), 151 * S);
	assert_int_equal(axis_after_ns(&t, 151 * S), 0);
}

/* A place on the line and the time there lead back to each other. */
static void places_and_times(void **state)
{
	static struct time_axis t;

	(void)state;
	axis_init(&t, true);
	for (int i = 0; i < 600; i++)
		axis_add(&t, (100 + i) * S, 1);
	for (unsigned n = 1; n < 400; n += 7) {
		for (unsigned i = 0; i < n; i++)
			assert_int_equal(axis_place(&t, axis_time_ns(&t, i, n), n), i);
	}
	assert_int_equal(axis_place(&t, 0, 10), 0);
	assert_int_equal(axis_place(&t, 1000000 * S, 10), 9);
}

static void rates_of_the_second_before(void **state)
{
	static struct time_axis t;
	int64_t packets, bits;

	(void)state;
	axis_init(&t, true);
	axis_add(&t, 100 * S, 1000);
	axis_add(&t, 101 * S, 50);
	axis_add(&t, 101 * S + 1, 50);
	axis_rates(&t, 102 * S, &packets, &bits);
	assert_int_equal(packets, 2);
	assert_int_equal(bits, 800);
	axis_rates(&t, 200 * S, &packets, &bits);
	assert_int_equal(packets, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_lost_however_long_it_gets),
		cmocka_unit_test(few_slices_fill_the_line),
		cmocka_unit_test(live_keeps_the_last_minutes),
		cmocka_unit_test(steps_pass_over_silence),
		cmocka_unit_test(places_and_times),
		cmocka_unit_test(rates_of_the_second_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
