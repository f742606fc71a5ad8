/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cap-ng.h>

#include "bpf/probe.h"

enum { CHECKS_MAX = 32 };

static const struct probe_check *find(const struct probe_check *checks, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(checks[i].name, name))
			return &checks[i];
	return NULL;
}

static void test_every_row_says_something(void **state)
{
	struct probe_check checks[CHECKS_MAX];
	int n = probe_doctor(checks, CHECKS_MAX);

	(void)state;
	assert_in_range(n, 5, CHECKS_MAX);
	for (int i = 0; i < n; i++) {
		assert_true(checks[i].name[0]);
		assert_true(checks[i].detail[0]);
		assert_int_equal(checks[i].ok, checks[i].remedy[0] == '\0');
	}
}

static void test_stops_at_max(void **state)
{
	struct probe_check checks[3] = {[2] = {.name = "untouched"}};

	(void)state;
	assert_int_equal(probe_doctor(checks, 2), 2);
	assert_string_equal(checks[2].name, "untouched");
	assert_int_equal(probe_doctor(checks, 0), 0);
}

static void test_names_this_kernel(void **state)
{
	struct probe_check checks[CHECKS_MAX];
	int n = probe_doctor(checks, CHECKS_MAX);
	const struct probe_check *kernel = find(checks, n, "kernel");
	struct utsname u;

	(void)state;
	assert_non_null(kernel);
	assert_int_equal(uname(&u), 0);
	assert_non_null(strstr(kernel->detail, u.release));
}

/* In a child that gave all capabilities away, each of them must be reported with its remedy. */
static int look_without_capabilities(void)
{
	struct probe_check checks[CHECKS_MAX];
	const struct probe_check *c;
	int n;

	capng_clear(CAPNG_SELECT_CAPS);
	if (capng_apply(CAPNG_SELECT_CAPS))
		return 1;
	n = probe_doctor(checks, CHECKS_MAX);
	c = find(checks, n, "CAP_BPF");
	if (!c || c->ok || !strstr(c->remedy, "CAP_BPF"))
		return 2;
	c = find(checks, n, "CAP_NET_ADMIN");
	return !c || c->ok || !c->remedy[0] ? 3 : 0;
}

static void test_without_capabilities(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(look_without_capabilities());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Opening without the capabilities (or, with BPF=0, at all) fails with a sentence, not a crash. */
static int open_without_capabilities(void)
{
	struct probe_options o = {.plan = PROBE_AUTO};
	struct probe *p = NULL;
	struct err e = {""};
	int code;

	capng_clear(CAPNG_SELECT_CAPS);
	if (capng_apply(CAPNG_SELECT_CAPS))
		return 1;
	code = probe_open(&p, &o, &e);
	return code < 0 && !p && e.text[0] ? 0 : 2;
}

static void test_open_refused(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(open_without_capabilities());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void test_free_null(void **state)
{
	(void)state;
	probe_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_row_says_something),
		cmocka_unit_test(test_stops_at_max),
		cmocka_unit_test(test_names_this_kernel),
		cmocka_unit_test(test_without_capabilities),
		cmocka_unit_test(test_open_refused),
		cmocka_unit_test(test_free_null),
	};

	return cmocka_run_group_tests_name("bpf/doctor", tests, NULL, NULL);
}
