/* SPDX-License-Identifier: MIT */
#include "tui/seek.h"

#include <stdio.h>

#include "tui/app.h"

void seek_from(struct app *a, uint32_t from, int step)
{
	a->seek.ticket++;
	a->seek.from = from;
	a->seek.step = step;
}

void seek_row(struct app *a, int step)
{
	seek_from(a, a->list->table.cursor, step);
}

void seek_query(const struct app *a, struct query *q)
{
	if (a->seek.done == a->seek.ticket || !*a->sought)
		return;
	snprintf(q->find, sizeof(q->find), "%s", a->sought);
	q->find_from = a->seek.from;
	q->find_step = (int8_t)a->seek.step;
	q->find_ticket = a->seek.ticket;
}

void seek_take(struct app *a, const struct snapshot *s)
{
	struct table_source source;

	if (a->seek.done == a->seek.ticket || s->find_ticket != a->seek.ticket)
		return;
	a->seek.done = a->seek.ticket;
	a->seek.finds = s->finds;
	a->seek.nothing = s->found < 0;
	if (a->seek.nothing) {
		if (a->asking < 0)
			app_say(a, "no row has this");
		return;
	}
	list_source(a, &source);
	table_point(&a->list->table, &source, (uint32_t)s->found);
}
