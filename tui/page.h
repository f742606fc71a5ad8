/* SPDX-License-Identifier: MIT
 *
 * A text that may be longer than the screen: drawn whole on a sheet, shown in part. Used by every
 * view that is read rather than listed.
 */
#ifndef SOCKLENS_TUI_PAGE_H
#define SOCKLENS_TUI_PAGE_H

#include <stdbool.h>

#include "tui/canvas.h"

struct page {
	struct canvas sheet;
	int x, width; /* the column of text being written */
	int line;     /* next line to write */
	int lines;    /* written so far, over all columns */
	int top;      /* first line shown */
	int shown;    /* lines that fit on the screen */
};

void page_done(struct page *p);

/* An empty sheet; the scroll position stays. */
void page_begin(struct page *p, int width, bool utf8);

/* Go on writing in a column [x, x + width) from `line` on. */
void page_column(struct page *p, int x, int width, int line);

/* Write on the current line, `at` columns from the left of the column. */
void page_put(struct page *p, int at, int width, enum style style, const char *text);
void page_put_right(struct page *p, int at, int width, enum style style, const char *text);
void page_next(struct page *p);
void page_heading(struct page *p, const char *text); /* an empty line before all but the first */
/* Words of the text over as many lines as needed. */
void page_wrap(struct page *p, int at, enum style style, const char *text);

void page_scroll(struct page *p, int lines);
void page_draw(struct page *p, struct canvas *c, struct area area);

#endif
