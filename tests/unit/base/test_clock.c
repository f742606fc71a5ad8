/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <time.h>

static int64_t ns_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void maps_monotonic_to_wall(void **state)
{
	struct clock_map m = {0};
	int64_t before, mapped, after;

	(void)state;
	assert_int_equal(clock_map_measure(&m), 0);
	before = ns_of(CLOCK_REALTIME);
	mapped = clock_wall_ns(&m, ns_of(CLOCK_MONOTONIC));
	after = ns_of(CLOCK_REALTIME);
	/* 10 us more on both sides: the clocks are slewed between measurement and use. */
	assert_true(mapped >= before - 10000 - m.error_ns);
	assert_true(mapped <= after + 10000 + m.error_ns);
	assert_true(m.error_ns >= 0 && m.error_ns < 1000000);
}

static void reports_a_step(void **state)
{
	struct clock_map m = {0};
	int64_t change_ns;

	(void)state;
	clock_map_measure(&m);
	assert_int_equal(m.steps, 0);
	m.offset_ns -= 5000000; /* as if the wall clock had jumped 5 ms ahead */
	change_ns = clock_map_measure(&m);
	assert_true(change_ns > 4000000 && change_ns < 6000000);
	assert_int_equal(m.steps, 1);
	m.offset_ns += 5000000;
	assert_true(clock_map_measure(&m) < -4000000);
	assert_int_equal(m.steps, 2);
	clock_map_measure(&m);
	assert_int_equal(m.steps, 2);
}

static void now_reads_the_right_clocks(void **state)
{
	int64_t wall = ns_of(CLOCK_REALTIME), mono = ns_of(CLOCK_MONOTONIC);

	(void)state;
	assert_true(clock_now_wall_ns() - wall >= 0 && clock_now_wall_ns() - wall < 1000000000);
	assert_true(clock_now_mono_ns() - mono >= 0 && clock_now_mono_ns() - mono < 1000000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(maps_monotonic_to_wall),
		cmocka_unit_test(reports_a_step),
		cmocka_unit_test(now_reads_the_right_clocks),
	};

	return cmocka_run_group_tests_name("base/clock", tests, NULL, NULL);
}
