/* SPDX-License-Identifier: MIT */
#include "tui/table.h"

#include <stdio.h>
#include <string.h>

#include "base/fmt.h"
#include "tui/glyph.h"

enum { FOOT_LEAST_HEIGHT = 6 }; /* below, rows are worth more than their sum */

void table_init(struct table *t)
{
	*t = (struct table){.sort = -1};
}

/* --- cursor --------------------------------------------------------------------------------- */

static bool at_hand(const struct table_source *s, uint32_t index)
{
	return index >= s->offset && index - s->offset < s->count;
}

int64_t table_cursor_in_window(const struct table *t, const struct table_source *s)
{
	return at_hand(s, t->cursor) ? (int64_t)t->cursor - s->offset : -1;
}

bool table_complete(const struct table *t, const struct table_source *s)
{
	uint32_t end = t->top + (t->page > 0 ? (uint32_t)t->page : 0);

	if (end > s->total)
		end = s->total;
	return t->top >= end || (at_hand(s, t->top) && at_hand(s, end - 1));
}

static int64_t find_row(const struct table_source *s, uint64_t id)
{
	for (uint32_t i = 0; i < s->count; i++) {
		if (s->id(s->ctx, i) == id)
			return (int64_t)s->offset + i;
	}
	return s->follow_index;
}

/* Remember which row the cursor is on, if that is known. */
static void stick(struct table *t, const struct table_source *s)
{
	int64_t row = table_cursor_in_window(t, s);

	t->cursor_id = t->sticky && row >= 0 ? s->id(s->ctx, (uint32_t)row) : 0;
}

static void scroll_to_cursor(struct table *t, const struct table_source *s)
{
	uint32_t page = t->page > 0 ? (uint32_t)t->page : 1;
	uint32_t last_top = s->total > page ? s->total - page : 0;

	if (t->cursor < t->top)
		t->top = t->cursor;
	if (t->cursor - t->top >= page)
		t->top = t->cursor - page + 1;
	if (t->top > last_top)
		t->top = last_top;
}

static void clamp_cursor(struct table *t, const struct table_source *s)
{
	if (t->cursor >= s->total)
		t->cursor = s->total ? s->total - 1 : 0;
}

void table_update(struct table *t, const struct table_source *s)
{
	int64_t index = t->cursor_id ? find_row(s, t->cursor_id) : -1;

	if (index >= 0)
		t->cursor = (uint32_t)index;
	clamp_cursor(t, s);
	if (index < 0)
		stick(t, s);
	scroll_to_cursor(t, s);
}

void table_point(struct table *t, const struct table_source *s, uint32_t index)
{
	t->cursor = index;
	t->sticky = true;
	clamp_cursor(t, s);
	stick(t, s);
	scroll_to_cursor(t, s);
}

void table_move(struct table *t, const struct table_source *s, int64_t rows)
{
	int64_t to = (int64_t)t->cursor + rows;

	table_point(t, s, to < 0 ? 0 : to > UINT32_MAX ? UINT32_MAX : (uint32_t)to);
}

void table_home(struct table *t)
{
	t->cursor = t->top = 0;
	t->cursor_id = 0;
	t->sticky = false;
}

void table_end(struct table *t, const struct table_source *s)
{
	table_point(t, s, UINT32_MAX);
}

void table_window(const struct table *t, uint32_t *offset, uint32_t *limit)
{
	uint32_t page = t->page > 0 ? (uint32_t)t->page : 100;

	*offset = t->top > page ? t->top - page : 0;
	*limit = 3 * page;
}

static enum align align_of(const struct table_column *c)
{
	return c->kind == COLUMN_TEXT ? ALIGN_LEFT : ALIGN_RIGHT;
}

/* --- sorting -------------------------------------------------------------------------------- */

void table_sort_by(struct table *t, const struct table_source *s, unsigned column)
{
	if (column >= s->column_count || !s->columns[column].sort)
		return;
	if (t->sort == (int)column) {
		t->descending = !t->descending;
		return;
	}
	t->sort = (int)column;
	/* Numbers are read from the largest, names from A. */
	t->descending = align_of(&s->columns[column]) == ALIGN_RIGHT;
}

