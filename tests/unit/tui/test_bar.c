/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake.h"
#include "tui/bar.h"

static void fill(struct bar *b, const int64_t *amounts, int n)
{
	b->count = 0;
	for (int i = 0; i < n; i++)
		snprintf(bar_add(b, amounts[i], GLYPH_FULL + i, STYLE_NORMAL)->text, BAR_TEXT_MAX,
			 "part%d", i);
}

static void cells_add_up(void **state)
{
	static const struct {
		int64_t amounts[4];
		int width, want[4];
	} cases[] = {
		{{50, 25, 25, 0}, 8, {4, 2, 2, 0}},
		{{1, 0, 0, 999999}, 10, {1, 0, 0, 9}},	 /* little is not nothing */
		{{1, 1, 1, 1}, 2, {0, 0, 1, 1}},	 /* fewer cells than parts */
		{{INT64_MAX, INT64_MAX, 0, 0}, 9, {4, 5, 0, 0}},
		{{0, 0, 0, 0}, 10, {0, 0, 0, 0}},
		{{-5, 3, 0, 0}, 3, {0, 3, 0, 0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bar b;
		int cells[BAR_PARTS_MAX];

		fill(&b, cases[i].amounts, 4);
		bar_cells(&b, cases[i].width, cells);
		assert_memory_equal(cells, cases[i].want, sizeof(cases[i].want));
	}
}

static void bars_and_legends_stay_inside(void **state)
{
	static const int64_t amounts[] = {5, 1, 0, 4};

	(void)state;
	for (int width = 0; width < 60; width++) {
		struct page p = {0};
		struct bar b;

		fill(&b, amounts, 4);
		page_begin(&p, width, false);
		bar_put(&p, 3, width - 3, &b);
		page_next(&p);
		bar_legend(&p, 3, &b);
		page_done(&p);
	}
}

static void they_look_so(void **state)
{
	static const int64_t amounts[] = {5, 1, 0, 4};
	struct page p = {0};
	struct bar b;
	char *text;

	(void)state;
	fill(&b, amounts, 4);
	page_begin(&p, 20, true);
	bar_put(&p, 2, 10, &b);
	page_next(&p);
	bar_legend(&p, 2, &b);
	canvas_resize(&p.sheet, 20, 3);
	page_begin(&p, 20, true);
	bar_put(&p, 2, 10, &b);
	page_next(&p);
	bar_legend(&p, 2, &b);
	text = canvas_lines(&p.sheet);
	assert_string_equal(text, "  █████▓░░░░\n"
				  "  █ part0  ▓ part1\n"
				  "  ░ part3\n");
	free(text);
	page_done(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_add_up),
		cmocka_unit_test(bars_and_legends_stay_inside),
		cmocka_unit_test(they_look_so),
	};

	return cmocka_run_group_tests(tests, fake_locale, NULL);
}
