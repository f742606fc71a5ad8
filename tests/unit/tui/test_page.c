/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake.h"
#include "tui/page.h"

static void expect_shown(struct page *p, int width, int height, const char *want)
{
	struct canvas c;
	char *got;

	assert_int_equal(canvas_init(&c, width, height, true), 0);
	page_draw(p, &c, (struct area){.width = width, .height = height});
	got = canvas_lines(&c);
	assert_string_equal(got, want);
	free(got);
	canvas_done(&c);
}

static void words_are_wrapped(void **state)
{
	struct page p = {.top = 0};

	(void)state;
	page_begin(&p, 12, true);
	page_wrap(&p, 2, STYLE_NORMAL, "one two three  unbreakablelongword end");
	expect_shown(&p, 12, 5, "  one two\n  three\n  unbreakab…\n  end\n\n");
	page_begin(&p, 6, true);
	page_wrap(&p, 0, STYLE_NORMAL, "日本 語");
	page_wrap(&p, 0, STYLE_NORMAL, "");
	expect_shown(&p, 6, 3, "日本\n語\n\n");
	page_done(&p);
}

static void columns_stand_side_by_side(void **state)
{
	struct page p = {.top = 0};

	(void)state;
	page_begin(&p, 20, true);
	page_column(&p, 0, 9, 0);
	page_heading(&p, "Left");
	page_put(&p, 1, 4, STYLE_NORMAL, "key");
	page_put_right(&p, 5, 4, STYLE_NORMAL, "12");
	page_next(&p);
	page_heading(&p, "More");
	page_column(&p, 10, 10, 0);
	page_heading(&p, "Right");
	assert_int_equal(p.lines, 4);
	expect_shown(&p, 20, 4, "Left      Right\n key   12\n\nMore\n");
	page_done(&p);
}

static void scrolling_stops_at_the_ends(void **state)
{
	struct page p = {.top = 0};
	char text[16];

	(void)state;
	page_begin(&p, 5, true);
	for (int i = 0; i < 300; i++) { /* more than a sheet begins with */
		snprintf(text, sizeof(text), "%d", i);
		page_put(&p, 0, 5, STYLE_NORMAL, text);
		page_next(&p);
	}
	expect_shown(&p, 5, 2, "0\n1\n");
	page_scroll(&p, 1000000);
	expect_shown(&p, 5, 2, "298\n299\n");
	page_scroll(&p, -1);
	expect_shown(&p, 5, 2, "297\n298\n");
	page_scroll(&p, -1000000);
	expect_shown(&p, 5, 2, "0\n1\n");
	expect_shown(&p, 5, 0, "");
	page_done(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_wrapped),
		cmocka_unit_test(columns_stand_side_by_side),
		cmocka_unit_test(scrolling_stops_at_the_ends),
	};

	return cmocka_run_group_tests(tests, fake_locale, NULL);
}