void table_sort_step(struct table *t, const struct table_source *s, int step)
{
	int n = t->layout.count, at = step > 0 ? -1 : 0;

	for (int i = 0; i < n; i++) {
		if (t->layout.at[i].column == t->sort)
			at = i;
	}
	for (int tries = 0; tries < n; tries++) {
		unsigned column;

		at = (at + step + n) % n;
		column = t->layout.at[at].column;
		if (!s->columns[column].sort || t->sort == (int)column)
			continue;
		table_sort_by(t, s, column);
		return;
	}
}

/* --- layout --------------------------------------------------------------------------------- */

struct fit {
	bool shown[TABLE_COLUMNS_MAX];
	int width[TABLE_COLUMNS_MAX];
	int left; /* columns of the screen not given away */
};

static int least_width(const struct table_source *s, unsigned column)
{
	int width = s->columns[column].width;

	return align_of(&s->columns[column]) == ALIGN_RIGHT && width < s->number_width
		       ? s->number_width
		       : width;
}

/* The column at a place from the left. */
static unsigned column_at(const struct table_source *s, unsigned place)
{
	return s->choice ? s->choice->order[place] : place;
}

enum { HIDDEN = -1 };

/* 0 is always shown; the highest goes first on narrow screens. */
static int priority_of(const struct table_source *s, unsigned column)
{
	switch (s->choice ? s->choice->show[column] : SHOW_IF_ROOM) {
	case SHOW_ALWAYS: return 0;
	case SHOW_NEVER: return HIDDEN;
	default: return s->columns[column].priority;
	}
}

static int highest_priority(const struct table_source *s)
{
	int highest = 0;

	for (unsigned i = 0; i < s->column_count; i++) {
		if (priority_of(s, i) > highest)
			highest = priority_of(s, i);
	}
	return highest;
}

static void show_columns(struct fit *f, const struct table_source *s, int priority, int gap)
{
	for (unsigned place = 0; place < s->column_count; place++) {
		unsigned i = column_at(s, place);
		int need = least_width(s, i) + gap;

		if (priority_of(s, i) != priority || f->left <= gap)
			continue;
		if (need > f->left && priority > 0)
			continue;
		if (need > f->left)
			need = f->left; /* always shown, if cut */
		f->shown[i] = true;
		f->width[i] = need - gap;
		f->left -= need;
	}
}

static void grow_columns(struct fit *f, const struct table_source *s, int priority)
{
	for (unsigned place = 0; place < s->column_count && f->left > 0; place++) {
		unsigned i = column_at(s, place);
		int more = s->columns[i].max_width - f->width[i];

		if (priority_of(s, i) != priority || !f->shown[i])
			continue;
		if (more > f->left)
			more = f->left;
		if (more < 0)
			more = 0;
		f->width[i] += more;
		f->left -= more;
	}
}

/* Everything by priority at its least width, then the rest of the room in the same order. */
static void lay_out(struct table *t, const struct table_source *s, int width)
{
	int gap = width >= 100 ? 2 : 1, margin = width >= 40 ? 1 : 0;
	int highest = highest_priority(s), x = margin;
	struct fit f = {.left = width - 2 * margin + gap};

	for (int p = 0; p <= highest; p++)
		show_columns(&f, s, p, gap);
	for (int p = 0; p <= highest; p++)
		grow_columns(&f, s, p);
	t->layout.count = 0;
	for (unsigned place = 0; place < s->column_count; place++) {
		unsigned i = column_at(s, place);

		if (!f.shown[i])
			continue;
		t->layout.at[t->layout.count].column = (uint8_t)i;
		t->layout.at[t->layout.count].x = (int16_t)x;
		t->layout.at[t->layout.count++].width = (int16_t)f.width[i];
		x += f.width[i] + gap;
	}
}

/* --- drawing -------------------------------------------------------------------------------- */

static void draw_titles(const struct table *t, struct canvas *c, const struct table_source *s)
{
	canvas_fill(c, t->area.y, t->area.x, t->area.width, STYLE_TITLE, " ");
	for (int i = 0; i < t->layout.count; i++) {
		const struct table_column *col = &s->columns[t->layout.at[i].column];
		bool sorted = t->sort == t->layout.at[i].column;
		int room = sorted ? t->layout.at[i].width - 1 : 60; /* the sign stays */
		char text[64];

		snprintf(text, sizeof(text), "%.*s%s", room, col->title,
			 sorted ? glyph(t->descending ? GLYPH_DESCENDING : GLYPH_ASCENDING, c->utf8)
				: "");
		canvas_field(c, t->area.y, t->area.x + t->layout.at[i].x, t->layout.at[i].width,
			     align_of(col), sorted ? STYLE_TITLE_SORT : STYLE_TITLE, text);
	}
}

