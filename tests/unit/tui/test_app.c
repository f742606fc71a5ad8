/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake.h"

static void first_screen_needs_no_data(void **state)
{
	struct app a;

	(void)state;
	fake_app(&a, 80, 24);
	assert_true(shows(&a, "waiting for the first packets on eth0 …"));
	assert_true(shows(&a, "? help  q quit"));
	assert_true(hides(&a, "no loss")); /* nobody has looked yet */
	fake_key(&a, '7');
	assert_true(shows(&a, "nothing has been measured yet"));
	app_done(&a);
}

static void list_at_80x24(void **state)
{
	struct app a;

	(void)state;
	fake_app(&a, 80, 24);
	fake_answer(&a, 100);
	assert_true(shows(&a, " PROCESS       SRC"));
	assert_true(shows(&a, " proc1     101 192.0.2.1       40001 192.0.2.250       443 open"));
	assert_true(shows(&a, "proc18"));
	assert_true(hides(&a, "proc19"));
	assert_true(shows(&a, "1–18 of 100"));
	assert_true(shows(&a, "/ filter  s sort"));
	app_done(&a);
}

static void list_at_200x60(void **state)
{
	struct app a;

	(void)state;
	fake_app(&a, 200, 60);
	fake_answer(&a, 3);
	assert_true(shows(&a, "PEER"));
	assert_true(shows(&a, "remote"));
	assert_true(shows(&a, "3.4ms"));
	assert_true(shows(&a, "host2.example"));
	assert_int_equal(style_of(&a, "remote"), STYLE_SELECTED); /* the first row */
	fake_key(&a, INPUT_DOWN);
	assert_int_equal(style_of(&a, "remote"), STYLE_DIM);
	app_done(&a);
}

static void list_at_20x5(void **state)
{
	struct app a;

	(void)state;
	fake_app(&a, 20, 5);
	fake_answer(&a, 10);
	assert_true(shows(&a, "no loss  eth0"));
	assert_true(shows(&a, "proc1"));
	assert_true(shows(&a, "proc2"));
	assert_true(shows(&a, "? help  q quit"));
	for (const char *key = "2?/ab"; *key; key++) {
		fake_key(&a, (uint32_t)*key);
		app_draw(&a);
	}
	app_done(&a);
}

/* Any size, any view, with and without data: nothing is drawn outside (asan tells). */
static void every_size_is_survived(void **state)
{
	(void)state;
	for (int width = 0; width < 130; width += width < 30 ? 1 : 17) {
		for (int height = 0; height < 30; height += height < 10 ? 1 : 7) {
			struct input in = {.kind = INPUT_RESIZE, .width = width, .height = height};
			struct app a;

			fake_app(&a, 80, 24);
			app_input(&a, &in);
			app_draw(&a);
			fake_answer(&a, 50);
			for (const char *key = "1j\r\0332?q"; *key; key++) {
				fake_key(&a, (uint32_t)*key);
				app_draw(&a);
			}
			if (width < 20 && width >= 9 && height)
				assert_true(shows(&a, "too small"));
			app_done(&a);
		}
	}
}

static void resizing_shows_more(void **state)
{
	const struct input big = {.kind = INPUT_RESIZE, .width = 120, .height = 40};
	const struct input small = {.kind = INPUT_RESIZE, .width = 20, .height = 5};
	struct app a;

	(void)state;
	fake_app(&a, 80, 24);
	fake_answer(&a, 100);
	app_input(&a, &small);
	assert_true(shows(&a, "proc1"));
	app_input(&a, &big);
	app_draw(&a);
	fake_answer(&a, 100);
	assert_true(shows(&a, "proc34"));
	app_done(&a);
}

