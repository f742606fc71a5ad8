/* SPDX-License-Identifier: MIT */
#include "base/fmt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void numbers(void **state)
{
	static const char *const bad[] = {"",	 "-1",	"+1",  " 1", "1 ",
					  "0x1", "1.0", "101", "a",  "18446744073709551617"};
	uint64_t v = 7;

	(void)state;
	assert_true(parse_u64(&v, "100", 100));
	assert_int_equal(v, 100);
	assert_true(parse_u64(&v, "007", 100));
	assert_int_equal(v, 7);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(parse_u64(&v, bad[i], 100));
	assert_int_equal(v, 7);
	assert_true(parse_u64(&v, "18446744073709551615", UINT64_MAX));
	assert_true(v == UINT64_MAX);
	assert_false(parse_u64(&v, "18446744073709551616", UINT64_MAX));
}

static void durations(void **state)
{
	static const struct {
		const char *text;
		int64_t ns;
	} good[] = {
		{"250ms", 250000000},
		{"10s", 10000000000},
		{"5m", 300000000000},
		{"1h", 3600000000000},
		{"2d", 172800000000000},
		{"1.5s", 1500000000},
		{"0.25h", 900000000000},
		{"3", 3000000000},
		{"0.000000001", 1},
		{"0.0000000019", 1},
		{"12us", 12000},
		{"850ns", 850},
		{"0", 0},
		{"9223372036.854775807s", INT64_MAX},
	};
	static const char *const bad[] = {
		"",
		"s",
		"-1s",
		".5s",
		"1.s",
		"1.5.5s",
		"1 s",
		"1S",
		"1x",
		"1ss",
		"1e3",
		"9223372036.854775808s",
		"99999999999999999999s",
		"200000d",
	};
	int64_t ns = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_true(parse_duration(&ns, good[i].text));
		assert_int_equal(ns, good[i].ns);
	}
	ns = 42;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(parse_duration(&ns, bad[i]));
	assert_int_equal(ns, 42);
}

static void sizes(void **state)
{
	static const char *const bad[] = {"", "K", "-1", "1.5M", "1KB", "1P", "1 K", "16777216T"};
	uint64_t v = 0;

	(void)state;
	assert_true(parse_bytes(&v, "64K") && v == 65536);
	assert_true(parse_bytes(&v, "2M") && v == 2097152);
	assert_true(parse_bytes(&v, "1G") && v == 1073741824);
	assert_true(parse_bytes(&v, "3T") && v == 3298534883328);
	assert_true(parse_bytes(&v, "1500") && v == 1500);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(parse_bytes(&v, bad[i]));
	assert_int_equal(v, 1500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(durations),
		cmocka_unit_test(sizes),
	};

	return cmocka_run_group_tests_name("base/parse", tests, NULL, NULL);
}
