/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "fake.h"
#include "tui/action.h"

static void rows_as_text(void **state)
{
	char text[ROW_TEXT_MAX];
	struct flow_row row;

	(void)state;
	fake_flow(&row, 7);
	row_text_ends(text, &row);
	assert_string_equal(text, "tcp 192.0.2.7:40007 192.0.2.250:443");
	row_text_capture_filter(text, &row);
	assert_string_equal(text,
			    "tcp and host 192.0.2.7 and port 40007 and host 192.0.2.250 and port 443");
	row.proto = PROTO_ICMP;
	row.src.port = row.dst.port = ROW_ABSENT;
	row_text_capture_filter(text, &row);
	assert_string_equal(text, "icmp and host 192.0.2.7 and host 192.0.2.250");
	row.proto = 47;
	row_text_capture_filter(text, &row);
	assert_string_equal(text, "ip proto 47 and host 192.0.2.7 and host 192.0.2.250");
}

static void copied_from_list_and_detail(void **state)
{
	struct app a;

	(void)state;
	fake_app(&a, 80, 24);
	fake_key(&a, 'y');
	assert_true(shows(&a, "there is no flow under the cursor"));
	fake_answer(&a, 3);
	fake_keys(&a, "jY");
	assert_string_equal(a.copy, "tcp 192.0.2.2:40002 192.0.2.250:443");
	assert_true(shows(&a, "copied: tcp 192.0.2.2"));
	fake_key(&a, INPUT_ENTER);
	fake_key(&a, 'y');
	assert_string_equal(a.copy,
			    "tcp and host 192.0.2.2 and port 40002 and host 192.0.2.250 and port 443");
	fake_key(&a, '7');
	a.copy[0] = '\0';
	fake_key(&a, 'y');
	assert_string_equal(a.copy, "");
	app_done(&a);
}

static void filter_of_the_sorted_column(void **state)
{
	struct query q;
	struct app a;

	(void)state;
	fake_app(&a, 80, 24);
	fake_answer(&a, 5);
	fake_keys(&a, "jx");
	assert_string_equal(a.list->filter, "src.process.name = \"proc2\"");
	fake_key(&a, 's');
	fake_key(&a, 's');
	fake_answer(&a, 5);
	fake_key(&a, 'x');
	assert_true(strstr(a.list->filter, "(src.process.name = \"proc2\") and ") == a.list->filter);
	assert_true(app_query(&a, &q));
	assert_true(strstr(q.filter, "src.ip") != NULL);
	app_done(&a);
}

static int exported(void *ctx, const char *path, const struct snapshot *s, struct err *e)
{
	*(uint32_t *)ctx = s->row_count;
	return strcmp(path, "bad") ? 0 : err_set(e, -EINVAL, "no good name");
}

static void all_rows_are_exported(void **state)
{
	uint32_t rows = 0;
	const struct app_options o = {
		.source = "eth0", .live = true, .utf8 = true, .export = exported, .export_ctx = &rows};
	struct query q;
	struct app a;

	(void)state;
	assert_int_equal(app_init(&a, &o, 80, 24), 0);
	app_draw(&a);
	fake_answer(&a, 500);
	fake_key(&a, 'e');
	assert_true(shows(&a, "export to: flows.ndjson"));
	app_take(&a, fake_snapshot(0, 57, 500)); /* while typing nothing is written */
	assert_int_equal(rows, 0);
	fake_key(&a, INPUT_ENTER);
	app_take(&a, fake_snapshot(0, 57, 500)); /* the answer to an earlier question */
	assert_int_equal(rows, 0);
	assert_true(app_query(&a, &q));
	assert_int_equal(q.limit, EXPORT_ROWS_MAX);
	fake_answer(&a, 500);
	assert_int_equal(rows, 500);
	assert_true(shows(&a, "500 of 500 flows in flows.ndjson"));
	assert_true(app_query(&a, &q));
	assert_true(q.limit < 500);
	fake_key(&a, 'e');
	fake_key(&a, INPUT_CTRL('U'));
	fake_keys(&a, "bad");
	fake_key(&a, INPUT_ENTER);
	fake_answer(&a, 500);
	assert_true(shows(&a, "no good name"));
	app_done(&a);
	fake_app(&a, 80, 24);
	fake_key(&a, 'e');
	assert_true(shows(&a, "nothing can be written here"));
	app_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_as_text),
		cmocka_unit_test(copied_from_list_and_detail),
		cmocka_unit_test(filter_of_the_sorted_column),
		cmocka_unit_test(all_rows_are_exported),
	};

	return cmocka_run_group_tests(tests, fake_locale, NULL);
}
