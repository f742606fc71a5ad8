/* SPDX-License-Identifier: MIT
 *
 * Values over time as dots: two of them and four levels a cell in braille (U+2800), one and three in
 * ASCII.
 */
#ifndef SOCKLENS_TUI_CHART_H
#define SOCKLENS_TUI_CHART_H

#include <stdint.h>

#include "tui/page.h"

/*
 * Fill width x height cells, from the current line of the page on, with 2 * width values, none of
 * which is negative; `most` reaches the top. A value above 0 is always seen. Leaves the page behind the
 * last line.
 */
void chart_put(struct page *p, int at, int width, int height, enum style style,
	       const int64_t *values, int64_t most);

#endif
