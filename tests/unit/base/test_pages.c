/* SPDX-License-Identifier: MIT */
#include "base/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void gives_zeroed_aligned_memory(void **state)
{
	static const size_t sizes[] = {1, 64, 4097, PAGES_HUGE - 1, PAGES_HUGE, 2 * PAGES_HUGE + 1};

	(void)state;
	for (int round = 0; round < 2; round++) { /* the second meets memory that was used */
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			size_t align = sizes[i] >= PAGES_HUGE ? PAGES_HUGE : PAGES_ALIGN;
			char *p = pages_new(sizes[i]);

			assert_non_null(p);
			assert_int_equal((uintptr_t)p % align, 0);
			assert_int_equal(p[0], 0);
			assert_memory_equal(p, p + 1, sizes[i] - 1);
			memset(p, 0xff, sizes[i]);
			pages_free(p, sizes[i]);
		}
	}
}

static void refuses_impossible_sizes(void **state)
{
	(void)state;
	assert_null(pages_new(SIZE_MAX));
	assert_null(pages_new(SIZE_MAX / 2));
	pages_free(NULL, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_zeroed_aligned_memory),
		cmocka_unit_test(refuses_impossible_sizes),
	};

	return cmocka_run_group_tests_name("base/pages", tests, NULL, NULL);
}
