/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake.h"
#include "tui/table.h"

static const struct table_column columns[] = {
	{NULL, "NAME", "a name", "name", 6, 20, 0, COLUMN_TEXT},
	{NULL, "NOTE", "a note", NULL, 10, 10, 3, COLUMN_TEXT},
	{NULL, "COUNT", "a number", "count", 6, 6, 1, COLUMN_NUMBER},
};

/* Ids in the order of the rows; cell text is "<id>" in every column. */
struct rows {
	uint64_t ids[100];
	uint32_t count;
};

static uint64_t id_of(const void *ctx, uint32_t row)
{
	return ((const struct rows *)ctx)->ids[row];
}

static void cell_of(const void *ctx, uint32_t row, unsigned column, struct table_cell *out)
{
	snprintf(out->text, sizeof(out->text), "%c%u", "nxc"[column], (unsigned)id_of(ctx, row));
	if (column == 0)
		snprintf(out->right, sizeof(out->right), "7");
}

static bool faded(const void *ctx, uint32_t row)
{
	return id_of(ctx, row) == 3;
}

static struct table_source source_of(const struct rows *l)
{
	return (struct table_source){
		.columns = columns,
		.column_count = 3,
		.ctx = l,
		.id = id_of,
		.cell = cell_of,
		.faded = faded,
		.count = l->count,
		.total = l->count,
		.follow_index = -1,
	};
}

static struct rows counting(uint32_t n)
{
	struct rows l = {.count = n};

	for (uint32_t i = 0; i < n; i++)
		l.ids[i] = i + 1;
	return l;
}

static char *drawn(struct table *t, const struct table_source *s, int width, int height)
{
	struct canvas c;
	char *text;

	assert_int_equal(canvas_init(&c, width, height, true), 0);
	table_draw(t, &c, (struct area){.width = width, .height = height}, s);
	text = canvas_lines(&c);
	canvas_done(&c);
	return text;
}

static void expect_drawn(struct table *t, const struct table_source *s, int width, int height,
			 const char *want)
{
	char *got = drawn(t, s, width, height);

	assert_string_equal(got, want);
	free(got);
}

static void columns_give_way_by_priority(void **state)
{
	struct rows l = counting(1);
	struct table_source s = source_of(&l);
	struct table t;

	(void)state;
	table_init(&t);
	expect_drawn(&t, &s, 24, 2, "NAME   NOTE        COUNT\nn1   7 x1             c1\n");
	expect_drawn(&t, &s, 20, 2, "NAME           COUNT\nn1          7     c1\n");
	expect_drawn(&t, &s, 9, 2, "NAME\nn1      7\n");
	expect_drawn(&t, &s, 2, 2, "N…\nn1\n");
}

static void count_cell(const void *ctx, uint32_t row, unsigned column, struct table_cell *out)
{
	snprintf(out->text, sizeof(out->text), "%llu",
		 column == 2 ? (unsigned long long)id_of(ctx, row) : 12345678ull);
}

static void long_counts_are_shortened(void **state)
{
	struct rows l = {.ids = {299995, 1299995}, .count = 2};
	struct table_source s = source_of(&l);
	struct table t;

	(void)state;
	s.cell = count_cell;
	table_init(&t);
	expect_drawn(&t, &s, 20, 3,
		     "NAME           COUNT\n12345678      299995\n12345678        1.3M\n");
}

static void cursor_sticks_to_the_row_while_it_moves(void **state)
{
	struct rows l = counting(30);
	struct table_source s = source_of(&l);
	struct table t;

	(void)state;
	table_init(&t);
	free(drawn(&t, &s, 40, 11)); /* a page is ten rows */
	table_move(&t, &s, 2);
	assert_int_equal(t.cursor_id, 3);
	/* The order turns round: row 3 is now the 28th. */
	for (uint32_t i = 0; i < l.count; i++)
		l.ids[i] = l.count - i;
	table_update(&t, &s);
	assert_int_equal(t.cursor_id, 3);
	assert_int_equal(t.cursor, 27);
	assert_true(t.top <= 27 && t.top + 10 > 27);
	/* It leaves: its place is taken by the next one. */
	memmove(&l.ids[27], &l.ids[28], 2 * sizeof(l.ids[0]));
	s.count = s.total = l.count = 29;
	table_update(&t, &s);
	assert_int_equal(t.cursor, 27);
	assert_int_equal(t.cursor_id, 2);
}

static void cursor_at_home_sticks_to_no_row(void **state)
{
	struct rows l = counting(5);
	struct table_source s = source_of(&l);
	struct table t;

	(void)state;
	table_init(&t);
	table_update(&t, &s);
	l.ids[0] = 5;
	l.ids[4] = 1;
	table_update(&t, &s);
	assert_int_equal(t.cursor, 0);
	assert_int_equal(t.cursor_id, 0);
	table_move(&t, &s, 4);
	assert_int_equal(t.cursor_id, 1);
	table_home(&t);
	assert_int_equal(t.cursor, 0);
	assert_int_equal(t.cursor_id, 0);
}

