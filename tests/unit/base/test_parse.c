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
	static const char *const bad[] = {"", "K", "-1", "1.M", "1Kb", "1P", "1 K", "16777216T"};
	uint64_t v = 0;

	(void)state;
	assert_true(parse_bytes(&v, "64K") && v == 65536);
	assert_true(parse_bytes(&v, "2M") && v == 2097152);
	assert_true(parse_bytes(&v, "1G") && v == 1073741824);
	assert_true(parse_bytes(&v, "3T") && v == 3298534883328);
	assert_true(parse_bytes(&v, "3TiB") && v == 3298534883328);
	assert_true(parse_bytes(&v, "1.5K") && v == 1536);
	assert_true(parse_bytes(&v, "0.1M") && v == 104857);
	assert_true(parse_bytes(&v, "2kB") && v == 2000);
	assert_true(parse_bytes(&v, "1500") && v == 1500);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(parse_bytes(&v, bad[i]));
	assert_int_equal(v, 1500);
}

static void counts_and_rates(void **state)
{
	uint64_t v = 0;

	(void)state;
	assert_true(parse_count(&v, "12") && v == 12);
	assert_true(parse_count(&v, "1.5k") && v == 1500);
	assert_true(parse_count(&v, "2M") && v == 2000000);
	assert_false(parse_count(&v, "1K"));
	assert_true(parse_bitrate(&v, "10Mbit") && v == 10000000);
	assert_true(parse_bitrate(&v, "1.5Gbps") && v == 1500000000);
	assert_true(parse_bitrate(&v, "64k") && v == 64000);
	assert_false(parse_bitrate(&v, "1MB"));
	assert_int_equal(v, 64000);
}

/* Seconds by date -u -d TEXT +%s. */
static void times(void **state)
{
	static const struct {
		const char *text;
		int64_t s, ns;
	} good[] = {
		{"1970-01-01", 0, 0},
		{"1969-12-31T23:59:59", -1, 0},
		{"2026-01-02", 1767312000, 0},
		{"2026-01-02T03:04", 1767323040, 0},
		{"2026-01-02T03:04:05Z", 1767323045, 0},
		{"2026-01-02 03:04:05.000000006Z", 1767323045, 6},
		{"2026-01-02T03:04:05.25", 1767323045, 250000000},
		{"2024-02-29T12:00:00", 1709208000, 0},
		{"2000-03-01", 951868800, 0},
		{"2100-03-01", 4107542400, 0},
	};
	static const char *const bad[] = {
		"", "2026", "2026-13-01", "2026-00-01", "2026-01-32", "2025-02-29", "2100-02-29",
		"2026-01-02T", "2026-01-02T24:00", "2026-01-02T03:60", "2026-1-2", "2026-01-02T03:04:05.",
		"2026-01-02T03:04:05+01:00", "2026-01-02x", "12026-01-02", "2026-01-02T03:04:05ZZ",
	};
	int64_t ns = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_true(parse_time(&ns, good[i].text));
		assert_int_equal(ns, good[i].s * 1000000000 + good[i].ns);
	}
	ns = 42;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(parse_time(&ns, bad[i]));
	assert_false(parse_time_of_day(&ns, "24:00"));
	assert_int_equal(ns, 42);
	assert_true(parse_time_of_day(&ns, "03:04:05.5"));
	assert_int_equal(ns, 11045500000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(durations),
		cmocka_unit_test(sizes),
		cmocka_unit_test(counts_and_rates),
		cmocka_unit_test(times),
	};

	return cmocka_run_group_tests_name("base/parse", tests, NULL, NULL);
}
