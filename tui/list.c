/* SPDX-License-Identifier: MIT */
#include "tui/list.h"

#include <stdio.h>
#include <string.h>

#include "tui/app.h"

enum { EXACT_WIDTH = 12 }; /* 999 GB, or 16 minutes in ns */

void list_init(struct list *l, const struct list_kind *kind)
{
	*l = (struct list){.kind = kind, .group = kind->group};
	table_init(&l->table);
	columns_init(&l->choice, kind->column_count);
	for (unsigned i = 0; i < kind->column_count; i++)
		l->fields[i] = kind->field(kind->columns[i].sort);
	for (unsigned i = 0; kind->sort && i < kind->column_count; i++) {
		if (!strcmp(kind->columns[i].sort, kind->sort))
			l->table.sort = (int)i;
	}
	l->table.descending = kind->sort != NULL;
}

/* --- source of the table -------------------------------------------------------------------- */

static const void *row_at(const struct app *a, uint32_t row)
{
	return snapshot_row(a->snapshot, row);
}

/* Rows of every kind begin with their id. */
static uint64_t row_id(const void *ctx, uint32_t row)
{
	uint64_t id;

	memcpy(&id, row_at(ctx, row), sizeof(id));
	return id;
}

static bool row_faded(const void *ctx, uint32_t row)
{
	const struct app *a = ctx;

	return a->list->kind->faded && a->list->kind->faded(row_at(a, row));
}

static bool row_tagged(const void *ctx, uint32_t row)
{
	const struct app *a = ctx;

	return a->list->tagged.count && id_set_has(&a->list->tagged, row_id(ctx, row));
}

static void fill_cell(const struct app *a, const void *row, unsigned column, struct table_cell *out)
{
	const struct table_column *col = &a->list->kind->columns[column];
	const struct list_cell c = {.app = a, .row = row, .field = a->list->fields[column],
				    .out = out};

	col->cell(&c);
}

static void row_cell(const void *ctx, uint32_t row, unsigned column, struct table_cell *out)
{
	fill_cell(ctx, row_at(ctx, row), column, out);
}

/* How many they are stands in the first column, if that is no sum itself. */
static bool total_cell(const void *ctx, unsigned column, struct table_cell *out)
{
	const struct app *a = ctx;
	const struct list *l = a->list;
	const struct snapshot *s = a->snapshot;
	bool sum = l->kind->columns[column].kind == COLUMN_SUM;

	if (!app_answered(a) || (sum && !s->sums))
		return false;
	if (sum)
		fill_cell(a, s->sums, column, out);
	else if (column == l->table.layout.at[0].column)
		snprintf(out->text, sizeof(out->text), "%u %s", s->matched,
			 s->matched == 1 ? l->kind->one : l->kind->many);
	return *out->text;
}

void list_source(const struct app *a, struct table_source *s)
{
	const struct list_kind *kind = a->list->kind;

	*s = (struct table_source){
		.columns = kind->columns,
		.column_count = kind->column_count,
		.choice = &a->list->choice,
		.ctx = a,
		.id = row_id,
		.cell = row_cell,
		.faded = row_faded,
		.tagged = row_tagged,
		.foot = a->totals ? total_cell : NULL,
		.number_width = a->exact ? EXACT_WIDTH : 0,
		.follow_index = -1,
	};
	if (!app_answered(a))
		return;
	s->offset = a->snapshot->offset;
	s->count = a->snapshot->row_count;
	s->total = a->snapshot->matched;
	s->follow_index = a->snapshot->follow_index;
}

const void *list_row(const struct app *a)
{
	struct table_source source;
	int64_t row;

	list_source(a, &source);
	row = table_cursor_in_window(&a->list->table, &source);
	return row < 0 ? NULL : row_at(a, (uint32_t)row);
}

/* --- view ----------------------------------------------------------------------------------- */

/* What the view, the scope and the user ask for, all at once; "" = nothing. */
static void put_filter(char out[QUERY_FILTER_MAX], const struct app *a)
{
	const struct list *l = a->list;
	const char *parts[] = {l->kind->only, l->kind->of == QUERY_FLOWS ? a->scope.only : NULL,
			       l->filter};
	size_t len = 0;

	out[0] = '\0';
	for (int i = 0; i < 3; i++) {
		if (parts[i] && *parts[i] && len < QUERY_FILTER_MAX)
			len += (size_t)snprintf(out + len, QUERY_FILTER_MAX - len, "%s(%s)",
						len ? " and " : "", parts[i]);
	}
}

