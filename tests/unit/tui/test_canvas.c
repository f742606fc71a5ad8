/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake.h"
#include "tui/canvas.h"

static void expect_lines(const struct canvas *c, const char *want)
{
	char *got = canvas_lines(c);

	assert_string_equal(got, want);
	free(got);
}

static struct canvas make(int width, int height)
{
	struct canvas c;

	assert_int_equal(canvas_init(&c, width, height, true), 0);
	return c;
}

static void text_is_clipped(void **state)
{
	struct canvas c = make(6, 3);

	(void)state;
	assert_int_equal(canvas_text(&c, 0, 4, 10, STYLE_BAD, "abc"), 2);
	assert_int_equal(canvas_text(&c, 1, -1, 10, STYLE_BAD, "xyz"), 3);
	assert_int_equal(canvas_text(&c, 2, 0, 2, STYLE_BAD, "long"), 2);
	canvas_text(&c, 3, 0, 6, STYLE_BAD, "below");
	canvas_text(&c, -1, 0, 6, STYLE_BAD, "above");
	canvas_text(&c, 0, 99, 6, STYLE_BAD, "right");
	expect_lines(&c, "    ab\nyz\nlo\n");
	assert_int_equal(canvas_at(&c, 0, 4)->style, STYLE_BAD);
	assert_int_equal(canvas_at(&c, 0, 3)->style, STYLE_NORMAL);
	canvas_done(&c);
}

/* East Asian wide characters (Unicode annex 11) take two columns and are never halved. */
static void wide_characters(void **state)
{
	struct canvas c = make(6, 3);

	(void)state;
	assert_int_equal(canvas_text_width(&c, "日本"), 4);
	assert_int_equal(canvas_text(&c, 0, 0, 3, STYLE_NORMAL, "日本"), 2);
	assert_int_equal(canvas_text(&c, 1, 5, 5, STYLE_NORMAL, "日"), 0);
	assert_int_equal(canvas_text(&c, 2, 0, 6, STYLE_NORMAL, "日本語"), 6);
	canvas_text(&c, 2, 1, 1, STYLE_NORMAL, "x"); /* on a right half */
	canvas_text(&c, 2, 4, 1, STYLE_NORMAL, "y"); /* on a left half */
	expect_lines(&c, "日\n\n x本y\n");
	assert_int_equal(canvas_at(&c, 2, 5)->width, 1);
	canvas_done(&c);
}

static void combining_marks(void **state)
{
	struct canvas c = make(5, 2);
	char flood[600] = "e";

	(void)state;
	/* U+0301, the acute accent, belongs to the e before it. */
	assert_int_equal(canvas_text(&c, 0, 0, 5, STYLE_NORMAL, "e\xcc\x81x"), 2);
	assert_memory_equal(canvas_at(&c, 0, 0)->text, "e\xcc\x81", 3);
	assert_int_equal(canvas_at(&c, 0, 1)->text[0], 'x');
	for (int i = 0; i < 255; i++)
		strcat(flood, "\xcc\x81");
	assert_int_equal(canvas_text(&c, 1, 0, 5, STYLE_NORMAL, flood), 1);
	assert_true(canvas_at(&c, 1, 0)->len <= CELL_BYTES);
	/* A mark that follows nothing gets something to stand on. */
	assert_int_equal(canvas_text(&c, 1, 0, 5, STYLE_NORMAL, "\xcc\x81"), 1);
	assert_memory_equal(canvas_at(&c, 1, 0)->text, "◌\xcc\x81", 5);
	canvas_done(&c);
}

/* Escape sequences, C1 controls, bidi overrides, broken UTF-8: none reaches a cell. */
static void controls_never_reach_cells(void **state)
{
	static const char *const evil[] = {
		"\033[31m", "a\nb", "\t", "\x7f", "\xc2\x9b", "\xe2\x80\xae", "\xe2\x80\x8b",
		"\xff", "\xc0\x80", "\xed\xa0\x80", "\xe2\x82", "\xf4\x90\x80\x80", "\xe2\x81\xa6",
	};
	struct canvas c = make(20, 1);

	(void)state;
	for (size_t i = 0; i < sizeof(evil) / sizeof(evil[0]); i++) {
		canvas_clear(&c);
		canvas_text(&c, 0, 0, 20, STYLE_NORMAL, evil[i]);
		for (int x = 0; x < 20; x++) {
			const struct cell *cell = canvas_at(&c, 0, x);

			for (unsigned b = 0; b < cell->len; b++) {
				assert_true((uint8_t)cell->text[b] >= 0x20);
				assert_int_not_equal((uint8_t)cell->text[b], 0x7f);
			}
			assert_memory_not_equal(cell->text, "\xe2\x80\xae", 3);
			assert_memory_not_equal(cell->text, "\xc2\x9b", 2);
		}
	}
	canvas_done(&c);
}

static void ascii_only_without_utf8(void **state)
{
	struct canvas c;

	(void)state;
	assert_int_equal(canvas_init(&c, 12, 2, false), 0);
	canvas_text(&c, 0, 0, 12, STYLE_NORMAL, "b\xc3\xbc" "cher");
	canvas_field(&c, 1, 0, 4, ALIGN_LEFT, STYLE_NORMAL, "abcdef");
	expect_lines(&c, "b?cher\nabc~\n");
	canvas_done(&c);
}

static void fields_are_padded_or_cut(void **state)
{
	struct canvas c = make(8, 4);

	(void)state;
	canvas_fill(&c, 0, 0, 8, STYLE_NORMAL, "#");
	canvas_field(&c, 0, 1, 6, ALIGN_RIGHT, STYLE_NORMAL, "42");
	canvas_field(&c, 1, 0, 4, ALIGN_LEFT, STYLE_NORMAL, "abcdef");
	canvas_field(&c, 2, 0, 4, ALIGN_LEFT, STYLE_NORMAL, "日本語"); /* 1 is left */
	canvas_field(&c, 3, 0, 0, ALIGN_LEFT, STYLE_NORMAL, "x");
	expect_lines(&c, "#    42#\nabc…\n日 …\n\n");
	canvas_done(&c);
}

static void copy_keeps_wide_characters_whole(void **state)
{
	struct canvas from = make(6, 4), to = make(6, 2);

	(void)state;
	canvas_text(&from, 1, 0, 6, STYLE_NORMAL, "ab日cd");
	canvas_text(&from, 2, 0, 6, STYLE_NORMAL, "second");
	canvas_copy(&to, (struct area){.x = 1, .width = 3, .height = 2}, &from, 1);
	expect_lines(&to, " ab\n sec\n");
	canvas_done(&from);
	canvas_done(&to);
}

static void growing_keeps_lines(void **state)
{
	struct canvas c = make(4, 1);

	(void)state;
	canvas_text(&c, 0, 0, 4, STYLE_NORMAL, "keep");
	assert_int_equal(canvas_resize(&c, 4, 2), 0);
	expect_lines(&c, "keep\n\n");
	assert_int_equal(canvas_resize(&c, 0, 0), 0);
	assert_null(canvas_at(&c, 0, 0));
	canvas_done(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_clipped),
		cmocka_unit_test(wide_characters),
		cmocka_unit_test(combining_marks),
		cmocka_unit_test(controls_never_reach_cells),
		cmocka_unit_test(ascii_only_without_utf8),
		cmocka_unit_test(fields_are_padded_or_cut),
		cmocka_unit_test(copy_keeps_wide_characters_whole),
		cmocka_unit_test(growing_keeps_lines),
	};

	return cmocka_run_group_tests(tests, fake_locale, NULL);
}
