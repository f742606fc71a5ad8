/* SPDX-License-Identifier: MIT */
#include "tui/canvas.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/vis.h"
#include "tui/glyph.h"

static const struct cell blank = {.text = " ", .len = 1, .width = 1, .style = STYLE_NORMAL};

/* One character of a text: what will be shown for it. */
struct unit {
	const char *text;
	unsigned len;	/* bytes to show */
	unsigned taken; /* bytes of the input; 0 = end */
	int width;	/* 0 = combining mark */
};

/* Characters that reorder or hide others: never shown as themselves (see base/vis.h). */
static bool is_unsafe(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || (cp >= 0x200b && cp <= 0x200f) ||
	       (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2060 && cp <= 0x2069) || cp == 0xfeff;
}

static struct unit unit_of(enum glyph g, bool utf8, unsigned taken)
{
	const char *text = glyph(g, utf8);

	return (struct unit){
		.text = text, .len = (unsigned)strlen(text), .taken = taken, .width = 1};
}

static struct unit next_unit(const struct canvas *c, const char *text)
{
	uint32_t cp;
	unsigned n;
	int width;

	if (!*text)
		return (struct unit){.taken = 0};
	n = utf8_decode((const uint8_t *)text, strlen(text), &cp);
	if (!n)
		return unit_of(GLYPH_REPLACED, c->utf8, 1);
	if (is_unsafe(cp) || (!c->utf8 && cp >= 0x80))
		return unit_of(GLYPH_REPLACED, c->utf8, n);
	width = cp < 0x7f ? 1 : wcwidth((wchar_t)cp);
	if (width < 0)
		return unit_of(GLYPH_REPLACED, c->utf8, n);
	return (struct unit){.text = text, .len = n, .taken = n, .width = width};
}

int canvas_init(struct canvas *c, int width, int height, bool utf8)
{
	*c = (struct canvas){.utf8 = utf8};
	return canvas_resize(c, width, height);
}

void canvas_done(struct canvas *c)
{
	free(c->cells);
	c->cells = NULL;
	c->width = c->height = 0;
}

static void blank_cells(struct cell *cells, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		cells[i] = blank;
}

int canvas_resize(struct canvas *c, int width, int height)
{
	bool keep = width == c->width && height >= c->height;
	size_t used = keep ? (size_t)c->width * (size_t)c->height : 0;
	size_t count = (size_t)width * (size_t)height;
	struct cell *cells = realloc(c->cells, (count ? count : 1) * sizeof(*cells));

	if (!cells)
		return -ENOMEM;
	blank_cells(cells, used, count);
	c->cells = cells;
	c->width = width;
	c->height = height;
	return 0;
}

void canvas_clear(struct canvas *c)
{
	blank_cells(c->cells, 0, (size_t)c->width * (size_t)c->height);
}

static struct cell *cell_at(struct canvas *c, int y, int x)
{
	if (y < 0 || y >= c->height || x < 0 || x >= c->width)
		return NULL;
	return &c->cells[(size_t)y * (size_t)c->width + (size_t)x];
}

const struct cell *canvas_at(const struct canvas *c, int y, int x)
{
	if (y < 0 || y >= c->height || x < 0 || x >= c->width)
		return NULL;
	return &c->cells[(size_t)y * (size_t)c->width + (size_t)x];
}

/* Before a cell is overwritten: the other half of a wide character there becomes a blank. */
static void unpair(struct canvas *c, int y, int x)
{
	struct cell *cell = cell_at(c, y, x), *other;

	if (!cell || cell->width == 1)
		return;
	other = cell_at(c, y, cell->width == 2 ? x + 1 : x - 1);
	if (other) {
		other->text[0] = ' ';
		other->len = other->width = 1;
	}
}

/* A wide character that the left edge cuts shows as a blank half. */
static void put_unit(struct canvas *c, int y, int x, enum style style, const struct unit *u)
{
	struct cell *cell = cell_at(c, y, x);

	for (int i = 0; i < u->width; i++)
		unpair(c, y, x + i);
	if (!cell)
		return;
	*cell = (struct cell){.len = (uint8_t)u->len, .width = (uint8_t)u->width,
			      .style = (uint8_t)style};
	memcpy(cell->text, u->text, u->len);
	if (u->width == 2)
		*cell_at(c, y, x + 1) = (struct cell){.style = (uint8_t)style};
}

