/* SPDX-License-Identifier: MIT
 *
 * Streams put in order: the expected bytes follow from the sequence numbers (RFC 9293 3.4).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "flow/app/stream.h"

static const uint32_t start = 0xfffffff0; /* numbers wrap soon */

struct piece {
	int32_t at; /* relative to the start */
	const char *text;
};

static struct budget plenty(void)
{
	return (struct budget){.max = 1 << 20};
}

/* A piece of which only the text was captured. */
static void add_cut(struct stream *s, struct budget *b, int32_t at, const char *text,
		    uint32_t wire_len)
{
	stream_add(s, b, start + (uint32_t)at, cursor_init(text, strlen(text)), wire_len);
}

static void add(struct stream *s, struct budget *b, int32_t at, const char *text)
{
	add_cut(s, b, at, text, (uint32_t)strlen(text));
}

static void assert_begins(const struct stream *s, const char *text)
{
	struct cursor c = stream_beginning(s);

	assert_int_equal(cursor_left(&c), strlen(text));
	assert_memory_equal(c.p, text, strlen(text));
}

static void pieces_come_in_any_order(void **state)
{
	static const struct {
		struct piece pieces[6];
		const char *want;
	} cases[] = {
		{{{0, "abc"}, {3, "def"}}, "abcdef"},
		{{{3, "def"}, {0, "abc"}}, "abcdef"},
		{{{6, "g"}, {3, "def"}, {0, "abc"}}, "abcdefg"},
		{{{4, "e"}, {0, "a"}, {2, "c"}, {3, "d"}, {1, "b"}}, "abcde"},
		{{{0, "abc"}, {4, "efg"}}, "abc"},
		{{{1, "b"}}, ""},
		{{{-3, "xyzab"}, {2, "c"}}, "abc"}, /* a part from before the start */
		{{{-3, "xyz"}, {0, "a"}}, "a"},
		/* The first to come wins, whatever lies around it. */
		{{{0, "abc"}, {0, "XYZdef"}}, "abcdef"},
		{{{2, "cd"}, {0, "ABCDEF"}}, "ABcdEF"},
		{{{1, "b"}, {3, "d"}, {5, "f"}, {0, "ABCDEFG"}}, "AbCdEfG"},
		{{{3, "def"}, {0, "ABCDE"}}, "ABCdef"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stream s = {0};
		struct budget b = plenty();

		stream_begin(&s, start);
		for (const struct piece *p = cases[i].pieces; p->text; p++)
			add(&s, &b, p->at, p->text);
		assert_begins(&s, cases[i].want);
		assert_false(stream_is_over(&s));
		stream_done(&s, &b);
		assert_int_equal(b.used, 0);
	}
}

static void large_pieces_keep_what_was_there(void **state)
{
	static char text[3000];
	struct stream s = {0};
	struct budget b = plenty();

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = (char)('a' + i % 23);
	stream_begin(&s, start);
	stream_add(&s, &b, start, cursor_init(text, 10), 10);
	stream_add(&s, &b, start + 1000, cursor_init(text + 1000, 1999), 1999);
	stream_add(&s, &b, start + 10, cursor_init(text + 10, 990), 990);
	assert_begins(&s, text);
	stream_done(&s, &b);
	assert_int_equal(b.used, 0);
}

static void the_cap_ends_it(void **state)
{
	static char text[STREAM_MAX + 100];
	struct stream s = {0};
	struct budget b = plenty();

	(void)state;
	stream_begin(&s, start);
	stream_add(&s, &b, start, cursor_init(text, STREAM_MAX - 1), STREAM_MAX - 1);
	assert_false(stream_is_over(&s));
	stream_add(&s, &b, start + STREAM_MAX - 1, cursor_init(text, 100), 100);
	assert_true(stream_is_over(&s));
	assert_int_equal(stream_have(&s), STREAM_MAX);
	stream_done(&s, &b);
}

static void what_was_cut_does_not_come(void **state)
{
	struct stream s = {0};
	struct budget b = plenty();

	(void)state;
	stream_begin(&s, start);
	add_cut(&s, &b, 3, "de", 10); /* 5 to 13 are missing */
	assert_false(stream_is_over(&s));
	add(&s, &b, 13, "nop");
	add(&s, &b, 0, "abc");
	assert_begins(&s, "abcde");
	assert_true(stream_is_over(&s));
	stream_done(&s, &b);
	/* A cut repetition of what is there says nothing. */
	stream_begin(&s, start);
	add(&s, &b, 0, "abcdef");
	add_cut(&s, &b, 0, "ab", 6);
	assert_false(stream_is_over(&s));
	stream_done(&s, &b);
}

static void patience_with_a_hole_ends(void **state)
{
	struct stream s = {0};
	struct budget b = plenty();

	(void)state;
	stream_begin(&s, start);
	add(&s, &b, 0, "a");
	for (int i = 0; i < STREAM_PATIENCE; i++)
		add(&s, &b, 2, "c");
	assert_false(stream_is_over(&s));
	add(&s, &b, 1, "b"); /* filled: patience is whole again */
	for (int i = 0; i < STREAM_PATIENCE; i++)
		add(&s, &b, 4, "e");
	assert_false(stream_is_over(&s));
	add(&s, &b, 4, "e");
	assert_true(stream_is_over(&s));
	assert_begins(&s, "abc");
	stream_done(&s, &b);
}

static void a_fin_ends_it_when_all_has_come(void **state)
{
	struct stream s = {0};
	struct budget b = plenty();

	(void)state;
	stream_begin(&s, start);
	stream_end(&s, start + 4);
	add(&s, &b, 2, "cd");
	assert_false(stream_is_over(&s));
	add(&s, &b, 0, "ab");
	assert_true(stream_is_over(&s));
	assert_begins(&s, "abcd");
	stream_done(&s, &b);
}

static void a_lost_start_is_skipped(void **state)
{
	struct stream s = {0};
	struct budget b = plenty();

	(void)state;
	stream_begin(&s, start);
	assert_false(stream_skip_hole(&s));
	add(&s, &b, 10, "klm");
	add(&s, &b, 20, "u");
	assert_true(stream_skip_hole(&s));
	assert_begins(&s, "klm");
	add(&s, &b, 13, "nopqrst");
	assert_begins(&s, "klmnopqrstu");
	assert_false(stream_skip_hole(&s));
	stream_done(&s, &b);
}

static void islands_are_few(void **state)
{
	struct stream s = {0};
	struct budget b = plenty();

	(void)state;
	stream_begin(&s, start);
	for (int i = 1; i < STREAM_ISLANDS; i++)
		add(&s, &b, 2 * i, "x");
	assert_int_equal(b.refused, 0);
	add(&s, &b, 2 * STREAM_ISLANDS, "x");
	assert_int_equal(b.refused, 1);
	add(&s, &b, 0, "abcdefghijklmnop"); /* joins them all */
	assert_begins(&s, "abxdxfxhxjxlxnxp");
	stream_done(&s, &b);
}

static void without_budget_nothing_is_kept(void **state)
{
	static const char text[600];
	struct stream s = {0};
	struct budget b = {.max = 512};

	(void)state;
	stream_begin(&s, start);
	assert_true(stream_add(&s, &b, start, cursor_init(text, 500), 500));
	assert_false(stream_add(&s, &b, start + 500, cursor_init(text, 100), 100));
	assert_int_equal(b.refused, 100);
	assert_int_equal(stream_have(&s), 500);
	stream_done(&s, &b);
	assert_int_equal(b.used, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_come_in_any_order),
		cmocka_unit_test(large_pieces_keep_what_was_there),
		cmocka_unit_test(the_cap_ends_it),
		cmocka_unit_test(what_was_cut_does_not_come),
		cmocka_unit_test(patience_with_a_hole_ends),
		cmocka_unit_test(a_fin_ends_it_when_all_has_come),
		cmocka_unit_test(a_lost_start_is_skipped),
		cmocka_unit_test(islands_are_few),
		cmocka_unit_test(without_budget_nothing_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
