/* SPDX-License-Identifier: MIT */
#include "tui/columns.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char marks[] = {[SHOW_IF_ROOM] = '\0', [SHOW_ALWAYS] = '+', [SHOW_NEVER] = '-'};

void columns_init(struct table_choice *c, unsigned count)
{
	*c = (struct table_choice){.count = (uint8_t)count};
	for (unsigned i = 0; i < count; i++)
		c->order[i] = (uint8_t)i;
}

bool columns_are_plain(const struct table_choice *c)
{
	struct table_choice plain;

	columns_init(&plain, c->count);
	return memcmp(&plain, c, sizeof(plain)) == 0;
}

void columns_turn(struct table_choice *c, unsigned place)
{
	uint8_t *show = &c->show[c->order[place]];

	*show = (uint8_t)((*show + 1) % SHOW_KINDS);
}

unsigned columns_move(struct table_choice *c, unsigned place, int step)
{
	unsigned to = place + (unsigned)step;
	uint8_t moved = c->order[place];

	if (to >= c->count)
		return place;
	c->order[place] = c->order[to];
	c->order[to] = moved;
	return to;
}

/* --- as text ---------------------------------------------------------------------------------- */

static int column_of(const struct table_column *all, unsigned count, const char *name, size_t len)
{
	for (unsigned i = 0; i < count; i++) {
		if (strlen(all[i].sort) == len && !strncmp(all[i].sort, name, len))
			return (int)i;
	}
	return -1;
}

static uint8_t show_of(const char *word)
{
	return *word == '+' ? SHOW_ALWAYS : *word == '-' ? SHOW_NEVER : SHOW_IF_ROOM;
}

int columns_parse(struct table_choice *c, const struct table_column *all, unsigned count,
		  const char *text, struct err *e)
{
	struct table_choice out = {.count = (uint8_t)count};
	bool seen[TABLE_COLUMNS_MAX] = {false};
	unsigned n = 0;

	for (size_t len; *(text += strspn(text, " \t")); text += len) {
		uint8_t show = show_of(text);
		int column;

		text += show != SHOW_IF_ROOM;
		len = strcspn(text, " \t");
		column = column_of(all, count, text, len);
		if (column < 0)
			return err_set(e, -EINVAL, "there is no column %.*s", (int)len, text);
		if (seen[column])
			return err_set(e, -EINVAL, "%.*s is there twice", (int)len, text);
		seen[column] = true;
		out.show[column] = show;
		out.order[n++] = (uint8_t)column;
	}
	for (unsigned i = 0; i < count; i++) {
		if (!seen[i])
			out.order[n++] = (uint8_t)i;
	}
	*c = out;
	return 0;
}

const char *columns_text(const struct table_choice *c, const struct table_column *all,
			 char out[COLUMNS_TEXT_MAX])
{
	size_t len = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < c->count && len < COLUMNS_TEXT_MAX; i++) {
		char mark = marks[c->show[c->order[i]]];

		len += (size_t)snprintf(out + len, COLUMNS_TEXT_MAX - len, "%s%.*s%s", i ? " " : "",
					mark != '\0', &mark, all[c->order[i]].sort);
	}
	return out;
}