/* A count that is too long for its column: 299995 as 300k, rather than 2999… */
static void shorten(struct table_cell *cell, int width)
{
	size_t digits = strspn(cell->text, "0123456789");
	uint64_t v;

	if (digits > (size_t)width && !cell->text[digits] && parse_u64(&v, cell->text, UINT64_MAX))
		fmt_count(cell->text, v);
}

static void draw_cell(struct canvas *c, int y, int x, int width, enum align align,
		      const struct table_cell *cell)
{
	int right = cell->right[0] ? canvas_text_width(c, cell->right) + 1 : 0;

	if (right >= width)
		right = 0;
	canvas_field(c, y, x, width - right, align, cell->style, cell->text);
	if (right)
		canvas_field(c, y, x + width - right, right, ALIGN_RIGHT, STYLE_DIM, cell->right);
}

/* What has ended fades, but not what went wrong in it. */
static uint8_t fade(uint8_t style)
{
	return style == STYLE_BAD || style == STYLE_WARN ? style : (uint8_t)STYLE_DIM;
}

static void draw_row(const struct table *t, struct canvas *c, const struct table_source *s, int y,
		     uint32_t row)
{
	bool faded = s->faded(s->ctx, row);

	for (int i = 0; i < t->layout.count; i++) {
		unsigned column = t->layout.at[i].column;
		struct table_cell cell = {.style = STYLE_NORMAL,
					  .width = (uint16_t)t->layout.at[i].width};

		s->cell(s->ctx, row, column, &cell);
		shorten(&cell, cell.width);
		if (faded)
			cell.style = fade(cell.style);
		draw_cell(c, y, t->area.x + t->layout.at[i].x, t->layout.at[i].width,
			  align_of(&s->columns[column]), &cell);
	}
	if (s->tagged && s->tagged(s->ctx, row))
		canvas_text(c, y, t->area.x, 1, STYLE_WARN, glyph(GLYPH_TAG, c->utf8));
	if (s->offset + row == t->cursor)
		canvas_restyle(c, y, t->area.x, t->area.width, STYLE_SELECTED);
}

static void draw_foot(const struct table *t, struct canvas *c, const struct table_source *s)
{
	int y = t->area.y + t->area.height - 1;

	canvas_fill(c, y, t->area.x, t->area.width, STYLE_TOTAL, " ");
	for (int i = 0; i < t->layout.count; i++) {
		unsigned column = t->layout.at[i].column;
		struct table_cell cell = {.style = STYLE_TOTAL};

		if (!s->foot(s->ctx, column, &cell))
			continue;
		shorten(&cell, t->layout.at[i].width);
		canvas_field(c, y, t->area.x + t->layout.at[i].x, t->layout.at[i].width,
			     align_of(&s->columns[column]), STYLE_TOTAL, cell.text);
	}
}

void table_draw(struct table *t, struct canvas *c, struct area area, const struct table_source *s)
{
	t->area = area;
	t->foot = s->foot && area.height >= FOOT_LEAST_HEIGHT;
	t->page = area.height > 1 ? area.height - 1 - t->foot : 0;
	lay_out(t, s, area.width);
	scroll_to_cursor(t, s);
	if (area.height < 1)
		return;
	draw_titles(t, c, s);
	for (int i = 0; i < t->page; i++) {
		uint32_t index = t->top + (uint32_t)i;

		if (at_hand(s, index))
			draw_row(t, c, s, area.y + 1 + i, index - s->offset);
	}
	if (t->foot)
		draw_foot(t, c, s);
}

enum table_hit table_hit(const struct table *t, const struct table_source *s, int y, int x,
			 uint32_t *index)
{
	y -= t->area.y;
	x -= t->area.x;
	if (y < 0 || y > t->page || x < 0 || x >= t->area.width)
		return TABLE_HIT_NONE;
	if (y > 0) {
		*index = t->top + (uint32_t)y - 1;
		return *index < s->total ? TABLE_HIT_ROW : TABLE_HIT_NONE;
	}
	for (int i = 0; i < t->layout.count; i++) {
		if (x < t->layout.at[i].x || x >= t->layout.at[i].x + t->layout.at[i].width)
			continue;
		*index = t->layout.at[i].column;
		return TABLE_HIT_TITLE;
	}
	return TABLE_HIT_NONE;
}
