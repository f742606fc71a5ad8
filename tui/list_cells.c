/* SPDX-License-Identifier: MIT
 *
 * Cells that many lists have.
 */
#include "tui/list.h"

#include <stdio.h>
#include <string.h>

#include "base/fmt.h"
#include "tui/app.h"
#include "tui/words.h"

void cell_text(const struct list_cell *c, enum style style, const char *text)
{
	snprintf(c->out->text, sizeof(c->out->text), "%s", text);
	c->out->style = (uint8_t)style;
}

static void put_field(const struct list_cell *c, const struct field *f, enum style style)
{
	if (!f || !field_present(f, c->row))
		return;
	field_text(f, c->row, !c->app->exact, c->out->text, sizeof(c->out->text));
	c->out->style = (uint8_t)style;
}

void cell_field(const struct list_cell *c, const char *name, enum style style)
{
	put_field(c, c->app->list->kind->field(name), style);
}

void cell_own(const struct list_cell *c, enum style style)
{
	put_field(c, c->field, style);
}

static void put_positive(const struct list_cell *c, enum style style)
{
	if (c->field)
		cell_own(c, field_int(c->field, c->row) > 0 ? style : STYLE_DIM);
}

void cell_plain(const struct list_cell *c)
{
	cell_own(c, STYLE_NORMAL);
}

void cell_some(const struct list_cell *c)
{
	put_positive(c, STYLE_NORMAL);
}

void cell_name(const struct list_cell *c)
{
	cell_own(c, STYLE_NAME);
}

void cell_dim(const struct list_cell *c)
{
	cell_own(c, STYLE_DIM);
}

void cell_up(const struct list_cell *c)
{
	put_positive(c, STYLE_UP);
}

void cell_down(const struct list_cell *c)
{
	put_positive(c, STYLE_DOWN);
}

void cell_warn(const struct list_cell *c)
{
	put_positive(c, STYLE_WARN);
}

void cell_bad(const struct list_cell *c)
{
	put_positive(c, STYLE_BAD);
}

/* Without a process the reason is shown, dim: unknown is said, never left blank. */
void cell_process(const struct list_cell *c, const struct process_row *p)
{
	if (p->match == MATCH_NONE) {
		cell_text(c, STYLE_DIM, reason_word(p->reason));
		return;
	}
	cell_text(c, STYLE_STRONG, *p->name ? p->name : "?");
	if (p->pid != ROW_ABSENT)
		snprintf(c->out->right, sizeof(c->out->right), "%u", (unsigned)p->pid);
}

void cell_time(const struct list_cell *c)
{
	const struct field *f = c->field;
	char text[FMT_MAX];

	if (!f || !field_present(f, c->row))
		return;
	fmt_time_of_day(text, field_int(f, c->row));
	text[strcspn(text, ".")] = '\0';
	cell_text(c, STYLE_DIM, text);
}

bool cell_is_shown(const struct list_cell *c, const char *field)
{
	const struct list *l = c->app->list;

	for (int i = 0; i < l->table.layout.count; i++) {
		if (!strcmp(l->kind->columns[l->table.layout.at[i].column].sort, field))
			return true;
	}
	return false;
}
