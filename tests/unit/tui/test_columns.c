/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "fake.h"

static const struct table_column abc[] = {
	{NULL, "A", "a", "x.a", 2, 2, 0, COLUMN_TEXT},
	{NULL, "B", "b", "x.b", 2, 2, 1, COLUMN_TEXT},
	{NULL, "C", "c", "x.c", 2, 2, 9, COLUMN_SUM},
};

static void text_and_back(void **state)
{
	struct table_choice c, again;
	char text[COLUMNS_TEXT_MAX];
	struct err e;

	(void)state;
	columns_init(&c, 3);
	assert_true(columns_are_plain(&c));
	assert_int_equal(columns_parse(&c, abc, 3, " +x.c  -x.a", &e), 0);
	assert_string_equal(columns_text(&c, abc, text), "+x.c -x.a x.b");
	assert_false(columns_are_plain(&c));
	assert_int_equal(columns_parse(&again, abc, 3, text, &e), 0);
	assert_memory_equal(&c, &again, sizeof(c));
	assert_int_equal(columns_parse(&c, abc, 3, "x.a nosuch", &e), -EINVAL);
	assert_non_null(strstr(e.text, "nosuch"));
	assert_int_equal(columns_parse(&c, abc, 3, "x.a +x.a", &e), -EINVAL);
	assert_memory_equal(&c, &again, sizeof(c)); /* what was wrong changed nothing */
}

static void moved_and_turned(void **state)
{
	struct table_choice c;
	char text[COLUMNS_TEXT_MAX];

	(void)state;
	columns_init(&c, 3);
	assert_int_equal(columns_move(&c, 0, -1), 0);
	assert_int_equal(columns_move(&c, 0, 1), 1);
	assert_int_equal(columns_move(&c, 1, 1), 2);
	assert_int_equal(columns_move(&c, 2, 1), 2);
	assert_string_equal(columns_text(&c, abc, text), "x.b x.c x.a");
	columns_turn(&c, 0);
	assert_string_equal(columns_text(&c, abc, text), "+x.b x.c x.a");
	columns_turn(&c, 0);
	assert_string_equal(columns_text(&c, abc, text), "-x.b x.c x.a");
	columns_turn(&c, 0);
	assert_string_equal(columns_text(&c, abc, text), "x.b x.c x.a");
}

/* --- on the screen ---------------------------------------------------------------------------- */

static char kept[1024];

static int keep(void *ctx, const char *setting, const char *name, const char *value, struct err *e)
{
	(void)ctx, (void)e;
	snprintf(kept, sizeof(kept), "%s %s %s", setting, name, value ? value : "(none)");
	return 0;
}

static void start(struct app *a, const struct choices *choices)
{
	const struct app_options o = {
		.source = "eth0", .live = true, .utf8 = true, .choices = choices, .keep = keep};

	kept[0] = '\0';
	assert_int_equal(app_init(a, &o, 80, 24), 0);
	app_draw(a);
	fake_answer(a, 3);
}

static void chosen_in_the_box(void **state)
{
	struct app a;

	(void)state;
	start(&a, NULL);
	assert_true(hides(&a, "APP"));
	fake_key(&a, 'C');
	assert_true(shows(&a, "[~] PROCESS"));
	fake_key(&a, INPUT_END); /* the last column: always, and once to the left */
	fake_key(&a, ' ');
	fake_key(&a, INPUT_LEFT);
	assert_true(shows(&a, "[x] START"));
	assert_string_equal(kept, ""); /* not before it is closed */
	fake_key(&a, INPUT_ESCAPE);
	assert_null(a.menu.menu);
	assert_non_null(strstr(kept, "columns flows src.process.name proto"));
	assert_non_null(strstr(kept, "app +start_ns names.sni"));
	assert_true(shows(&a, "START"));
	fake_key(&a, 'C');
	fake_key(&a, '0');
	fake_key(&a, INPUT_ESCAPE);
	assert_string_equal(kept, "columns flows (none)");
	assert_true(hides(&a, "START"));
	kept[0] = '\0';
	fake_key(&a, 'C');
	fake_key(&a, INPUT_ESCAPE);
	assert_string_equal(kept, ""); /* nothing was changed */
	app_done(&a);
}

static void found_again_the_next_time(void **state)
{
	static struct choices c;
	struct app a;
	struct err e;

	(void)state;
	assert_int_equal(choices_set_columns(&c, "flows", "dst.ip +names.sni -state", &e), 0);
	assert_int_equal(choices_set_columns(&c, "nosuch", "dst.ip", &e), -EINVAL);
	assert_int_equal(choices_set_columns(&c, "hosts", "state", &e), -EINVAL);
	start(&a, &c);
	assert_true(shows(&a, " DST                   NAME"));
	assert_true(shows(&a, "192.0.2.250       443 host1.exa"));
	assert_true(hides(&a, "STATE"));
	app_done(&a);
}

/* A title is where its column is now. */
static void titles_are_clicked_where_they_stand(void **state)
{
	static struct choices c;
	const struct input click = {.kind = INPUT_CLICK, .y = 3, .x = 2};
	struct query q;
	struct app a;
	struct err e;

	(void)state;
	assert_int_equal(choices_set_columns(&c, "flows", "dst.ip", &e), 0);
	start(&a, &c);
	app_input(&a, &click);
	assert_true(app_query(&a, &q));
	assert_string_equal(q.sort, "dst.ip");
	assert_false(q.descending);
	app_input(&a, &click);
	assert_true(app_query(&a, &q));
	assert_true(q.descending);
	app_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_back),
		cmocka_unit_test(moved_and_turned),
		cmocka_unit_test(chosen_in_the_box),
		cmocka_unit_test(found_again_the_next_time),
		cmocka_unit_test(titles_are_clicked_where_they_stand),
	};

	return cmocka_run_group_tests(tests, fake_locale, NULL);
}