static void follow_index_finds_rows_out_of_the_window(void **state)
{
	struct rows l = counting(10);
	struct table_source s = source_of(&l);
	struct table t;
	uint32_t offset, limit;

	(void)state;
	table_init(&t);
	free(drawn(&t, &s, 40, 11));
	table_move(&t, &s, 1);
	s.total = 1000;
	s.follow_index = 700;
	for (uint32_t i = 0; i < l.count; i++)
		l.ids[i] += 500;
	table_update(&t, &s);
	assert_int_equal(t.cursor, 700);
	assert_int_equal(t.cursor_id, 2);
	assert_false(table_complete(&t, &s));
	table_window(&t, &offset, &limit);
	assert_true(offset <= t.top && offset + limit >= t.top + 10);
}

static void scrolling(void **state)
{
	struct rows l = counting(30);
	struct table_source s = source_of(&l);
	struct table t;
	char *text;

	(void)state;
	table_init(&t);
	free(drawn(&t, &s, 40, 11));
	table_move(&t, &s, 9);
	assert_int_equal(t.top, 0);
	table_move(&t, &s, 1);
	assert_int_equal(t.top, 1);
	table_end(&t, &s);
	assert_int_equal(t.cursor, 29);
	assert_int_equal(t.top, 20);
	text = drawn(&t, &s, 40, 11);
	assert_non_null(strstr(text, "n21"));
	assert_non_null(strstr(text, "n30"));
	assert_null(strstr(text, "n20 "));
	free(text);
	table_move(&t, &s, -100);
	assert_int_equal(t.top, 0);
	/* A taller screen shows no empty lines below the last row. */
	table_end(&t, &s);
	free(drawn(&t, &s, 40, 21));
	assert_int_equal(t.top, 10);
}

static void empty_lists_are_harmless(void **state)
{
	struct rows l = counting(0);
	struct table_source s = source_of(&l);
	struct table t;

	(void)state;
	table_init(&t);
	table_update(&t, &s);
	table_move(&t, &s, 5);
	table_end(&t, &s);
	assert_int_equal(t.cursor, 0);
	assert_int_equal(table_cursor_in_window(&t, &s), -1);
	expect_drawn(&t, &s, 9, 3, "NAME\n\n\n");
	expect_drawn(&t, &s, 9, 1, "NAME\n");
	free(drawn(&t, &s, 9, 0));
}

static void sorting_by_shown_columns(void **state)
{
	struct rows l = counting(3);
	struct table_source s = source_of(&l);
	struct table t;
	char *text;

	(void)state;
	table_init(&t);
	free(drawn(&t, &s, 40, 5));
	table_sort_step(&t, &s, 1);
	assert_int_equal(t.sort, 0);
	assert_false(t.descending); /* names from A */
	table_sort_step(&t, &s, 1);
	assert_int_equal(t.sort, 2); /* NOTE cannot be sorted by */
	assert_true(t.descending);   /* numbers from the largest */
	text = drawn(&t, &s, 40, 5);
	assert_non_null(strstr(text, "COUNT▼"));
	free(text);
	table_sort_step(&t, &s, 1);
	assert_int_equal(t.sort, 0);
	table_sort_step(&t, &s, -1);
	assert_int_equal(t.sort, 2);
	table_sort_by(&t, &s, 2); /* once more turns it round */
	assert_false(t.descending);
	table_sort_by(&t, &s, 1);
	assert_int_equal(t.sort, 2);
}

static void clicks_find_rows_and_titles(void **state)
{
	struct rows l = counting(3);
	struct table_source s = source_of(&l);
	struct table t;
	uint32_t index = 99;

	(void)state;
	table_init(&t);
	free(drawn(&t, &s, 24, 8));
	assert_int_equal(table_hit(&t, &s, 0, 20, &index), TABLE_HIT_TITLE);
	assert_int_equal(index, 2);
	assert_int_equal(table_hit(&t, &s, 2, 5, &index), TABLE_HIT_ROW);
	assert_int_equal(index, 1);
	assert_int_equal(table_hit(&t, &s, 6, 5, &index), TABLE_HIT_NONE);
	assert_int_equal(table_hit(&t, &s, 99, 5, &index), TABLE_HIT_NONE);
}

static void rows_are_styled(void **state)
{
	struct rows l = counting(3);
	struct table_source s = source_of(&l);
	struct table t;
	struct canvas c;

	(void)state;
	table_init(&t);
	assert_int_equal(canvas_init(&c, 30, 4, true), 0);
	table_draw(&t, &c, (struct area){.width = 30, .height = 4}, &s);
	assert_int_equal(canvas_at(&c, 1, 0)->style, STYLE_SELECTED);
	assert_int_equal(canvas_at(&c, 1, 29)->style, STYLE_SELECTED);
	assert_int_equal(canvas_at(&c, 2, 0)->style, STYLE_NORMAL);
	assert_int_equal(canvas_at(&c, 3, 0)->style, STYLE_DIM); /* faded */
	canvas_done(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_give_way_by_priority),
		cmocka_unit_test(long_counts_are_shortened),
		cmocka_unit_test(cursor_sticks_to_the_row_while_it_moves),
		cmocka_unit_test(cursor_at_home_sticks_to_no_row),
		cmocka_unit_test(follow_index_finds_rows_out_of_the_window),
		cmocka_unit_test(scrolling),
		cmocka_unit_test(empty_lists_are_harmless),
		cmocka_unit_test(sorting_by_shown_columns),
		cmocka_unit_test(clicks_find_rows_and_titles),
		cmocka_unit_test(rows_are_styled),
	};

	return cmocka_run_group_tests(tests, fake_locale, NULL);
}
