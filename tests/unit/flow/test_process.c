/* SPDX-License-Identifier: MIT
 *
 * What is believed of /proc, with a reader whose answers come when the test says so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "flow/join/process.h"

#define MS 1000000ll
#define S  (1000 * MS)
#define T0 (1000 * S)

/* --- a /proc of our own --- */

struct proc_reader {
	struct proc_info proc[8]; /* what lives, by pid */
	uint32_t asked[64];
	unsigned count, answered;
};

int proc_reader_ask(struct proc_reader *r, uint32_t pid, uint32_t tid)
{
	(void)tid;
	if (r->count - r->answered == 64)
		return -EAGAIN;
	r->asked[r->count++ % 64] = pid;
	return 0;
}

int proc_reader_take(struct proc_reader *r, int wait_ms, int *code, struct proc_info *out)
{
	uint32_t pid;

	(void)wait_ms;
	if (r->answered == r->count)
		return 0;
	pid = r->asked[r->answered++ % 64];
	*code = pid < 8 && r->proc[pid].start_ns ? 0 : -ESRCH;
	if (!*code)
		*out = r->proc[pid];
	return 1;
}

int proc_read(struct proc_info *out, uint32_t pid, uint32_t tid)
{
	(void)out, (void)pid, (void)tid;
	return -ESRCH;
}

struct world {
	struct proc_reader r;
	struct clock_map clock;
	struct process_table *t;
};

static void begin(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->t = process_table_new(16, &w->r, &w->clock);
	assert_non_null(w->t);
}

static void finish(struct world *w)
{
	process_table_free(w->t);
}

static void live(struct world *w, uint32_t pid, const char *comm, const char *exe, uint32_t ppid,
		 int64_t start_ns)
{
	struct proc_info *p = &w->r.proc[pid];

	*p = (struct proc_info){.ppid = ppid, .start_ns = start_ns};
	snprintf(p->comm, sizeof(p->comm), "%s", comm);
	snprintf(p->exe, sizeof(p->exe), "%s", exe);
	snprintf(p->cmdline, sizeof(p->cmdline), "%s -x", comm);
}

static void act(struct world *w, uint32_t pid, const char *comm, int64_t time_ns)
{
	struct sock_event ev = {.pid = pid, .tid = pid, .time_ns = (uint64_t)time_ns};

	strncpy(ev.comm, comm, sizeof(ev.comm));
	process_table_note(w->t, &ev);
}

static const char *exe(struct world *w, uint32_t pid, int64_t at_ns)
{
	const struct process *p = process_table_find(w->t, pid, at_ns);

	return p ? p->exe : "none";
}

/* --- */

static void test_answers_come_later(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	live(&w, 2, "curl", "/bin/curl", 1, T0 - S);
	act(&w, 2, "curl", T0);
	assert_string_equal(exe(&w, 2, T0), "");
	process_table_advance(w.t, 0);
	assert_string_equal(exe(&w, 2, T0), "/bin/curl");
	assert_string_equal(process_table_find(w.t, 2, T0)->cmdline, "curl -x");
	finish(&w);
}

static void test_asked_once_a_moment(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	live(&w, 2, "curl", "/bin/curl", 0, T0 - S);
	for (int i = 0; i < 100; i++)
		act(&w, 2, "curl", T0 + i * MS);
	assert_int_equal(w.r.count, 1);
	act(&w, 2, "curl", T0 + S);
	assert_int_equal(w.r.count, 2);
	finish(&w);
}

/* The pid was given to another before it could be read. */
static void test_younger_than_the_event(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	live(&w, 2, "curl", "/bin/other", 1, T0 + 20 * MS);
	act(&w, 2, "curl", T0);
	process_table_advance(w.t, 0);
	assert_string_equal(exe(&w, 2, T0), "");
	assert_int_equal(process_table_find(w.t, 2, T0)->ppid, 0);
	finish(&w);
}

/* It has run another program since: its parent is the same, its program is not. */
static void test_another_program_since(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	live(&w, 2, "sleep", "/bin/sleep", 1, T0 - S);
	act(&w, 2, "bash", T0);
	process_table_advance(w.t, 0);
	assert_string_equal(exe(&w, 2, T0), "");
	assert_int_equal(process_table_find(w.t, 2, T0)->ppid, 1);
	finish(&w);
}

static void test_a_reused_pid_is_found_out(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	live(&w, 2, "curl", "/bin/curl", 0, T0 - S);
	act(&w, 2, "curl", T0);
	process_table_advance(w.t, 0);
	live(&w, 2, "curl", "/opt/curl", 0, T0 + 3 * S);
	act(&w, 2, "curl", T0 + 4 * S);
	process_table_advance(w.t, 0);
	assert_string_equal(exe(&w, 2, T0), "/bin/curl");
	assert_string_equal(exe(&w, 2, T0 + 4 * S), "/opt/curl");
	assert_int_not_equal(process_id(process_table_find(w.t, 2, T0)),
			     process_id(process_table_find(w.t, 2, T0 + 4 * S)));
	finish(&w);
}

/* Gone a moment after it acted: still that one. Gone for long: who knows. */
static void test_gone(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	live(&w, 2, "curl", "/bin/curl", 0, T0 - S);
	act(&w, 2, "curl", T0);
	process_table_advance(w.t, 0);
	w.r.proc[2].start_ns = 0;
	act(&w, 2, "curl", T0 + S);
	process_table_advance(w.t, 0);
	assert_string_equal(exe(&w, 2, T0 + S), "/bin/curl");
	act(&w, 2, "curl", T0 + 30 * S);
	process_table_advance(w.t, 0);
	assert_string_equal(exe(&w, 2, T0 + 30 * S), "");
	assert_string_equal(exe(&w, 2, T0), "/bin/curl");
	finish(&w);
}

static void test_parents(void **state)
{
	char text[64];
	struct world w;

	(void)state;
	begin(&w);
	live(&w, 1, "init", "/sbin/init", 0, S);
	live(&w, 3, "ba\033sh", "/bin/bash", 1, T0 - 2 * S);
	live(&w, 2, "curl", "/bin/curl", 3, T0 - S);
	act(&w, 2, "curl", T0);
	process_table_advance(w.t, 0);
	process_table_parents(w.t, process_table_find(w.t, 2, T0), text, sizeof(text));
	assert_string_equal(text, "ba\\x1bsh[3] init[1]");
	process_table_parents(w.t, process_table_find(w.t, 2, T0), text, 18);
	assert_string_equal(text, "ba\\x1bsh[3]"); /* whole ones only */
	finish(&w);
}

/* Threads may have names of their own, and use sockets in turn. */
static void test_two_names_are_one_process(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	live(&w, 2, "main", "/bin/server", 0, T0 - S);
	for (int i = 0; i < 100; i++)
		act(&w, 2, i % 2 ? "worker" : "main", T0 + i * MS);
	assert_int_equal(w.r.count, 2);
	finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers_come_later),
		cmocka_unit_test(test_asked_once_a_moment),
		cmocka_unit_test(test_younger_than_the_event),
		cmocka_unit_test(test_another_program_since),
		cmocka_unit_test(test_a_reused_pid_is_found_out),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_parents),
		cmocka_unit_test(test_two_names_are_one_process),
	};

	return cmocka_run_group_tests_name("flow/process", tests, NULL, NULL);
}
