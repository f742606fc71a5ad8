/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void appends_in_order(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	assert_string_equal(buf_text(&b), "");
	buf_puts(&b, "a");
	buf_putc(&b, 'b');
	buf_put(&b, "c\0d", 3);
	buf_printf(&b, "%s-%d", "e", 7);
	assert_int_equal(b.len, 8);
	assert_memory_equal(buf_text(&b), "abc\0de-7", 9);
	assert_false(b.failed);
	buf_done(&b);
	assert_null(b.p);
}

static void writes_numbers_as_printf_does(void **state)
{
	static const int64_t values[] = {0,  1,	  9,   10,	  99,	     100,      12345,
					 -1, -10, -99, 1LL << 32, INT64_MAX, INT64_MIN};
	char expected[64];
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		buf_reset(&b);
		buf_put_i64(&b, values[i]);
		buf_putc(&b, ' ');
		buf_put_u64(&b, (uint64_t)values[i]);
		snprintf(expected, sizeof(expected), "%" PRId64 " %" PRIu64, values[i],
			 (uint64_t)values[i]);
		assert_string_equal(buf_text(&b), expected);
	}
	buf_done(&b);
}

static void grows_without_losing_content(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	for (unsigned i = 0; i < 100000; i++)
		buf_putc(&b, (char)i);
	assert_int_equal(b.len, 100000);
	for (unsigned i = 0; i < 100000; i++)
		assert_int_equal(b.p[i], (char)i);
	buf_done(&b);
}

static void can_be_filled_to_the_cap_exactly(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 300);
	for (int i = 0; i < 300; i++)
		buf_putc(&b, 'x');
	assert_false(b.failed);
	assert_int_equal(strlen(buf_text(&b)), 300);
	buf_putc(&b, 'y');
	assert_true(b.failed);
	assert_int_equal(b.len, 300);
	buf_done(&b);
}

static void drops_whole_and_stays_failed(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4);
	buf_puts(&b, "ab");
	buf_puts(&b, "cde");
	assert_true(b.failed);
	buf_puts(&b, "f");
	buf_printf(&b, "%d", 1);
	assert_null(buf_reserve(&b, 1));
	assert_string_equal(buf_text(&b), "ab");
	buf_reset(&b);
	assert_false(b.failed);
	buf_printf(&b, "%d", 1234);
	assert_string_equal(buf_text(&b), "1234");
	buf_printf(&b, "%d", 5);
	assert_true(b.failed);
	assert_string_equal(buf_text(&b), "1234");
	buf_done(&b);
}

static void refuses_impossible_sizes(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, SIZE_MAX);
	buf_putc(&b, 'a');
	assert_null(buf_reserve(&b, SIZE_MAX));
	assert_string_equal(buf_text(&b), "a");
	buf_done(&b);
}

static void printf_grows(void **state)
{
	char expected[1001];
	struct buf b;

	(void)state;
	memset(expected, ' ', 999);
	strcpy(expected + 999, "7");
	buf_init(&b, 5000);
	buf_printf(&b, "%1000d", 7);
	assert_string_equal(buf_text(&b), expected);
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appends_in_order),
		cmocka_unit_test(writes_numbers_as_printf_does),
		cmocka_unit_test(grows_without_losing_content),
		cmocka_unit_test(can_be_filled_to_the_cap_exactly),
		cmocka_unit_test(drops_whole_and_stays_failed),
		cmocka_unit_test(refuses_impossible_sizes),
		cmocka_unit_test(printf_grows),
	};

	return cmocka_run_group_tests_name("base/buf", tests, NULL, NULL);
}