static void add_mark(struct canvas *c, int y, int x, const struct unit *mark)
{
	struct cell *cell = cell_at(c, y, x);

	if (cell && !cell->width)
		cell = cell_at(c, y, x - 1);
	if (!cell || mark->len > (unsigned)(CELL_BYTES - cell->len))
		return;
	memcpy(cell->text + cell->len, mark->text, mark->len);
	cell->len = (uint8_t)(cell->len + mark->len);
}

int canvas_text(struct canvas *c, int y, int x, int width, enum style style, const char *text)
{
	int used = 0;
	struct unit u;

	if (width > c->width - x)
		width = c->width - x;
	for (; (u = next_unit(c, text)).taken; text += u.taken) {
		if (!u.width && used) {
			add_mark(c, y, x + used - 1, &u);
			continue;
		}
		if (!u.width) { /* a mark that follows nothing */
			struct unit holder = unit_of(GLYPH_MARK_HOLDER, c->utf8, 0);

			if (width < 1)
				break;
			put_unit(c, y, x, style, &holder);
			add_mark(c, y, x, &u);
			used = 1;
			continue;
		}
		if (u.width > width - used)
			break;
		put_unit(c, y, x + used, style, &u);
		used += u.width;
	}
	return used;
}

int canvas_printf(struct canvas *c, int y, int x, int width, enum style style, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return canvas_text(c, y, x, width, style, text);
}

int canvas_text_width(const struct canvas *c, const char *text)
{
	int width = 0;
	struct unit u;

	for (; (u = next_unit(c, text)).taken; text += u.taken)
		width += u.width || width ? u.width : 1;
	return width;
}

void canvas_fill(struct canvas *c, int y, int x, int width, enum style style,
		 const char *text)
{
	struct unit u = next_unit(c, text);

	for (int i = 0; i < width; i++)
		put_unit(c, y, x + i, style, &u);
}

void canvas_field(struct canvas *c, int y, int x, int width, enum align align, enum style style,
		  const char *text)
{
	int wanted = canvas_text_width(c, text);

	canvas_fill(c, y, x, width, style, " ");
	if (wanted > width) {
		canvas_text(c, y, x, width - 1, style, text);
		canvas_text(c, y, x + width - 1, 1, style, glyph(GLYPH_CUT, c->utf8));
		return;
	}
	canvas_text(c, y, align == ALIGN_RIGHT ? x + width - wanted : x, wanted, style, text);
}

void canvas_restyle(struct canvas *c, int y, int x, int width, enum style style)
{
	for (int i = 0; i < width; i++) {
		struct cell *cell = cell_at(c, y, x + i);

		if (cell)
			cell->style = (uint8_t)style;
	}
}

void canvas_copy(struct canvas *c, struct area to, const struct canvas *src, int from)
{
	int width = to.width < src->width ? to.width : src->width;

	for (int row = 0; row < to.height && from + row < src->height; row++) {
		for (int i = 0; i < width; i++) {
			const struct cell *cell = canvas_at(src, from + row, i);
			struct cell *target = cell_at(c, to.y + row, to.x + i);

			if (!cell || !target)
				continue;
			/* The right edge may cut a wide character in half. */
			*target = cell->width == 2 && i + 1 >= width ? blank : *cell;
		}
	}
}

static void dump_row(const struct canvas *c, int y, struct buf *out)
{
	size_t end = out->len;

	for (int x = 0; x < c->width; x++) {
		const struct cell *cell = canvas_at(c, y, x);

		buf_put(out, cell->text, cell->len);
		if (cell->len > 1 || (cell->len == 1 && cell->text[0] != ' '))
			end = out->len;
	}
	out->len = end;
	buf_putc(out, '\n');
}

void canvas_dump(const struct canvas *c, struct buf *out)
{
	for (int y = 0; y < c->height; y++)
		dump_row(c, y, out);
}
