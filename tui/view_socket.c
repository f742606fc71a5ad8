/* SPDX-License-Identifier: MIT
 *
 * One socket: every field that is known, made from the table of fields.
 */
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

#include "flow/rows/socket_field.h"
#include "tui/app.h"
#include "tui/glyph.h"

enum { NAME_WIDTH = 24, VALUE_WIDTH = 28 };

/* The cursor sticks to the socket that was opened for as long as the engine has it. */
static void update(struct app *a)
{
	const struct socket_row *row = list_row(a);

	if (row && row->id == a->open_socket.id)
		a->open_socket = *row;
	a->open_gone = a->list->table.cursor_id != a->open_socket.id;
}

static void write_title(struct page *p, const struct app *a)
{
	const struct socket_row *s = &a->open_socket;
	char text[3 * ROW_END_MAX];

	snprintf(text, sizeof(text), "%s%s%s  %s %s %s", s->process.name,
		 *s->process.name ? " " : "", *s->proto ? s->proto : s->family, s->local.address,
		 glyph(GLYPH_ARROW, a->canvas.utf8), *s->remote.address ? s->remote.address : "-");
	page_wrap(p, 0, STYLE_STRONG, text);
	if (a->open_gone)
		page_wrap(p, 0, STYLE_WARN, "this socket is forgotten: last known values");
}

/* Short values share their line with what they mean; long ones take what they need. */
static void write_field(struct page *p, const struct app *a, const struct field *f)
{
	char text[FIELD_TEXT_MAX];
	int help = NAME_WIDTH + VALUE_WIDTH + 2;

	field_text(f, &a->open_socket, !a->exact, text, sizeof(text));
	page_put(p, 2, NAME_WIDTH - 3, STYLE_DIM, f->name);
	if (canvas_text_width(&a->canvas, text) > VALUE_WIDTH || p->width - help < 20) {
		page_wrap(p, NAME_WIDTH, STYLE_NORMAL, text);
		return;
	}
	page_put(p, NAME_WIDTH, VALUE_WIDTH, STYLE_NORMAL, text);
	page_put(p, help, p->width - help, STYLE_DIM, f->help);
	page_next(p);
}

static void draw(struct app *a, struct area area)
{
	struct page *p = &a->page;
	unsigned count;
	const struct field *all = socket_fields(&count);

	page_begin(p, area.width, a->canvas.utf8);
	page_column(p, 1, area.width - 2, 0);
	write_title(p, a);
	page_heading(p, "Socket");
	for (unsigned i = 0; i < count; i++) {
		if (field_present(&all[i], &a->open_socket))
			write_field(p, a, &all[i]);
	}
	page_draw(p, &a->canvas, area);
}

const struct view view_socket = {
	.name = "socket",
	.title = "Socket",
	.help = "everything known about one socket",
	.update = update,
	.draw = draw,
	.move = view_page_move,
};
