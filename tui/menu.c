/* SPDX-License-Identifier: MIT */
#include "tui/menu.h"

#include <stdio.h>
#include <string.h>

#include "tui/app.h"
#include "tui/glyph.h"

enum { NAME_AT = 5 }; /* after the mark */

void menu_open(struct app *a, const struct menu *m, unsigned at)
{
	a->menu = (struct menu_state){.menu = m, .at = at};
}

void menu_close(struct app *a)
{
	const struct menu *m = a->menu.menu;

	if (m && m->closed)
		m->closed(a);
	a->menu.menu = NULL;
}

/* --- keys ------------------------------------------------------------------------------------- */

static void go(struct app *a, long to)
{
	long last = (long)a->menu.menu->count(a) - 1;

	a->menu.at = (unsigned)(to > last ? last : to < 0 ? 0 : to);
	if (last < 0)
		a->menu.at = 0;
}

/* It may close the box. */
static void choose(struct app *a, uint32_t key)
{
	const struct menu *m = a->menu.menu;
	unsigned to = m->count(a) ? m->key(a, a->menu.at, key) : 0;

	if (a->menu.menu == m)
		go(a, to);
}

void menu_key(struct app *a, uint32_t key)
{
	const struct menu *m = a->menu.menu;
	long at = a->menu.at, page = a->menu.area.height > 1 ? a->menu.area.height - 1 : 1;

	switch (key) {
	case INPUT_ESCAPE:
	case 'q': menu_close(a); break;
	case INPUT_UP:
	case INPUT_WHEEL_UP:
	case 'k': go(a, at - 1); break;
	case INPUT_DOWN:
	case INPUT_WHEEL_DOWN:
	case 'j': go(a, at + 1); break;
	case INPUT_PAGE_UP: go(a, at - page); break;
	case INPUT_PAGE_DOWN: go(a, at + page); break;
	case INPUT_HOME: go(a, 0); break;
	case INPUT_END: go(a, m->count(a)); break;
	default: choose(a, key); break;
	}
}

/* On the item under the cursor it is Enter; outside it leaves. */
void menu_click(struct app *a, int y, int x)
{
	const struct area *in = &a->menu.area;
	unsigned item = a->menu.top + (unsigned)(y - in->y);

	if (y < in->y || y >= in->y + in->height || x < in->x || x >= in->x + in->width)
		menu_close(a);
	else if (item == a->menu.at)
		menu_key(a, INPUT_ENTER);
	else
		go(a, item);
}

/* --- drawing ---------------------------------------------------------------------------------- */

static int name_width(const struct app *a)
{
	int widest = 0;

	for (unsigned i = 0; i < a->menu.menu->count(a); i++) {
		struct menu_item item = {.mark = ""};
		int width;

		a->menu.menu->item(a, i, &item);
		width = canvas_text_width(&a->canvas, item.name);
		widest = width > widest ? width : widest;
	}
	return widest;
}

/* All of it in the middle of the body, if it fits. */
static struct area box_of(const struct app *a, struct area body)
{
	int height = (int)a->menu.menu->count(a) + 2, width = body.width < 84 ? body.width - 4 : 80;

	if (height > body.height)
		height = body.height;
	if (width < 20)
		width = body.width;
	return (struct area){.x = body.x + (body.width - width) / 2,
			     .y = body.y + (body.height - height) / 2,
			     .width = width,
			     .height = height};
}

static void draw_edge(struct canvas *c, struct area box, int y)
{
	canvas_fill(c, y, box.x, box.width, STYLE_DIM, glyph(GLYPH_LINE, c->utf8));
}

static void draw_frame(struct app *a, struct area box)
{
	struct canvas *c = &a->canvas;

	for (int y = box.y; y < box.y + box.height; y++) {
		canvas_fill(c, y, box.x, box.width, STYLE_NORMAL, " ");
		canvas_text(c, y, box.x, 1, STYLE_DIM, glyph(GLYPH_RAIL, c->utf8));
		canvas_text(c, y, box.x + box.width - 1, 1, STYLE_DIM, glyph(GLYPH_RAIL, c->utf8));
	}
	draw_edge(c, box, box.y);
	canvas_printf(c, box.y, box.x + 2, box.width - 4, STYLE_STRONG, " %s ",
		      a->menu.menu->title);
	draw_edge(c, box, box.y + box.height - 1);
	canvas_printf(c, box.y + box.height - 1, box.x + 2, box.width - 4, STYLE_KEY, " %s ",
		      a->menu.menu->keys);
}

static void draw_item(struct app *a, unsigned i, int y, int names)
{
	const struct area *in = &a->menu.area;
	struct menu_item item = {.mark = ""};
	int help = NAME_AT + names + 2;

	a->menu.menu->item(a, i, &item);
	canvas_text(&a->canvas, y, in->x + 1, NAME_AT - 1, STYLE_KEY, item.mark);
	canvas_field(&a->canvas, y, in->x + NAME_AT, names, ALIGN_LEFT, STYLE_STRONG, item.name);
	if (help < in->width)
		canvas_field(&a->canvas, y, in->x + help, in->width - help, ALIGN_LEFT,
			     STYLE_NORMAL, item.help);
	if (i == a->menu.at)
		canvas_restyle(&a->canvas, y, in->x, in->width, STYLE_SELECTED);
}

void menu_draw(struct app *a, struct area body)
{
	struct area box = box_of(a, body), *in = &a->menu.area;
	unsigned count = a->menu.menu->count(a), *top = &a->menu.top;
	int names = name_width(a);

	draw_frame(a, box);
	*in = (struct area){box.x + 1, box.y + 1, box.width - 2, box.height - 2};
	if (names > in->width - NAME_AT)
		names = in->width - NAME_AT;
	if (in->height < 1)
		return;
	if (a->menu.at < *top)
		*top = a->menu.at;
	if (a->menu.at >= *top + (unsigned)in->height)
		*top = a->menu.at - (unsigned)in->height + 1;
	for (int i = 0; i < in->height && *top + (unsigned)i < count; i++)
		draw_item(a, *top + (unsigned)i, in->y + i, names);
}
