/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "flow/app/facts.h"

static struct facts *list;
static struct budget budget;

static int fresh(void **state)
{
	(void)state;
	list = NULL;
	budget = (struct budget){.max = 1 << 20};
	return 0;
}

static int nothing_is_left(void **state)
{
	(void)state;
	facts_free(list, &budget);
	return budget.used ? -1 : 0;
}

static bool add(unsigned kind, const char *text)
{
	return facts_add(&list, &budget, kind, text, strlen(text));
}

static const struct flow_row *row(int originator)
{
	static struct flow_row r;

	row_clear_texts(&r);
	facts_fill(&r, list, originator);
	return &r;
}

static void one_value_keeps_the_first(void **state)
{
	(void)state;
	assert_true(add(FACT_SNI, "a.example"));
	assert_true(add(FACT_SNI, "b.example"));
	assert_int_equal(list->count, 1);
	assert_string_equal(row_fact(row(0), FACT_SNI), "a.example");
	assert_string_equal(row_fact(row(0), FACT_HOST), "");
}

static void several_values_are_kept_once(void **state)
{
	(void)state;
	add(FACT_DNS, "a.example");
	add(FACT_ALPN, "h2");
	add(FACT_DNS, "b.example");
	add(FACT_DNS, "a.example");
	add(FACT_DNS, "a.exampl");
	assert_int_equal(list->count, 4);
	assert_string_equal(row_fact(row(0), FACT_DNS), "a.example\x1f"
							"b.example\x1f"
							"a.exampl");
	assert_string_equal(row_fact(row(0), FACT_ALPN), "h2");
}

static void texts_are_printable(void **state)
{
	(void)state;
	add(FACT_HOST, "a\x1f\x1b[31m\\");
	assert_string_equal(row_fact(row(0), FACT_HOST), "a\\x1f\\x1b[31m\\\\");
	add(FACT_DNS, "a\\.b.example\x07"); /* escaped dots stay */
	assert_string_equal(row_fact(row(0), FACT_DNS), "a\\.b.example\\x07");
}

static void ends_have_names(void **state)
{
	(void)state;
	add(FACT_END_NAME + 1, "server.example");
	assert_string_equal(row(0)->texts + row(0)->dst.name, "server.example");
	assert_int_equal(row(0)->src.name, 0);
	assert_string_equal(row(1)->texts + row(1)->src.name, "server.example");
	assert_int_equal(row(1)->dst.name, 0);
}

static void caps(void **state)
{
	char text[400];
	unsigned n = 0;

	(void)state;
	memset(text, 'x', sizeof(text));
	facts_add(&list, &budget, FACT_SNI, text, sizeof(text));
	assert_int_equal(strlen(row_fact(row(0), FACT_SNI)), FACT_TEXT_MAX);
	while (snprintf(text, sizeof(text), "%u", n), add(FACT_DNS, text))
		n++;
	assert_int_equal(n, FACTS_MAX - 1);
	assert_int_equal(budget.refused, strlen(text));
}

static void bytes_are_capped_and_a_row_holds_them(void **state)
{
	char text[201];
	size_t sum = 0;
	unsigned n = 0;

	(void)state;
	while (snprintf(text, sizeof(text), "%0200u", n), add(FACT_DNS, text)) {
		n++;
		sum += 201;
	}
	assert_int_equal(n, FACTS_BYTES_MAX / 202);
	assert_int_equal(strlen(row_fact(row(0), FACT_DNS)), sum - 1);
}

static void the_budget_is_of_all_flows(void **state)
{
	(void)state;
	budget.max = 40;
	assert_false(add(FACT_SNI, "a.example"));
	assert_null(list);
	assert_int_equal(budget.refused, 9);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, fresh, nothing_is_left)
	const struct CMUnitTest tests[] = {
		CASE(one_value_keeps_the_first),
		CASE(several_values_are_kept_once),
		CASE(texts_are_printable),
		CASE(ends_have_names),
		CASE(caps),
		CASE(bytes_are_capped_and_a_row_holds_them),
		CASE(the_budget_is_of_all_flows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
