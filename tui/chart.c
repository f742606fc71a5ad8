/* SPDX-License-Identifier: MIT */
#include "tui/chart.h"

enum { CELL_LEVELS = 4 };

/* Dots of the left and right half of a cell that is filled up to a level. */
static const uint8_t left_dots[CELL_LEVELS + 1] = {0, 0x40, 0x44, 0x46, 0x47};
static const uint8_t right_dots[CELL_LEVELS + 1] = {0, 0x80, 0xa0, 0xb0, 0xb8};
static const char *const ascii_levels[CELL_LEVELS + 1] = {" ", ".", ":", "|", "#"};

static int level_of(int64_t value, int64_t most, int height)
{
	int all = height * CELL_LEVELS, level;

	if (value <= 0 || most <= 0)
		return 0;
	level = (int)((double)value / (double)most * all + 0.5);
	return level < 1 ? 1 : level > all ? all : level;
}

/* What of a level is in the cells of one line, 0 being the lowest. */
static int in_line(int level, int line)
{
	int rest = level - line * CELL_LEVELS;

	return rest < 0 ? 0 : rest > CELL_LEVELS ? CELL_LEVELS : rest;
}

static void put_cell(struct page *p, int at, enum style style, int left, int right)
{
	uint8_t dots = left_dots[left] | right_dots[right];
	/* U+2800 + dots in UTF-8 */
	const char text[] = {(char)0xe2, (char)(0xa0 | dots >> 6), (char)(0x80 | (dots & 0x3f)), 0};

	if (!p->sheet.utf8)
		page_put(p, at, 1, style, ascii_levels[left > right ? left : right]);
	else if (dots)
		page_put(p, at, 1, style, text);
}

void chart_put(struct page *p, int at, int width, int height, enum style style,
	       const int64_t *values, int64_t most)
{
	for (int line = height - 1; line >= 0; line--) {
		for (int x = 0; x < width; x++) {
			int left = level_of(values[2 * x], most, height);
			int right = level_of(values[2 * x + 1], most, height);

			put_cell(p, at + x, style, in_line(left, line), in_line(right, line));
		}
		page_next(p);
	}
}
