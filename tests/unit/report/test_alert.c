/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "report/alert.h"

#define S INT64_C(1000000000)

static unsigned fired[2];

static void on_alert(void *ctx, unsigned rule, const struct flow_row *row)
{
	(void)ctx, (void)row;
	fired[rule]++;
}

static struct flow_row row_of(uint64_t id, const char *state, int64_t rtt_ms, int64_t at_ns)
{
	struct flow_row row = {.id = id, .proto = 6, .end_ns = at_ns};

	row.rtt_ns.avg = rtt_ms * 1000000;
	strcpy(row.state, state);
	return row;
}

static struct alerts *begin(const char *first, const char *second)
{
	struct alerts *a = alerts_new(on_alert, NULL);
	struct err e;

	fired[0] = fired[1] = 0;
	assert_int_equal(alerts_add(a, first, &e), 0);
	if (second)
		assert_int_equal(alerts_add(a, second, &e), 0);
	return a;
}

static void tell(struct alerts *a, uint64_t id, const char *state, int64_t rtt_ms, int64_t at_ns)
{
	struct flow_row row = row_of(id, state, rtt_ms, at_ns);

	alerts_row(a, &row);
}

static void once_a_flow_and_state(void **state)
{
	struct alerts *a = begin("rtt > 50ms", "state = REJ");

	(void)state;
	tell(a, 1, "S1", 20, S);
	assert_int_equal(fired[0], 0);
	for (int i = 2; i < 9; i++)
		tell(a, 1, "S1", 60, i * S);
	assert_int_equal(fired[0], 1); /* once above the bound, and not again */
	tell(a, 1, "SF", 60, 9 * S);
	assert_int_equal(fired[0], 2); /* but in its new state */
	tell(a, 2, "REJ", 10, 9 * S);
	tell(a, 3, "REJ", 80, 9 * S);
	assert_int_equal(fired[0], 3);
	assert_int_equal(fired[1], 2);
	alerts_free(a);
}

static void too_many_are_counted(void **state)
{
	struct alerts *a = begin("state = REJ", NULL);

	(void)state;
	for (uint64_t id = 0; id < 100; id++)
		tell(a, id, "REJ", 0, S);
	assert_int_equal(fired[0], ALERT_BURST);
	assert_int_equal(alerts_counts(a, 0).suppressed, 100 - ALERT_BURST);
	tell(a, 200, "REJ", 0, 2 * S); /* a second later some more, and then none */
	tell(a, 201, "REJ", 0, 2 * S);
	tell(a, 202, "REJ", 0, 2 * S);
	tell(a, 203, "REJ", 0, S / 2);
	assert_int_equal(fired[0], ALERT_BURST + ALERT_A_SECOND);
	assert_int_equal(alerts_counts(a, 0).fired, fired[0]);
	tell(a, 1, "REJ", 0, 90 * S); /* one that was not told does not come later */
	tell(a, 99, "REJ", 0, 90 * S);
	assert_int_equal(fired[0], ALERT_BURST + ALERT_A_SECOND);
	alerts_free(a);
}

/* A flow that goes on is remembered while ten times as many pass by as there is room for. */
static void memory_is_bounded_and_long(void **state)
{
	struct alerts *a = begin("state = REJ", NULL);

	(void)state;
	tell(a, 1, "REJ", 0, S);
	for (uint64_t id = 2; id < 10 * ALERT_REMEMBERED; id++) {
		tell(a, id, "REJ", 0, S);
		if (id % 1000 == 0)
			tell(a, 1, "REJ", 0, S);
	}
	assert_int_equal(alerts_counts(a, 0).fired + alerts_counts(a, 0).suppressed,
			 10 * ALERT_REMEMBERED - 1);
	alerts_free(a);
}

static void a_wrong_rule_is_refused(void **state)
{
	struct alerts *a = alerts_new(on_alert, NULL);
	struct err e;

	(void)state;
	assert_int_equal(alerts_add(a, "rtt >", &e), -EINVAL);
	for (int i = 0; i < ALERT_RULES_MAX; i++)
		assert_int_equal(alerts_add(a, "tcp", &e), 0);
	assert_int_equal(alerts_add(a, "tcp", &e), -EINVAL);
	alerts_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(once_a_flow_and_state),
		cmocka_unit_test(too_many_are_counted),
		cmocka_unit_test(memory_is_bounded_and_long),
		cmocka_unit_test(a_wrong_rule_is_refused),
	};

	return cmocka_run_group_tests_name("alert", tests, NULL, NULL);
}