static void cursor_and_detail(void **state)
{
	struct app a;
	struct query q;
	struct snapshot *s;

	(void)state;
	fake_app(&a, 120, 40);
	fake_answer(&a, 10);
	fake_keys(&a, "jj");
	assert_true(app_query(&a, &q));
	assert_int_equal(q.follow_id, 3);
	fake_key(&a, INPUT_ENTER);
	assert_ptr_equal(a.view, &view_detail);
	assert_true(shows(&a, "tcp  proc3 103 192.0.2.3:40003 → 192.0.2.250:443"));
	assert_true(shows(&a, "established, not ended"));
	assert_true(shows(&a, "host3.example"));
	assert_int_equal(style_of(&a, "originator"), STYLE_UP);
	/* Sorting has moved it out of the window: it is still there. */
	s = fake_snapshot(5, 5, 500);
	s->follow_index = 300;
	app_take(&a, s);
	assert_true(hides(&a, "has left"));
	/* The flow leaves the table: its last values stay, and it is said. */
	assert_true(app_query(&a, &q));
	assert_int_equal(q.open_id, 3);
	s = fake_snapshot(0, 10, 10);
	s->open_id = 3;
	app_take(&a, s);
	assert_true(shows(&a, "this flow has left the table"));
	assert_true(shows(&a, "proc3"));
	fake_key(&a, INPUT_ESCAPE);
	assert_ptr_equal(a.view, &view_flows);
	app_done(&a);
}

static void help_shows_the_tables(void **state)
{
	struct app a;

	(void)state;
	fake_app(&a, 120, 100);
	fake_key(&a, '7');
	fake_key(&a, '?');
	assert_true(shows(&a, "PgUp Ctrl-B"));
	assert_true(shows(&a, "what was lost and what cannot be seen"));
	assert_true(shows(&a, "process at the originator, and its pid"));
	fake_key(&a, INPUT_ESCAPE); /* back to where it was asked */
	assert_ptr_equal(a.view, &view_health);
	app_done(&a);
}

static void long_pages_scroll(void **state)
{
	struct app a;

	(void)state;
	fake_app(&a, 80, 24);
	fake_key(&a, '?');
	assert_true(hides(&a, "time of the first packet"));
	fake_key(&a, INPUT_END);
	assert_true(shows(&a, "time of the first packet"));
	fake_key(&a, INPUT_HOME);
	assert_true(shows(&a, "what is under the cursor"));
	app_done(&a);
}

static void health_names_every_stage(void **state)
{
	struct snapshot *s = fake_snapshot(0, 0, 0);
	struct app a;

	(void)state;
	s->summary.loss.count[LOSS_PENDING] = 42;
	s->summary.other[PACKET_ARP] = 17;
	s->summary.anomalies[ANOMALY_TCP_FLAGS] = 5;
	fake_app(&a, 120, 60);
	app_take(&a, s);
	fake_key(&a, '7');
	for (int i = 0; i < LOSS_STAGES; i++)
		assert_true(shows(&a, loss_name(i)));
	assert_int_equal(style_of(&a, "42  frames or events"), STYLE_BAD);
	assert_true(shows(&a, "arp                  17"));
	assert_true(shows(&a, "tcp_flags             5"));
	assert_true(shows(&a, "unknown")); /* sockets, without a probe */
	app_done(&a);
}

static void filter_as_typed_and_undone(void **state)
{
	struct app a;
	struct query q;

	(void)state;
	fake_app(&a, 80, 24);
	fake_answer(&a, 10);
	fake_keys(&a, "/cur");
	assert_true(app_query(&a, &q));
	assert_string_equal(q.filter, "(cur)");
	assert_true(shows(&a, "filter: cur"));
	fake_key(&a, 'q'); /* typed, not obeyed */
	assert_false(a.quit);
	fake_key(&a, INPUT_BACKSPACE);
	fake_key(&a, INPUT_ENTER);
	assert_string_equal(a.list->filter, "cur");
	assert_true(shows(&a, "filter: cur")); /* now above the tabs */
	fake_keys(&a, "/l");
	assert_string_equal(a.list->filter, "curl");
	fake_key(&a, INPUT_ESCAPE);
	assert_string_equal(a.list->filter, "cur");
	fake_key(&a, 'c');
	assert_string_equal(a.list->filter, "");
	fake_keys(&a, "/x\r");
	fake_key(&a, INPUT_ESCAPE); /* in the list Escape drops the filter */
	assert_string_equal(a.list->filter, "");
	app_done(&a);
}

