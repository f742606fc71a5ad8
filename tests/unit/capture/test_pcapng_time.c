/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "capture/pcapng_time.h"

static int64_t ns_of(uint8_t resolution, int64_t offset_s, uint64_t ticks)
{
	struct format_interface fi = {0};

	pcapng_time_init(&fi, resolution, offset_s);
	return pcapng_time_ns(&fi, ticks);
}

/* Computed by hand from if_tsresol: 10^-n, or 2^-n when the top bit is set. */
static void test_resolutions(void **state)
{
	(void)state;
	assert_int_equal(ns_of(0, 0, 3), 3000000000);
	assert_int_equal(ns_of(3, 0, 3), 3000000);
	assert_int_equal(ns_of(6, 0, 1700000000123456), 1700000000123456000);
	assert_int_equal(ns_of(9, 0, 1700000000123456789), 1700000000123456789);
	assert_int_equal(ns_of(12, 0, 1999), 1);
	assert_int_equal(ns_of(28, 0, 18000000000000000000ULL), 1);
	assert_int_equal(ns_of(29, 0, UINT64_MAX), 0);
	assert_int_equal(ns_of(127, 0, UINT64_MAX), 0);
	assert_int_equal(ns_of(0x80, 0, 3), 3000000000);
	assert_int_equal(ns_of(0x80 | 1, 0, 3), 1500000000);
	assert_int_equal(ns_of(0x80 | 30, 0, 1 << 30), 1000000000);
	assert_int_equal(ns_of(0x80 | 63, 0, 1ULL << 62), 500000000);
	assert_int_equal(ns_of(0x80 | 127, 0, UINT64_MAX), 0);
}

static void test_offsets(void **state)
{
	(void)state;
	assert_int_equal(ns_of(6, 10, 1), 10000001000);
	assert_int_equal(ns_of(6, -10, 11000000), 1000000000);
	assert_int_equal(ns_of(9, -10, 0), -10000000000);
	assert_int_equal(ns_of(12, 10, 5000), 10000000005);
}

static void test_overflow(void **state)
{
	(void)state;
	assert_int_equal(ns_of(9, 0, INT64_MAX), PCAPNG_TIME_MAX);
	assert_int_equal(ns_of(9, 0, UINT64_MAX), PCAPNG_TIME_MAX);
	assert_int_equal(ns_of(6, 0, UINT64_MAX), PCAPNG_TIME_MAX);
	assert_int_equal(ns_of(0, 0, UINT64_MAX), PCAPNG_TIME_MAX);
	assert_int_equal(ns_of(6, INT64_MAX, 0), PCAPNG_TIME_MAX);
	assert_int_equal(ns_of(6, INT64_MIN, 0), PCAPNG_TIME_MIN);
	assert_int_equal(ns_of(6, INT64_MIN, UINT64_MAX), PCAPNG_TIME_MIN);
	/* A packet of 4139 beside one of today: their distance is a number. */
	assert_true(ns_of(6, 0, 68469212254149710) - ns_of(6, INT64_MIN, 0) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_resolutions),
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
