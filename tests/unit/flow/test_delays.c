/* SPDX-License-Identifier: MIT */
#include "flow/join/delays.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flow/rows/row.h"

static void absent_until_measured(void **state)
{
	struct delays d = {0};
	struct delay_row row;

	(void)state;
	delays_fill(&row, &d);
	assert_true(row.connect == ROW_ABSENT && row.think_avg == ROW_ABSENT &&
		    row.thinks == ROW_ABSENT);
	delays_absent(&row);
	assert_true(row.send_avg == ROW_ABSENT && row.read_max == ROW_ABSENT);
}

static void sums_and_histograms(void **state)
{
	static struct delay_histograms all;
	struct delays d = {0};
	struct delay_row row;

	(void)state;
	delays_add(&d, &all, DELAY_SEND, 100);
	delays_add(&d, &all, DELAY_SEND, 300);
	delays_add(&d, &all, DELAY_SEND, -50); /* the clocks disagree by so much */
	delays_add(&d, NULL, DELAY_THINK, 7);
	delays_fill(&row, &d);
	assert_int_equal(row.send_avg, 133);
	assert_int_equal(row.send_max, 300);
	assert_int_equal(row.thinks, 1);
	assert_int_equal(all.of[DELAY_SEND].count, 3);
	assert_int_equal(histogram_quantile(&all.of[DELAY_SEND], 1000), 300);
	assert_int_equal(all.of[DELAY_THINK].count, 0);
	assert_string_equal(delay_name(DELAY_READ), "read");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(absent_until_measured),
		cmocka_unit_test(sums_and_histograms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
