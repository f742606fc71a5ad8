/* SPDX-License-Identifier: MIT */
#include "base/fmt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct row {
	uint64_t v;
	const char *text;
};

static void assert_rows(size_t (*fmt)(char *, uint64_t), const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char out[FMT_MAX];

		assert_int_equal(fmt(out, rows[i].v), strlen(rows[i].text));
		assert_string_equal(out, rows[i].text);
	}
}

#define ASSERT_ROWS(fmt, rows) assert_rows(fmt, rows, sizeof(rows) / sizeof((rows)[0]))

static void plain_numbers(void **state)
{
	static const struct row rows[] = {
		{0, "0"},
		{9, "9"},
		{10, "10"},
		{99, "99"},
		{100, "100"},
		{1234567, "1234567"},
		{99999999, "99999999"},
		{100000000, "100000000"},
		{9999999999999999999ULL, "9999999999999999999"},
		{10000000000000000000ULL, "10000000000000000000"},
		{UINT64_MAX, "18446744073709551615"},
	};

	(void)state;
	ASSERT_ROWS(fmt_u64, rows);
}

/* Every length, and the digits on both sides of each boundary between parts. */
static void digits_of_all_lengths(void **state)
{
	char out[FMT_DIGITS_MAX + 1], want[32];
	uint64_t power = 1;

	(void)state;
	for (int length = 1; length <= 20; length++, power *= 10) {
		for (uint64_t v = power - 1; v <= power + 1; v++) {
			memset(out, '#', sizeof(out));
			*fmt_digits(out, v) = '\0';
			snprintf(want, sizeof(want), "%" PRIu64, v);
			assert_string_equal(out, want);
			assert_int_equal(out[FMT_DIGITS_MAX], '#');
		}
	}
	for (uint64_t v = 0; v < 20000; v++) { /* every pair of digits in each place */
		*fmt_digits(out, v * 5001) = '\0';
		snprintf(want, sizeof(want), "%" PRIu64, v * 5001);
		assert_string_equal(out, want);
	}
}

static void hexadecimal(void **state)
{
	static const struct row rows[] = {
		{0, "0000000000000000"},
		{0x0123456789abcdef, "0123456789abcdef"},
		{0xfedcba9876543210, "fedcba9876543210"},
		{0x2a00000001, "0000002a00000001"},
		{UINT64_MAX, "ffffffffffffffff"},
	};

	(void)state;
	ASSERT_ROWS(fmt_hex, rows);
}

static void counts(void **state)
{
	static const struct row rows[] = {
		{0, "0"},
		{999, "999"},
		{1000, "1.0k"},
		{1249, "1.2k"},
		{1250, "1.3k"},
		{9949, "9.9k"},
		{9950, "10k"},
		{34499, "34k"},
		{34500, "35k"},
		{999499, "999k"},
		{999500, "1.0M"},
		{5600000, "5.6M"},
		{UINT64_MAX, "18E"},
		{1000000000000ULL, "1.0T"},
	};

	(void)state;
	ASSERT_ROWS(fmt_count, rows);
}

static void sizes(void **state)
{
	static const struct row rows[] = {
		{0, "0B"},	   {999, "999B"},     {1023, "1023B"},	   {1024, "1.0K"},
		{1229, "1.2K"},	   {10188, "9.9K"},   {10189, "10K"},	   {1048063, "1023K"},
		{1048064, "1.0M"}, {34 << 20, "34M"}, {UINT64_MAX, "16E"},
	};

	(void)state;
	ASSERT_ROWS(fmt_bytes, rows);
}

static void rates(void **state)
{
	static const struct row rows[] = {
		{0, "0"},
		{1, "1b"},
		{999, "999b"},
		{1200, "1.2k"},
		{34000000, "34M"},
		{5600000000ULL, "5.6G"},
		{UINT64_MAX, "18E"},
	};

	(void)state;
	ASSERT_ROWS(fmt_rate, rows);
}

