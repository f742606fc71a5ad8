/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

static void formats_and_returns_the_code(void **state)
{
	struct err e = {""};

	(void)state;
	assert_int_equal(err_set(&e, -ENOENT, "%s: not there", "x.pcap"), -ENOENT);
	assert_string_equal(e.text, "x.pcap: not there");
	assert_int_equal(err_set(NULL, -EIO, "nobody listens"), -EIO);
}

static void cuts_what_is_too_long(void **state)
{
	struct err e;

	(void)state;
	err_set(&e, -EIO, "%1000d", 1);
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_and_returns_the_code),
		cmocka_unit_test(cuts_what_is_too_long),
	};

	return cmocka_run_group_tests_name("base/err", tests, NULL, NULL);
}