static void nothing_found_is_said(void **state)
{
	struct snapshot *s = fake_snapshot(0, 0, 0);
	struct app a;

	(void)state;
	fake_app(&a, 80, 24);
	fake_keys(&a, "/zzz\r");
	s->total = 10;
	app_take(&a, s);
	assert_true(shows(&a, "no flow has \"zzz\""));
	app_done(&a);
}

static void sorting_is_asked_for(void **state)
{
	struct app a;
	struct query q;

	(void)state;
	fake_app(&a, 80, 24);
	fake_answer(&a, 10);
	assert_true(app_query(&a, &q));
	assert_string_equal(q.sort, "");
	fake_key(&a, 's');
	assert_true(app_query(&a, &q));
	assert_string_equal(q.sort, "src.process.name");
	assert_false(q.descending);
	fake_key(&a, 'r');
	assert_true(app_query(&a, &q));
	assert_true(q.descending);
	assert_true(shows(&a, "PROCESS▼"));
	app_done(&a);
}

static void pause_holds_the_screen(void **state)
{
	struct app a;
	struct query q;

	(void)state;
	fake_app(&a, 80, 24);
	fake_answer(&a, 500);
	fake_key(&a, 'p');
	assert_true(shows(&a, "PAUSED"));
	/* One more question, for rows to scroll through; then none. */
	assert_true(app_query(&a, &q));
	assert_true(q.limit >= 500);
	app_take(&a, fake_snapshot(0, 57, 500)); /* the answer to an earlier question */
	assert_true(app_query(&a, &q));
	fake_answer(&a, 500);
	assert_false(app_query(&a, &q));
	app_take(&a, fake_snapshot(0, 0, 0)); /* too late */
	fake_key(&a, INPUT_END);
	assert_true(shows(&a, "proc500"));
	fake_key(&a, 'p');
	assert_true(hides(&a, "PAUSED"));
	assert_true(app_query(&a, &q));
	app_done(&a);
}

static void closed_flows_are_dim(void **state)
{
	struct snapshot *s = fake_snapshot(0, 3, 3);
	struct app a;

	(void)state;
	s->rows[1].closed = true;
	snprintf(s->rows[1].state, sizeof(s->rows[1].state), "REJ");
	fake_app(&a, 80, 24);
	app_take(&a, s);
	assert_int_equal(style_of(&a, "proc2"), STYLE_DIM);
	assert_int_equal(style_of(&a, "proc3"), STYLE_STRONG);
	assert_int_equal(style_of(&a, "refused"), STYLE_BAD); /* what went wrong stays in sight */
	app_done(&a);
}

/* Without room for both columns, the process of this machine is shown whichever end it is at. */
static void narrow_screens_keep_the_local_process(void **state)
{
	struct snapshot *s = fake_snapshot(0, 2, 2);
	struct app a;

	(void)state;
	s->rows[1].dst.process = s->rows[1].src.process;
	s->rows[1].src.process.match = MATCH_NONE;
	s->rows[1].src.process.reason = UNBOUND_NO_PROBE;
	snprintf(s->rows[1].dst.process.name, ROW_NAME_MAX, "nginx");
	fake_app(&a, 80, 24);
	app_take(&a, s);
	assert_true(shows(&a, "→nginx    102"));
	a.canvas.utf8 = false;
	assert_true(shows(&a, ">nginx    102"));
	app_done(&a);
	fake_app(&a, 200, 24);
	s = fake_snapshot(0, 1, 1);
	s->rows[0].src.process.match = MATCH_NONE;
	s->rows[0].src.process.reason = UNBOUND_NO_PROBE;
	app_take(&a, s);
	assert_true(shows(&a, "no probe"));
	app_done(&a);
}

