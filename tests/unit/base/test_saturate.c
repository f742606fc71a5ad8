/* SPDX-License-Identifier: MIT */
#include "base/saturate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void sums_that_do_not_fit_stay_at_the_end(void **state)
{
	(void)state;
	assert_int_equal(saturate_add(2, -5), -3);
	assert_true(saturate_add(INT64_MAX - 1, 1) == INT64_MAX);
	assert_true(saturate_add(INT64_MAX - 1, 2) == INT64_MAX);
	assert_true(saturate_add(INT64_MIN + 1, -2) == INT64_MIN);
}

static void rates_are_a_second(void **state)
{
	(void)state;
	assert_int_equal(saturate_rate(0, 1), 0);
	assert_int_equal(saturate_rate(1500, 1e9), 1500);
	assert_int_equal(saturate_rate(1500, 5e8), 3000);
	assert_int_equal(saturate_rate(10, 3e9), 3);
}

/* 2^64 - 1 bytes in a second are more bits than are counted, and so is a frame in a nanosecond. */
static void rates_that_do_not_fit_stay_at_the_end(void **state)
{
	(void)state;
	assert_true(saturate_rate((double)UINT64_MAX * 8, 1e9) == INT64_MAX);
	assert_true(saturate_rate(UINT32_MAX * 8.0, 1) == INT64_MAX);
	assert_true(saturate_rate(0x1p63, 1e9) == INT64_MAX);
	assert_true(saturate_rate(0x1p62, 1e9) == 1ll << 62);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_that_do_not_fit_stay_at_the_end),
		cmocka_unit_test(rates_are_a_second),
		cmocka_unit_test(rates_that_do_not_fit_stay_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
