/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "bpf/probe.h"

static void test_self(void **state)
{
	struct proc_info info;
	char exe[256] = "";

	(void)state;
	assert_true(readlink("/proc/self/exe", exe, sizeof(exe) - 1) > 0);
	assert_int_equal(proc_read(&info, (uint32_t)getpid()), 0);
	assert_string_equal(info.exe, exe);
	assert_non_null(strstr(info.cmdline, "test_proc"));
	assert_int_equal(info.ppid, getppid());
	assert_true(info.start_ns > 0);
	assert_true(info.start_ns <= clock_now_mono_ns());
}

/* A process may call itself anything, even what looks like the fields that follow. */
static void test_hostile_name(void **state)
{
	struct proc_info info;
	int64_t before = clock_now_mono_ns();
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		prctl(PR_SET_NAME, "a) S 1 2 (b");
		for (;;)
			pause();
	}
	usleep(50000);
	assert_int_equal(proc_read(&info, (uint32_t)pid), 0);
	assert_int_equal(info.ppid, getpid());
	/* Start times are in ticks of 10 ms. */
	assert_true(info.start_ns > before - 20000000);
	assert_true(info.start_ns < before + 1000000000);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void test_arguments(void **state)
{
	struct proc_info info;
	char *const arguments[] = {(char *)(uintptr_t) "sleep", (char *)(uintptr_t) "97", NULL};
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		execv("/bin/sleep", arguments);
		_exit(127);
	}
	for (int i = 0; i < 100; i++) {
		usleep(10000);
		assert_int_equal(proc_read(&info, (uint32_t)pid), 0);
		if (!strncmp(info.cmdline, "sleep", 5))
			break;
	}
	assert_string_equal(info.cmdline, "sleep 97");
	assert_non_null(strstr(info.exe, "/sleep"));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void test_gone(void **state)
{
	struct proc_info info = {.ppid = 42};
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
	assert_int_equal(proc_read(&info, (uint32_t)pid), -ESRCH);
	assert_int_equal(info.ppid, 42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_self),
		cmocka_unit_test(test_hostile_name),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_gone),
	};

	return cmocka_run_group_tests_name("bpf/proc", tests, NULL, NULL);
}
