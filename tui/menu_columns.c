/* SPDX-License-Identifier: MIT
 *
 * The columns of a list: which are shown, and in what order. Kept when the box is closed.
 */
#include "tui/menu.h"

#include <stdio.h>
#include <string.h>

#include "tui/app.h"

static unsigned count(const struct app *a)
{
	return a->list->choice.count;
}

static void item(const struct app *a, unsigned i, struct menu_item *out)
{
	static const char *const marks[SHOW_KINDS] = {
		[SHOW_IF_ROOM] = "[~]", [SHOW_ALWAYS] = "[x]", [SHOW_NEVER] = "[ ]"};
	const struct table_choice *c = &a->list->choice;
	const struct table_column *column = &a->list->kind->columns[c->order[i]];

	out->mark = marks[c->show[c->order[i]]];
	snprintf(out->name, sizeof(out->name), "%s", column->title);
	snprintf(out->help, sizeof(out->help), "%s", column->help);
}

static unsigned key(struct app *a, unsigned i, uint32_t k)
{
	struct table_choice *c = &a->list->choice;
	struct table_choice before = *c;

	if (k == ' ' || k == INPUT_ENTER)
		columns_turn(c, i);
	else if (k == INPUT_LEFT || k == '<' || k == 'K')
		i = columns_move(c, i, -1);
	else if (k == INPUT_RIGHT || k == '>' || k == 'J')
		i = columns_move(c, i, 1);
	else if (k == '0')
		columns_init(c, c->count);
	a->menu.changed |= memcmp(&before, c, sizeof(before)) != 0;
	return i;
}

static void closed(struct app *a)
{
	const struct list *l = a->list;
	char text[COLUMNS_TEXT_MAX];

	if (!a->menu.changed)
		return;
	columns_text(&l->choice, l->kind->columns, text);
	app_keep(a, "columns", app_list_view(a)->name, columns_are_plain(&l->choice) ? NULL : text);
}

const struct menu menu_columns = {
	.title = "Columns: [x] always  [~] if there is room  [ ] never",
	.keys = "Space turns  < > move it  0 as they were  Esc done",
	.count = count,
	.item = item,
	.key = key,
	.closed = closed,
};
