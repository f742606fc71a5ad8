/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/histogram.h"

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void an_empty_one_has_no_quantile(void **state)
{
	struct histogram h = {0};

	(void)state;
	assert_int_equal(histogram_quantile(&h, 500), 0);
}

static void one_value_is_exact(void **state)
{
	static const uint64_t values[] = {0,	1,	   7,	       8,	   15,	      16,
					  1000, 123456789, 1ull << 39, 1ull << 40, UINT64_MAX};

	(void)state;
	for (unsigned i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct histogram h = {0};

		histogram_add(&h, values[i]);
		assert_true(histogram_quantile(&h, 1) == values[i]);
		assert_true(histogram_quantile(&h, 1000) == values[i]);
	}
}

/* Against the sorted values: never below, and at most an eighth above. */
static void quantiles_are_an_eighth_too_large_at_most(void **state)
{
	enum { N = 10007 };
	static uint64_t values[N];
	struct histogram h = {0};

	(void)state;
	srand(7);
	for (unsigned i = 0; i < N; i++) {
		values[i] = ((uint64_t)rand() << 8 | (uint64_t)rand()) >> rand() % 38;
		histogram_add(&h, values[i]);
	}
	qsort(values, N, sizeof(values[0]), compare);
	for (unsigned q = 1; q <= 1000; q++) {
		uint64_t truth = values[(N * (uint64_t)q + 999) / 1000 - 1];
		uint64_t got = histogram_quantile(&h, q);

		assert_true(got >= truth);
		assert_true(got <= truth + truth / 8);
	}
	assert_int_equal(h.count, N);
	assert_int_equal(h.max, values[N - 1]);
}

static void merged_is_as_added(void **state)
{
	struct histogram a = {0}, b = {0}, both = {0};

	(void)state;
	for (uint64_t v = 0; v < 100000; v += 7) {
		histogram_add(v & 1 ? &a : &b, v);
		histogram_add(&both, v);
	}
	histogram_merge(&a, &b);
	assert_memory_equal(&a, &both, sizeof(a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_one_has_no_quantile),
		cmocka_unit_test(one_value_is_exact),
		cmocka_unit_test(quantiles_are_an_eighth_too_large_at_most),
		cmocka_unit_test(merged_is_as_added),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
