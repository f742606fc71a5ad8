/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/syscall.h>

#include "bpf/calls.h"
#include "bpf/probe.h"
#include "bpf/shared.h"

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(sock_call_name(CALL_SENDTO), "sendto");
	assert_string_equal(sock_call_name(CALL_ACCEPT4), "accept4");
	assert_string_equal(sock_call_name(CALL_CLOSE), "close");
	assert_string_equal(sock_call_name(CALL_COUNT), "unknown");
	assert_string_equal(sock_call_name((enum sock_call)4711), "unknown");
}

static void test_every_call_has_its_own_name(void **state)
{
	(void)state;
	for (int a = 0; a < CALL_COUNT; a++) {
		assert_non_null(sock_call_name((enum sock_call)a));
		for (int b = 0; b < a; b++)
			assert_string_not_equal(sock_call_name((enum sock_call)a),
						sock_call_name((enum sock_call)b));
	}
}

static void test_numbers(void **state)
{
	uint8_t call_of_nr[CALL_NR_MAX] = {0};
	int known = 0;

	(void)state;
	calls_by_number(call_of_nr, CALL_NR_MAX);
	assert_int_equal(call_of_nr[SYS_sendto], CALL_SENDTO);
	assert_int_equal(call_of_nr[SYS_read], CALL_READ);
	assert_int_equal(call_of_nr[SYS_recvmmsg], CALL_RECVMMSG);
	assert_int_equal(call_of_nr[SYS_getpid], CALL_NONE);
	assert_int_equal(call_of_nr[SYS_prctl], CALL_COUNT); /* may give the thread another name */
	for (int nr = 0; nr < CALL_NR_MAX; nr++)
		known += call_of_nr[nr] != CALL_NONE && call_of_nr[nr] != CALL_COUNT;
	assert_int_equal(known, CALL_COUNT - 3); /* all but "none" and what no call does */
}

static void test_numbers_stay_in_the_array(void **state)
{
	uint8_t call_of_nr[2] = {CALL_NONE, 0xaa};

	(void)state;
	calls_by_number(call_of_nr, 1);
	assert_int_equal(call_of_nr[1], 0xaa);
}

static void test_plans(void **state)
{
	(void)state;
	assert_string_equal(probe_plan_name(PROBE_PLAN_N), "N");
	assert_string_equal(probe_plan_name(PROBE_PLAN_S), "S");
	assert_string_equal(probe_plan_name(PROBE_OFF), "off");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_every_call_has_its_own_name),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_numbers_stay_in_the_array),
		cmocka_unit_test(test_plans),
	};

	return cmocka_run_group_tests_name("bpf/calls", tests, NULL, NULL);
}
