/* SPDX-License-Identifier: MIT */
#include "tui/page.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_HEIGHT = 64, MAX_HEIGHT = 4096 };

void page_done(struct page *p)
{
	canvas_done(&p->sheet);
}

void page_begin(struct page *p, int width, bool utf8)
{
	int height = p->sheet.height ? p->sheet.height : FIRST_HEIGHT;

	p->sheet.utf8 = utf8;
	if (p->sheet.width != width && canvas_resize(&p->sheet, width, height))
		canvas_done(&p->sheet); /* out of memory: an empty page */
	canvas_clear(&p->sheet);
	p->lines = 0;
	page_column(p, 0, width, 0);
}

void page_column(struct page *p, int x, int width, int line)
{
	p->x = x;
	p->width = width;
	p->line = line;
}

static void write_at(struct page *p, int at, int width, enum align align, enum style style,
		     const char *text)
{
	if (width > p->width - at)
		width = p->width - at;
	if (p->line >= p->sheet.height && p->sheet.height && p->sheet.height < MAX_HEIGHT)
		(void)canvas_resize(&p->sheet, p->sheet.width, 2 * p->sheet.height);
	canvas_field(&p->sheet, p->line, p->x + at, width, align, style, text);
	if (p->line >= p->lines)
		p->lines = p->line + 1;
}

void page_put(struct page *p, int at, int width, enum style style, const char *text)
{
	write_at(p, at, width, ALIGN_LEFT, style, text);
}

void page_put_right(struct page *p, int at, int width, enum style style, const char *text)
{
	write_at(p, at, width, ALIGN_RIGHT, style, text);
}

void page_next(struct page *p)
{
	p->line++;
}

void page_heading(struct page *p, const char *text)
{
	if (p->line)
		page_next(p);
	page_put(p, 0, p->width, STYLE_STRONG, text);
	page_next(p);
}

void page_wrap(struct page *p, int at, enum style style, const char *text)
{
	int room = p->width - at;

	while (*text && room > 0) {
		size_t len = 0, fits = 0;
		char line[512];

		/* As many words as fit; a word longer than the line is cut. */
		do {
			len += strspn(text + len, " ");
			len += strcspn(text + len, " ");
			snprintf(line, sizeof(line), "%.*s", (int)len, text);
			if (fits && canvas_text_width(&p->sheet, line) > room)
				break;
			fits = len;
		} while (text[fits] && len < sizeof(line));
		snprintf(line, sizeof(line), "%.*s", (int)fits, text);
		page_put(p, at, room, style, line);
		page_next(p);
		text += fits + strspn(text + fits, " ");
	}
}

void page_scroll(struct page *p, int lines)
{
	int last = p->lines > p->shown ? p->lines - p->shown : 0;
	long top = (long)p->top + lines;

	p->top = top < 0 ? 0 : top > last ? last : (int)top;
}

void page_draw(struct page *p, struct canvas *c, struct area area)
{
	p->shown = area.height;
	page_scroll(p, 0);
	canvas_copy(c, area, &p->sheet, p->top);
}
