/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake.h"
#include "tui/prompt.h"

static void type_text(struct prompt *p, const char *text)
{
	for (; *text; text++)
		prompt_key(p, (uint32_t)*text);
}

static void editing_by_whole_characters(void **state)
{
	struct prompt p = {.len = 0};

	(void)state;
	prompt_open(&p, "");
	type_text(&p, "ab");
	assert_int_equal(prompt_key(&p, 0xe9), PROMPT_CHANGED);	   /* U+00E9: 2 bytes */
	assert_int_equal(prompt_key(&p, 0x65e5), PROMPT_CHANGED);  /* U+65E5: 3 bytes */
	assert_int_equal(prompt_key(&p, 0x1f600), PROMPT_CHANGED); /* U+1F600: 4 bytes */
	assert_string_equal(p.text, "ab\xc3\xa9\xe6\x97\xa5\xf0\x9f\x98\x80");
	prompt_key(&p, INPUT_BACKSPACE);
	assert_string_equal(p.text, "ab\xc3\xa9\xe6\x97\xa5");
	prompt_key(&p, INPUT_LEFT);
	prompt_key(&p, INPUT_LEFT);
	prompt_key(&p, 'x');
	assert_string_equal(p.text, "abx\xc3\xa9\xe6\x97\xa5");
	prompt_key(&p, INPUT_DELETE);
	assert_string_equal(p.text, "abx\xe6\x97\xa5");
	prompt_key(&p, INPUT_HOME);
	assert_int_equal(prompt_key(&p, INPUT_BACKSPACE), PROMPT_IDLE);
	prompt_key(&p, INPUT_END);
	assert_int_equal(prompt_key(&p, INPUT_DELETE), PROMPT_IDLE);
	prompt_key(&p, INPUT_CTRL('U'));
	assert_string_equal(p.text, "");
}

static void words(void **state)
{
	struct prompt p = {.len = 0};

	(void)state;
	prompt_open(&p, "one two  ");
	prompt_key(&p, INPUT_CTRL('W'));
	assert_string_equal(p.text, "one ");
	prompt_key(&p, INPUT_CTRL('A'));
	prompt_key(&p, INPUT_CTRL('K'));
	assert_string_equal(p.text, "");
}

static void full_lines_take_no_more(void **state)
{
	struct prompt p = {.len = 0};

	(void)state;
	prompt_open(&p, "");
	for (int i = 0; i < 500; i++)
		prompt_key(&p, i % 2 ? 'a' : 0x65e5);
	assert_true(p.len < PROMPT_MAX);
	assert_int_equal(strlen(p.text), p.len);
	assert_int_equal(prompt_key(&p, 0x65e5), PROMPT_IDLE);
}

static void controls_are_not_typed(void **state)
{
	struct prompt p = {.len = 0};

	(void)state;
	prompt_open(&p, "");
	for (uint32_t key = 1; key < 0x20; key++) {
		if (key != INPUT_ENTER)
			prompt_key(&p, key);
	}
	prompt_key(&p, 0x7f);
	prompt_key(&p, 0x9b);
	prompt_key(&p, INPUT_F1);
	assert_string_equal(p.text, "");
}

static void history(void **state)
{
	struct prompt p = {.len = 0};

	(void)state;
	prompt_open(&p, "first");
	assert_int_equal(prompt_key(&p, INPUT_ENTER), PROMPT_DONE);
	prompt_open(&p, "second");
	prompt_key(&p, INPUT_ENTER);
	prompt_open(&p, "second"); /* not kept twice */
	prompt_key(&p, INPUT_ENTER);
	prompt_open(&p, "");
	assert_int_equal(prompt_key(&p, INPUT_UP), PROMPT_CHANGED);
	assert_string_equal(p.text, "second");
	prompt_key(&p, INPUT_UP);
	assert_string_equal(p.text, "first");
	assert_int_equal(prompt_key(&p, INPUT_UP), PROMPT_IDLE);
	prompt_key(&p, INPUT_DOWN);
	assert_string_equal(p.text, "second");
	prompt_key(&p, INPUT_DOWN);
	assert_string_equal(p.text, "");
	assert_int_equal(prompt_key(&p, INPUT_ESCAPE), PROMPT_CANCELLED);
}

static void long_lines_show_their_end(void **state)
{
	struct prompt p = {.len = 0};
	struct canvas c;
	char *text;

	(void)state;
	assert_int_equal(canvas_init(&c, 10, 1, true), 0);
	prompt_open(&p, "abcdefghijkl");
	prompt_draw(&p, &c, (struct area){.width = 10, .height = 1}, "/");
	text = canvas_lines(&c);
	assert_string_equal(text, "/efghijkl\n");
	assert_int_equal(canvas_at(&c, 0, 9)->style, STYLE_SELECTED); /* the cursor */
	free(text);
	canvas_done(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(editing_by_whole_characters),
		cmocka_unit_test(words),
		cmocka_unit_test(full_lines_take_no_more),
		cmocka_unit_test(controls_are_not_typed),
		cmocka_unit_test(history),
		cmocka_unit_test(long_lines_show_their_end),
	};

	return cmocka_run_group_tests(tests, fake_locale, NULL);
}
