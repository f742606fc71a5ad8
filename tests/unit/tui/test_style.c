/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tui/glyph.h"
#include "tui/style.h"

/* A style forgotten in a theme would be black on black. */
static void every_theme_has_every_style(void **state)
{
	unsigned count;
	const struct theme *all = themes(&count);

	(void)state;
	assert_true(count >= 3);
	for (unsigned t = 0; t < count; t++) {
		assert_true(*all[t].help);
		for (int i = 0; i < STYLE_COUNT; i++) {
			const struct look *l = &all[t].looks[i];

			assert_int_not_equal(l->fg, l->bg == COLOUR_DEFAULT ? -1 : l->bg);
			if (!all[t].colours)
				assert_true(l->fg == COLOUR_DEFAULT && l->bg == COLOUR_DEFAULT);
		}
	}
}

/* Without colours the selected row and loss must still stand out. */
static void meaning_survives_without_colours(void **state)
{
	const struct theme *mono = theme_find("mono", false);

	(void)state;
	assert_true(mono->looks[STYLE_SELECTED].bits & LOOK_REVERSE);
	assert_true(mono->looks[STYLE_BAR_BAD].bits & LOOK_REVERSE);
	assert_int_not_equal(mono->looks[STYLE_DIM].bits, mono->looks[STYLE_NORMAL].bits);
}

static void themes_by_name(void **state)
{
	(void)state;
	assert_string_equal(theme_find(NULL, false)->name, "default");
	assert_string_equal(theme_find("", true)->name, "mono");
	assert_string_equal(theme_find("light", true)->name, "light"); /* asked for by name */
	assert_null(theme_find("nosuch", false));
}

static void glyphs_have_ascii_forms(void **state)
{
	(void)state;
	for (int g = 0; g < GLYPH_COUNT; g++) {
		const char *ascii = glyph((enum glyph)g, false);

		assert_int_equal(strlen(ascii), 1);
		assert_true(ascii[0] > 0x20 && ascii[0] < 0x7f);
		assert_true(*glyph((enum glyph)g, true));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_theme_has_every_style),
		cmocka_unit_test(meaning_survives_without_colours),
		cmocka_unit_test(themes_by_name),
		cmocka_unit_test(glyphs_have_ascii_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
