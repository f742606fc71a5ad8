/* SPDX-License-Identifier: MIT */
#include "base/loss.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void every_stage_has_a_name_and_a_sentence(void **state)
{
	(void)state;
	assert_string_equal(loss_name(LOSS_KERNEL), "kernel");
	assert_string_equal(loss_name(LOSS_DAMAGED), "damaged");
	for (int i = 0; i < LOSS_STAGES; i++) {
		assert_true(strlen(loss_help(i)) > 10);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(loss_name(i), loss_name(j));
	}
}

static void adds_and_sums(void **state)
{
	struct loss a = {0}, b = {0};

	(void)state;
	assert_int_equal(loss_sum(&a), 0);
	for (int i = 0; i < LOSS_STAGES; i++) {
		a.count[i] = 1ULL << i;
		b.count[i] = 1ULL << 40;
	}
	assert_int_equal(loss_sum(&a), (1ULL << LOSS_STAGES) - 1);
	loss_add(&b, &a);
	assert_int_equal(b.count[LOSS_RING], (1ULL << 40) + (1ULL << LOSS_RING));
	assert_int_equal(a.count[LOSS_RING], 1ULL << LOSS_RING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_stage_has_a_name_and_a_sentence),
		cmocka_unit_test(adds_and_sums),
	};

	return cmocka_run_group_tests_name("base/loss", tests, NULL, NULL);
}