/* Columns are aligned by this: no value of any size may need a sixth. */
static void short_forms_take_five_columns(void **state)
{
	(void)state;
	for (int bit = 0; bit < 64; bit++) {
		for (int delta = -600; delta <= 600; delta++) {
			uint64_t v =
				(1ULL << bit) + (uint64_t)(int64_t)delta * ((1ULL << bit) / 1000);
			char out[FMT_MAX];

			assert_in_range(fmt_count(out, v), 1, 5);
			assert_in_range(fmt_bytes(out, v), 1, 5);
			assert_in_range(fmt_rate(out, v), 1, 5);
		}
	}
}

static void durations(void **state)
{
	static const struct {
		int64_t ns;
		const char *text;
	} rows[] = {
		{0, "0ns"},
		{850, "850ns"},
		{1000, "1.0us"},
		{12000, "12us"},
		{999499, "999us"},
		{999500, "1.0ms"},
		{3400000, "3.4ms"},
		{1500000000, "1.5s"},
		{59499999999, "59s"},
		{59500000000, "1m00s"},
		{123000000000, "2m03s"},
		{3599499999999, "59m59s"},
		{3599500000000, "1h00m"},
		{14700000000000, "4h05m"},
		{86399999999999, "1d00h"},
		{273600000000000, "3d04h"},
		{-3400000, "-3.4ms"},
		{INT64_MAX, "106752d00h"}, /* 106751 days, 23:47:16 */
		{INT64_MIN, "-106752d00h"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[FMT_MAX];

		assert_int_equal(fmt_duration(out, rows[i].ns), strlen(rows[i].text));
		assert_string_equal(out, rows[i].text);
	}
}

/* Expected values: GNU date -u -d @S +%FT%T, with the nanoseconds put behind. */
static void times(void **state)
{
	static const struct {
		int64_t ns;
		const char *text;
	} rows[] = {
		{0LL, "1970-01-01T00:00:00.000000000Z"},
		{1767323045000000006LL, "2026-01-02T03:04:05.000000006Z"},
		{-1LL, "1969-12-31T23:59:59.999999999Z"},
		{951782399000000001LL, "2000-02-28T23:59:59.000000001Z"},
		{951782400000000000LL, "2000-02-29T00:00:00.000000000Z"},
		{951868800123456789LL, "2000-03-01T00:00:00.123456789Z"},
		{1709164800000000000LL, "2024-02-29T00:00:00.000000000Z"},
		{4107542400000000000LL, "2100-03-01T00:00:00.000000000Z"},
		{4107456000000000000LL, "2100-02-28T00:00:00.000000000Z"},
		{-2203977600000000000LL, "1900-02-28T00:00:00.000000000Z"},
		{1735689599999999999LL, "2024-12-31T23:59:59.999999999Z"},
		{1735689600000000000LL, "2025-01-01T00:00:00.000000000Z"},
		{INT64_MIN, "1677-09-21T00:12:43.145224192Z"},
		{INT64_MAX, "2262-04-11T23:47:16.854775807Z"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[FMT_MAX], clock[FMT_MAX];

		assert_int_equal(fmt_time_rfc3339(out, rows[i].ns), strlen(rows[i].text));
		assert_string_equal(out, rows[i].text);
		assert_int_equal(fmt_time_of_day(clock, rows[i].ns), 15);
		assert_memory_equal(clock, rows[i].text + 11, 15);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_numbers),
		cmocka_unit_test(digits_of_all_lengths),
		cmocka_unit_test(hexadecimal),
		cmocka_unit_test(counts),
		cmocka_unit_test(sizes),
		cmocka_unit_test(rates),
		cmocka_unit_test(short_forms_take_five_columns),
		cmocka_unit_test(durations),
		cmocka_unit_test(times),
	};

	return cmocka_run_group_tests_name("base/fmt", tests, NULL, NULL);
}