/* Datagrams have no connection to be open or done. */
static void states_are_words(void **state)
{
	struct snapshot *s = fake_snapshot(0, 3, 3);
	struct app a;

	(void)state;
	snprintf(s->rows[0].state, sizeof(s->rows[0].state), "SF");
	s->rows[1] = s->rows[0];
	s->rows[1].proto = PROTO_UDP;
	snprintf(s->rows[2].state, sizeof(s->rows[2].state), "REJ");
	fake_app(&a, 80, 24);
	app_take(&a, s);
	assert_true(shows(&a, "443 done"));
	assert_true(shows(&a, "443 two-way"));
	assert_true(shows(&a, "443 refused"));
	assert_int_equal(style_of(&a, "refused"), STYLE_BAD);
	app_done(&a);
}

static void units_can_be_exact(void **state)
{
	struct app a;

	(void)state;
	fake_app(&a, 200, 24);
	fake_answer(&a, 2);
	assert_true(shows(&a, "98K")); /* 100002 / 1024 = 97.66 */
	fake_key(&a, 'u');
	assert_true(shows(&a, "100002"));
	app_done(&a);
}

static void keys_that_leave(void **state)
{
	static const uint32_t leave[] = {'q', INPUT_CTRL('C')};
	struct app a;

	(void)state;
	for (size_t i = 0; i < sizeof(leave) / sizeof(leave[0]); i++) {
		fake_app(&a, 80, 24);
		fake_key(&a, leave[i]);
		assert_true(a.quit);
		app_done(&a);
	}
	fake_app(&a, 80, 24);
	fake_key(&a, '/');
	fake_key(&a, INPUT_CTRL('C')); /* also while typing */
	assert_true(a.quit);
	fake_key(&a, INPUT_CTRL('Z'));
	assert_true(a.suspend);
	app_done(&a);
}

static void clicks(void **state)
{
	const struct input row = {.kind = INPUT_CLICK, .y = 6, .x = 5};
	const struct input title = {.kind = INPUT_CLICK, .y = 3, .x = 5};
	struct app a;

	(void)state;
	fake_app(&a, 80, 24);
	fake_answer(&a, 10);
	app_draw(&a);
	app_input(&a, &row); /* titles are line 3, so this is the third row */
	assert_int_equal(a.list->table.cursor_id, 3);
	app_input(&a, &row);
	assert_ptr_equal(a.view, &view_detail);
	fake_key(&a, INPUT_ESCAPE);
	app_input(&a, &title);
	assert_int_equal(a.list->table.sort, 0);
	app_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_screen_needs_no_data),
		cmocka_unit_test(list_at_80x24),
		cmocka_unit_test(list_at_200x60),
		cmocka_unit_test(list_at_20x5),
		cmocka_unit_test(every_size_is_survived),
		cmocka_unit_test(resizing_shows_more),
		cmocka_unit_test(cursor_and_detail),
		cmocka_unit_test(help_shows_the_tables),
		cmocka_unit_test(long_pages_scroll),
		cmocka_unit_test(health_names_every_stage),
		cmocka_unit_test(filter_as_typed_and_undone),
		cmocka_unit_test(nothing_found_is_said),
		cmocka_unit_test(sorting_is_asked_for),
		cmocka_unit_test(pause_holds_the_screen),
		cmocka_unit_test(closed_flows_are_dim),
		cmocka_unit_test(narrow_screens_keep_the_local_process),
		cmocka_unit_test(states_are_words),
		cmocka_unit_test(units_can_be_exact),
		cmocka_unit_test(keys_that_leave),
		cmocka_unit_test(clicks),
	};

	return cmocka_run_group_tests(tests, fake_locale, NULL);
}
