/* SPDX-License-Identifier: MIT
 *
 * A whole and its parts as one bar of cells, and the line that explains it. Every part has a
 * character of its own besides its colour, so that the bar can be read without colours.
 */
#ifndef SOCKLENS_TUI_BAR_H
#define SOCKLENS_TUI_BAR_H

#include <stdint.h>

#include "tui/glyph.h"
#include "tui/page.h"

enum { BAR_PARTS_MAX = 8, BAR_TEXT_MAX = 96 };

struct bar_part {
	char text[BAR_TEXT_MAX]; /* beside its character in the legend: "in flight 12K" */
	int64_t amount;		 /* nothing is drawn of what is not above 0 */
	enum glyph glyph;
	enum style style;
};

struct bar {
	struct bar_part parts[BAR_PARTS_MAX];
	int count;
};

/* Another part, or NULL when there is no room. The text is empty. */
struct bar_part *bar_add(struct bar *b, int64_t amount, enum glyph glyph, enum style style);

/*
 * How many of `width` cells each part gets: by its share, but one at least as long as there are
 * cells, so that little is not taken for nothing. They add up to width, or to 0 without an amount.
 */
void bar_cells(const struct bar *b, int width, int cells[BAR_PARTS_MAX]);

/* On the current line of the page, and on as many as the legend needs. */
void bar_put(struct page *p, int at, int width, const struct bar *b);
void bar_legend(struct page *p, int at, const struct bar *b);

#endif
