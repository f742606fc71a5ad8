/* SPDX-License-Identifier: MIT
 *
 * Help, made from the tables of actions, views and columns: it cannot be out of date.
 */
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

#include "tui/action.h"
#include "tui/app.h"

enum { KEYS_WIDTH = 21, NAMES_WIDTH = 11, TWO_COLUMNS = 100 };

static void write_row(struct page *p, int at, enum style style, const char *keys, const char *help)
{
	page_put(p, 2, at - 3, style, keys);
	page_wrap(p, at, STYLE_NORMAL, help);
}

static void write_group(struct page *p, const struct app *a, const char *group)
{
	unsigned count;
	const struct action *all = actions(&count);

	page_heading(p, group);
	for (unsigned i = 0; i < count; i++) {
		char keys[64];

		if (strcmp(all[i].group, group))
			continue;
		write_row(p, KEYS_WIDTH, STYLE_KEY,
			  keymap_text(&a->keys, &all[i], keys, sizeof(keys)), all[i].help);
	}
}

/* Each group once, in the order of its first action. */
static void write_actions(struct page *p, const struct app *a)
{
	unsigned count;
	const struct action *all = actions(&count);

	for (unsigned i = 0; i < count; i++) {
		unsigned first = 0;

		while (strcmp(all[first].group, all[i].group))
			first++;
		if (first == i)
			write_group(p, a, all[i].group);
	}
}

static void write_views(struct page *p, int at)
{
	unsigned count;
	const struct view *const *all = views(&count);

	page_heading(p, "Views");
	for (unsigned i = 0; i < count; i++) {
		char key[INPUT_NAME_MAX];

		if (all[i]->key)
			write_row(p, at, STYLE_KEY, input_name(all[i]->key, key), all[i]->help);
	}
}

static void write_columns(struct page *p, int at, const struct app *a)
{
	struct table_source s;

	list_source(a, &s);
	page_heading(p, "Columns");
	for (unsigned i = 0; i < s.column_count; i++)
		write_row(p, at, STYLE_NAME, s.columns[i].title, s.columns[i].help);
}

static void draw(struct app *a, struct area area)
{
	struct page *p = &a->page;
	bool two = area.width >= TWO_COLUMNS;
	int half = two ? area.width / 2 : area.width;
	int names = two ? NAMES_WIDTH : KEYS_WIDTH; /* under one another they are aligned */

	page_begin(p, area.width, a->canvas.utf8);
	page_column(p, 1, half - 2, 0);
	write_actions(p, a);
	if (two)
		page_column(p, half, area.width - half - 1, 0);
	write_views(p, names);
	write_columns(p, names, a);
	page_draw(p, &a->canvas, area);
}

const struct view view_help = {
	.name = "help",
	.title = "Help",
	.help = "keys, views and columns",
	.draw = draw,
	.move = view_page_move,
};