/* Groups are of the flows that the list of flows shows. */
static void put_flows_filter(char out[QUERY_FILTER_MAX], const struct app *a)
{
	const struct list *flows = &a->lists[view_index(&view_flows)];

	if (a->list->kind == view_groups.list)
		snprintf(out, QUERY_FILTER_MAX, "%s", flows->filter);
}

static void put_sums(const char *out[SUMS_MAX], const struct list_kind *kind)
{
	unsigned n = 0;

	for (unsigned i = 0; i < kind->column_count && n < SUMS_MAX; i++) {
		if (kind->columns[i].kind == COLUMN_SUM)
			out[n++] = kind->columns[i].sort;
	}
}

void list_query(const struct app *a, struct query *q)
{
	const struct list *l = a->list;

	q->of = l->kind->of;
	q->pid = q->of == QUERY_PROCESSES ? 0 : a->scope.pid;
	snprintf(q->group, sizeof(q->group), "%s", l->group ? l->group : "");
	if (l->table.sort >= 0)
		snprintf(q->sort, sizeof(q->sort), "%s", l->kind->columns[l->table.sort].sort);
	q->descending = l->table.descending;
	put_filter(q->filter, a);
	put_flows_filter(q->flows, a);
	if (a->totals)
		put_sums(q->sums, l->kind);
	if (l->only_tagged)
		q->only = l->tagged;
	q->tree = a->tree && q->of == QUERY_PROCESSES;
	if (q->tree)
		q->folded = l->folded;
	seek_query(a, q);
	table_window(&l->table, &q->offset, &q->limit);
	q->follow_id = l->table.cursor_id;
}

/* Why the list is empty, in the middle of it. */
static void draw_empty(struct app *a, struct area area)
{
	const struct snapshot *s = a->snapshot;
	const char *many = a->list->kind->many, *dots = a->canvas.utf8 ? "…" : "...";
	char text[PROMPT_MAX + 128];
	int width;

	if (s && s->total && a->list->only_tagged)
		snprintf(text, sizeof(text), "none of the tagged %s is here", many);
	else if (s && s->total && *a->list->filter)
		snprintf(text, sizeof(text), "no %s has \"%s\"", a->list->kind->one,
			 a->list->filter);
	else if (s && *a->scope.name)
		snprintf(text, sizeof(text), "no %s of %s", many, a->scope.name);
	else if (s && s->finished)
		snprintf(text, sizeof(text), "no %s in %s", many, app_source_name(a));
	else if (s && s->summary.packets > 0)
		snprintf(text, sizeof(text), "%lld packets, no %s yet",
			 (long long)s->summary.packets, a->list->kind->one);
	else
		snprintf(text, sizeof(text), "waiting for the first packets on %s %s",
			 app_source_name(a), dots);
	width = canvas_text_width(&a->canvas, text);
	if (width > area.width)
		width = area.width;
	canvas_text(&a->canvas, area.y + (area.height + 1) / 2, area.x + (area.width - width) / 2,
		    width, STYLE_DIM, text);
}

void list_draw(struct app *a, struct area area)
{
	struct table_source s;

	list_source(a, &s);
	table_draw(&a->list->table, &a->canvas, area, &s);
	if (!s.total && (!a->snapshot || app_answered(a)))
		draw_empty(a, area);
}

void list_move(struct app *a, enum move how)
{
	struct table *t = &a->list->table;
	struct table_source s;
	int page = t->page > 1 ? t->page - 1 : 1; /* one line stays in sight */

	list_source(a, &s);
	switch (how) {
	case MOVE_UP: table_move(t, &s, -1); break;
	case MOVE_DOWN: table_move(t, &s, 1); break;
	case MOVE_PAGE_UP: table_move(t, &s, -page); break;
	case MOVE_PAGE_DOWN: table_move(t, &s, page); break;
	case MOVE_HOME: table_home(t); break;
	case MOVE_END: table_end(t, &s); break;
	}
}

void list_click(struct app *a, int y, int x)
{
	struct table *t = &a->list->table;
	struct table_source s;
	uint32_t index;

	list_source(a, &s);
	switch (table_hit(t, &s, y, x, &index)) {
	case TABLE_HIT_ROW:
		/* A second click on a row opens it. */
		if (t->sticky && t->cursor == index && list_row(a))
			app_open(a);
		else
			table_point(t, &s, index);
		break;
	case TABLE_HIT_TITLE:
		if (!a->paused)
			table_sort_by(t, &s, index);
		break;
	case TABLE_HIT_NONE: break;
	}
}
