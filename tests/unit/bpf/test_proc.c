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
#include "bpf/proc.h"

static void test_self(void **state)
{
	struct proc_info info;
	char exe[256] = "";

	(void)state;
	assert_true(readlink("/proc/self/exe", exe, sizeof(exe) - 1) > 0);
	assert_int_equal(proc_read(&info, (uint32_t)getpid(), (uint32_t)getpid()), 0);
	assert_string_equal(info.exe, exe);
	assert_non_null(strstr(info.cmdline, "test_proc"));
	assert_int_equal(info.ppid, getppid());
	assert_true(info.start_ns > 0);
	assert_true(info.start_ns <= clock_now_mono_ns());
}

/* Ask about a child and end it before anything is asserted: a failed test must leave nobody behind.
 */
static int read_and_end(struct proc_info *info, pid_t pid, const char *wanted)
{
	int code = -1;

	for (int i = 0; i < 100; i++) {
		usleep(10000);
		code = proc_read(info, (uint32_t)pid, (uint32_t)pid);
		if (code || !strncmp(info->cmdline, wanted, strlen(wanted)))
			break;
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return code;
}

/* A process may call itself anything, even what looks like the fields that follow. */
static void test_hostile_name(void **state)
{
	struct proc_info info;
	int64_t before = clock_now_mono_ns();
	int ready[2];
	pid_t pid;
	char c;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_NAME, "a) S 1 2 (b");
		_exit(write(ready[1], "x", 1) == 1 && pause());
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(read_and_end(&info, pid, ""), 0);
	assert_int_equal(info.ppid, getpid());
	/* Start times are in ticks of 10 ms. */
	assert_true(info.start_ns > before - 20000000);
	assert_true(info.start_ns < before + 1000000000);
	close(ready[0]);
	close(ready[1]);
}

static void test_arguments(void **state)
{
	struct proc_info info;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		execl("/bin/sleep", "sleep", "97", NULL);
		_exit(127);
	}
	assert_int_equal(read_and_end(&info, pid, "sleep"), 0);
	assert_string_equal(info.cmdline, "sleep 97");
	assert_non_null(strstr(info.exe, "/sleep"));
}

static void test_gone(void **state)
{
	struct proc_info info = {.ppid = 42};
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
	assert_int_equal(proc_read(&info, (uint32_t)pid, (uint32_t)pid), -ESRCH);
	assert_int_equal(info.ppid, 42);
}

/* Answers come in the order of questions; the child is gone when it is freed. */
static void test_reader(void **state)
{
	struct proc_reader *r;
	struct proc_info info = {.ppid = 42};
	pid_t gone = fork();
	int code = 1;

	(void)state;
	if (gone == 0)
		_exit(0);
	waitpid(gone, NULL, 0);
	assert_int_equal(proc_reader_start(&r), 0);
	assert_int_equal(proc_reader_ask(r, (uint32_t)getpid(), (uint32_t)getpid()), 0);
	assert_int_equal(proc_reader_ask(r, (uint32_t)gone, (uint32_t)gone), 0);
	assert_int_equal(proc_reader_take(r, 5000, &code, &info), 1);
	assert_int_equal(code, 0);
	assert_non_null(strstr(info.cmdline, "test_proc"));
	assert_int_equal(info.ppid, getppid());
	assert_int_equal(proc_reader_take(r, 5000, &code, &info), 1);
	assert_int_equal(code, -ESRCH);
	assert_int_equal(proc_reader_take(r, 0, &code, &info), 0);
	proc_reader_free(r);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void test_thread_name_and_cgroup(void **state)
{
	struct proc_info info;
	char text[4096] = "", *line;
	FILE *f = fopen("/proc/self/cgroup", "r");

	(void)state;
	assert_non_null(f);
	assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	prctl(PR_SET_NAME, "another name");
	assert_int_equal(proc_read(&info, (uint32_t)getpid(), (uint32_t)getpid()), 0);
	assert_string_equal(info.comm, "another name");
	line = strstr(text, "0::");
	if (!line)
		skip();
	assert_memory_equal(info.cgroup, line + 3, strcspn(line + 3, "\n"));
	assert_int_equal(strlen(info.cgroup), strcspn(line + 3, "\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_self),	  cmocka_unit_test(test_hostile_name),
		cmocka_unit_test(test_arguments), cmocka_unit_test(test_gone),
		cmocka_unit_test(test_reader),	  cmocka_unit_test(test_thread_name_and_cgroup),
	};

	return cmocka_run_group_tests_name("bpf/proc", tests, NULL, NULL);
}
