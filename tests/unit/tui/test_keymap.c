/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tui/input.h"
#include "tui/keymap.h"

static void names_come_back(void **state)
{
	unsigned count;
	const struct action *all = actions(&count);
	char name[INPUT_NAME_MAX];

	(void)state;
	for (unsigned i = 0; i < count; i++) {
		for (unsigned k = 0; k < ACTION_KEYS && all[i].keys[k]; k++) {
			if (!strchr(input_name(all[i].keys[k], name), ' '))
				assert_int_equal(input_parse(name), all[i].keys[k]);
		}
	}
	assert_int_equal(input_parse("ctrl-d"), 4);
	assert_int_equal(input_parse("\xc3\xa4"), 0xe4); /* a umlaut */
	assert_int_equal(input_parse("\xc0\xaf"), 0);    /* overlong */
	assert_int_equal(input_parse("\xc3"), 0);	   /* cut */
	assert_int_equal(input_parse("NoSuchKey"), 0);
	assert_int_equal(input_parse(""), 0);
}

static void a_key_does_one_thing(void **state)
{
	struct keymap m;
	struct err e;
	char text[64];

	(void)state;
	keymap_init(&m);
	assert_string_equal(keymap_action(&m, 'q')->name, "quit");
	assert_int_equal(keymap_bind(&m, "pause", "q  Ctrl-D", &e), 0);
	assert_string_equal(keymap_action(&m, 'q')->name, "pause");
	assert_string_equal(keymap_action(&m, 4)->name, "pause");
	assert_null(keymap_action(&m, 'p'));
	assert_string_equal(keymap_text(&m, action_by_name("quit"), text, sizeof(text)), "Ctrl-C");
	assert_string_equal(keymap_text(&m, action_by_name("pause"), text, sizeof(text)),
			    "q Ctrl-D");
}

static void what_is_wrong_changes_nothing(void **state)
{
	static const char *const wrong[][3] = {
		{"nosuch", "x", "no action"},	  {"pause", "", "no key"},
		{"pause", "x NoSuch", "NoSuch"},  {"pause", "1", "chooses a view"},
		{"pause", "a b d e i", "at most"},
	};
	struct keymap m, before;
	struct err e;

	(void)state;
	keymap_init(&m);
	before = m;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_true(keymap_bind(&m, wrong[i][0], wrong[i][1], &e) < 0);
		assert_non_null(strstr(e.text, wrong[i][2]));
		assert_memory_equal(&m, &before, sizeof(m));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_come_back),
		cmocka_unit_test(a_key_does_one_thing),
		cmocka_unit_test(what_is_wrong_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
