/* SPDX-License-Identifier: MIT */
#include "base/cursor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const uint8_t bytes[] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x88};

static void reads_both_byte_orders(void **state)
{
	struct cursor c = cursor_init(bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(cursor_u8(&c), 0x01);
	assert_int_equal(cursor_be16(&c), 0x0203);
	assert_int_equal(cursor_be24(&c), 0x040506);
	assert_int_equal(cursor_le16(&c), 0x8807);
	assert_int_equal(cursor_left(&c), 0);
	assert_false(c.bad);
	c = cursor_init(bytes, sizeof(bytes));
	assert_int_equal(cursor_be32(&c), 0x01020304);
	assert_int_equal(cursor_le32(&c), 0x88070605);
	c = cursor_init(bytes, sizeof(bytes));
	assert_int_equal(cursor_be64(&c), 0x0102030405060788);
	c = cursor_init(bytes, sizeof(bytes));
	assert_true(cursor_le64(&c) == 0x8807060504030201);
}

static void error_is_sticky(void **state)
{
	struct cursor c = cursor_init(bytes, 3);

	(void)state;
	assert_int_equal(cursor_be32(&c), 0);
	assert_true(c.bad);
	assert_int_equal(cursor_u8(&c), 0);
	assert_int_equal(cursor_left(&c), 0);
	assert_null(cursor_bytes(&c, 0 + 1));
	assert_null(cursor_peek(&c, 1));
}

static void refuses_sizes_that_would_wrap(void **state)
{
	struct cursor c = cursor_init(bytes, sizeof(bytes));

	(void)state;
	assert_null(cursor_peek(&c, SIZE_MAX));
	assert_false(c.bad);
	assert_null(cursor_bytes(&c, SIZE_MAX));
	assert_true(c.bad);
}

static void peeks_without_stepping(void **state)
{
	struct cursor c = cursor_init(bytes, sizeof(bytes));

	(void)state;
	assert_ptr_equal(cursor_peek(&c, 8), bytes);
	assert_int_equal(cursor_u8(&c), 1);
	assert_null(cursor_peek(&c, 8));
	assert_false(c.bad);
}

static void sub_takes_a_part(void **state)
{
	struct cursor c = cursor_init(bytes, sizeof(bytes)), sub = cursor_sub(&c, 2);

	(void)state;
	assert_int_equal(cursor_be16(&sub), 0x0102);
	assert_int_equal(cursor_left(&sub), 0);
	assert_int_equal(cursor_u8(&c), 3);
	sub = cursor_sub(&c, 6);
	assert_true(sub.bad);
	assert_true(c.bad);
}

static void limit_only_shortens(void **state)
{
	struct cursor c = cursor_init(bytes, 4);

	(void)state;
	cursor_limit(&c, 100);
	assert_int_equal(cursor_left(&c), 4);
	cursor_limit(&c, 1);
	assert_int_equal(cursor_left(&c), 1);
	cursor_skip(&c, 2);
	assert_true(c.bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_both_byte_orders),
		cmocka_unit_test(error_is_sticky),
		cmocka_unit_test(refuses_sizes_that_would_wrap),
		cmocka_unit_test(peeks_without_stepping),
		cmocka_unit_test(sub_takes_a_part),
		cmocka_unit_test(limit_only_shortens),
	};

	return cmocka_run_group_tests_name("base/cursor", tests, NULL, NULL);
}
