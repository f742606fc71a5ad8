/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake.h"

/* The answer to what the app asks: two processes. */
static void answer_processes(struct app *a)
{
	struct snapshot *s = fake_snapshot(0, 0, 2);
	struct query q;

	assert_true(app_query(a, &q));
	assert_int_equal(q.of, QUERY_PROCESSES);
	s->of = q.of;
	s->ticket = q.ticket;
	s->row_count = 2;
	s->processes = calloc(2, sizeof(*s->processes));
	for (unsigned i = 0; i < 2; i++) {
		struct usage_row *u = &s->processes[i];

		u->id = i + 1;
		process_row_absent(&u->process, UNBOUND_NONE);
		u->process.match = MATCH_EXACT;
		u->process.pid = 700 + i;
		snprintf(u->process.name, sizeof(u->process.name), i ? "curl" : "nginx");
		u->written_bytes = 4096;
		u->sockets = u->sockets_ever = 2;
		u->flows = i;
	}
	app_take(a, s);
}

static void a_process_opens_to_its_flows(void **state)
{
	struct app a;
	struct query q;

	(void)state;
	fake_app(&a, 120, 24);
	fake_answer(&a, 5);
	fake_key(&a, '2');
	answer_processes(&a);
	assert_true(shows(&a, "nginx"));
	assert_true(shows(&a, "curl"));
	fake_key(&a, INPUT_DOWN);
	fake_key(&a, INPUT_ENTER);
	assert_ptr_equal(a.view, &view_flows);
	assert_true(app_query(&a, &q));
	assert_int_equal(q.of, QUERY_FLOWS);
	assert_int_equal(q.pid, 701);
	assert_true(shows(&a, "its flows; 3 shows its sockets, 2 open"));
	fake_answer(&a, 3);
	assert_true(shows(&a, "of curl 701"));
	fake_key(&a, '3'); /* its sockets as well */
	assert_true(app_query(&a, &q));
	assert_int_equal(q.of, QUERY_SOCKETS);
	assert_int_equal(q.pid, 701);
	fake_key(&a, INPUT_ESCAPE);
	assert_ptr_equal(a.view, &view_processes);
	assert_true(app_query(&a, &q));
	assert_int_equal(q.pid, 0);
	app_done(&a);
}

static void one_without_flows_opens_to_its_sockets(void **state)
{
	struct app a;
	struct query q;

	(void)state;
	fake_app(&a, 120, 24);
	fake_key(&a, '2');
	answer_processes(&a);
	fake_key(&a, INPUT_ENTER);
	assert_ptr_equal(a.view, &view_sockets);
	assert_true(app_query(&a, &q));
	assert_int_equal(q.pid, 700);
	assert_true(shows(&a, "no flow of it has been seen"));
	fake_key(&a, INPUT_ESCAPE);
	assert_ptr_equal(a.view, &view_processes);
	app_done(&a);
}

/* Rows of another list would be read as what they are not. */
static void late_answers_are_dropped(void **state)
{
	struct snapshot *late;
	struct app a;
	struct query q;

	(void)state;
	fake_app(&a, 120, 24);
	assert_true(app_query(&a, &q));
	late = fake_snapshot(0, 5, 5);
	late->ticket = q.ticket;
	fake_key(&a, '2');
	app_take(&a, late);
	assert_false(app_answered(&a));
	assert_true(hides(&a, "proc1"));
	answer_processes(&a);
	assert_true(shows(&a, "nginx"));
	app_done(&a);
}

/* Each list keeps its cursor, order and filter. */
static void lists_are_found_as_they_were_left(void **state)
{
	struct app a;

	(void)state;
	fake_app(&a, 120, 24);
	fake_answer(&a, 5);
	fake_keys(&a, "/proc");
	fake_key(&a, INPUT_ENTER);
	fake_answer(&a, 5);
	fake_key(&a, INPUT_DOWN);
	fake_key(&a, '2');
	assert_string_equal(a.list->filter, "");
	fake_key(&a, '1');
	assert_string_equal(a.list->filter, "proc");
	assert_int_equal(a.list->table.cursor_id, 2);
	app_done(&a);
}

/* A line that is no filter yet leaves the last one that was in force. */
static void wrong_filters_change_nothing(void **state)
{
	struct app a;

	(void)state;
	fake_app(&a, 120, 24);
	fake_answer(&a, 5);
	fake_keys(&a, "/port = 443");
	assert_string_equal(a.list->filter, "port = 443");
	fake_keys(&a, " and nosuch > 1");
	assert_string_equal(a.list->filter, "port = 443 and nosuch "); /* a bare word, till the sign */
	assert_true(shows(&a, "nosuch"));
	assert_true(*a.wrong);
	fake_key(&a, INPUT_ENTER);
	assert_true(*a.message);
	fake_key(&a, 'c');
	assert_string_equal(a.list->filter, "");
	app_done(&a);
}

static void colon_goes_to_views_and_actions(void **state)
{
	struct app a;

	(void)state;
	fake_app(&a, 120, 24);
	fake_keys(&a, ":sock");
	assert_true(shows(&a, "sockets: every socket"));
	fake_key(&a, INPUT_ENTER);
	assert_ptr_equal(a.view, &view_sockets);
	fake_keys(&a, ":pause");
	fake_key(&a, INPUT_ENTER);
	assert_true(a.paused);
	fake_keys(&a, ":zzz");
	assert_true(shows(&a, "neither a view nor an action"));
	fake_key(&a, INPUT_ESCAPE);
	assert_ptr_equal(a.view, &view_sockets);
	app_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_opens_to_its_flows),
		cmocka_unit_test(one_without_flows_opens_to_its_sockets),
		cmocka_unit_test(late_answers_are_dropped),
		cmocka_unit_test(lists_are_found_as_they_were_left),
		cmocka_unit_test(wrong_filters_change_nothing),
		cmocka_unit_test(colon_goes_to_views_and_actions),
	};

	return cmocka_run_group_tests(tests, fake_locale, NULL);
}
