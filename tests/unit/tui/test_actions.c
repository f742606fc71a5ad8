/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake.h"
#include "flow/rows/field.h"
#include "tui/action.h"

static void no_key_has_two_meanings(void **state)
{
	unsigned count, view_count;
	const struct action *all = actions(&count);
	const struct view *const *every = views(&view_count);
	struct keymap m;

	(void)state;
	keymap_init(&m);
	for (unsigned i = 0; i < count; i++) {
		for (unsigned k = 0; k < ACTION_KEYS && all[i].keys[k]; k++) {
			/* The first row of a key is found: with two, not this one. */
			assert_ptr_equal(keymap_action(&m, all[i].keys[k]), &all[i]);
			assert_null(view_by_key(all[i].keys[k]));
			for (unsigned other = k + 1; other < ACTION_KEYS; other++)
				assert_int_not_equal(all[i].keys[k], all[i].keys[other]);
		}
	}
	for (unsigned i = 0; i < view_count; i++) {
		if (every[i]->key)
			assert_ptr_equal(view_by_key(every[i]->key), every[i]);
	}
	assert_null(view_by_key(0));
	assert_null(keymap_action(&m, 'z'));
}

static void everything_is_explained(void **state)
{
	unsigned count, view_count;
	const struct action *all = actions(&count);
	const struct view *const *every = views(&view_count);

	(void)state;
	for (unsigned i = 0; i < count; i++) {
		assert_true(all[i].name && *all[i].name);
		assert_true(all[i].help && *all[i].help);
		assert_true(all[i].group && *all[i].group);
		assert_true(all[i].keys[0] != 0);
		assert_non_null(all[i].run);
		for (unsigned other = 0; other < i; other++)
			assert_string_not_equal(all[i].name, all[other].name);
	}
	for (unsigned i = 0; i < view_count; i++) {
		assert_true(every[i]->name && every[i]->title && every[i]->help);
		assert_true(every[i]->draw && every[i]->move);
	}
}

static void columns_are_whole(const struct list_kind *kind)
{
	assert_in_range(kind->column_count, 1, TABLE_COLUMNS_MAX);
	for (unsigned i = 0; i < kind->column_count; i++) {
		const struct table_column *c = &kind->columns[i];

		assert_non_null(c->cell);
		for (unsigned other = 0; other < i; other++) /* what names them in the configuration */
			assert_string_not_equal(c->sort, kind->columns[other].sort);
		assert_true(c->help && *c->help);
		assert_true(strlen(c->title) <= c->width);
		assert_true(c->width <= c->max_width);
		if (!kind->field(c->sort))
			fail_msg("column %s sorts by %s, which is no field", c->title, c->sort);
	}
}

/* The engine sorts by the names in the tables of fields. */
static void columns_sort_by_known_fields(void **state)
{
	unsigned count;
	const struct view *const *all = views(&count);

	(void)state;
	for (unsigned i = 0; i < count; i++) {
		if (all[i]->list)
			columns_are_whole(all[i]->list);
	}
}

static void disabled_actions_say_why(void **state)
{
	struct app a;

	(void)state;
	fake_app(&a, 80, 24);
	fake_key(&a, INPUT_ENTER);
	assert_true(shows(&a, "nothing is under the cursor"));
	fake_answer(&a, 3);
	fake_key(&a, INPUT_DOWN); /* the message goes with the next key */
	assert_true(hides(&a, "nothing is under the cursor"));
	fake_key(&a, 'p');
	fake_key(&a, 's');
	assert_true(shows(&a, "not while paused"));
	app_done(&a);
}

static void keys_have_names(void **state)
{
	char name[INPUT_NAME_MAX];

	(void)state;
	assert_string_equal(input_name('q', name), "q");
	assert_string_equal(input_name(INPUT_CTRL('C'), name), "Ctrl-C");
	assert_string_equal(input_name(INPUT_PAGE_DOWN, name), "PgDn");
	assert_string_equal(input_name(INPUT_ESCAPE, name), "Esc");
	assert_string_equal(input_name(' ', name), "Space");
	assert_string_equal(input_name(0x20ac, name), "€");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_key_has_two_meanings),
		cmocka_unit_test(everything_is_explained),
		cmocka_unit_test(columns_sort_by_known_fields),
		cmocka_unit_test(disabled_actions_say_why),
		cmocka_unit_test(keys_have_names),
	};

	return cmocka_run_group_tests(tests, fake_locale, NULL);
}
