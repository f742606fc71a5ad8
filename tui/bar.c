/* SPDX-License-Identifier: MIT */
#include "tui/bar.h"

#include <stddef.h>
#include <stdio.h>

struct bar_part *bar_add(struct bar *b, int64_t amount, enum glyph glyph, enum style style)
{
	struct bar_part *part = &b->parts[b->count];

	if (b->count == BAR_PARTS_MAX)
		return NULL;
	*part = (struct bar_part){.amount = amount > 0 ? amount : 0, .glyph = glyph, .style = style};
	b->count++;
	return part;
}

/* In floating point: bytes of a long life times columns do not fit into 64 bits. */
static double whole_of(const struct bar *b)
{
	double whole = 0;

	for (int i = 0; i < b->count; i++)
		whole += (double)b->parts[i].amount;
	return whole;
}

/* Where it is taken from shows least. */
static int widest(const int cells[BAR_PARTS_MAX], int count)
{
	int at = 0;

	for (int i = 1; i < count; i++) {
		if (cells[i] > cells[at])
			at = i;
	}
	return at;
}

void bar_cells(const struct bar *b, int width, int cells[BAR_PARTS_MAX])
{
	double whole = whole_of(b);
	int used = 0;

	for (int i = 0; i < b->count; i++) {
		int64_t amount = b->parts[i].amount;

		cells[i] = whole > 0 ? (int)((double)amount / whole * width + 0.5) : 0;
		if (amount > 0 && !cells[i] && width > 0)
			cells[i] = 1;
		used += cells[i];
	}
	if (!used)
		return;
	for (; used > width; used--)
		cells[widest(cells, b->count)]--;
	cells[widest(cells, b->count)] += width - used;
}

void bar_put(struct page *p, int at, int width, const struct bar *b)
{
	int cells[BAR_PARTS_MAX];

	if (width > p->width - at)
		width = p->width - at;
	bar_cells(b, width, cells);
	for (int i = 0; i < b->count; i++) {
		const struct bar_part *part = &b->parts[i];

		for (int n = 0; n < cells[i]; n++)
			page_put(p, at++, 1, part->style, glyph(part->glyph, p->sheet.utf8));
	}
}

void bar_legend(struct page *p, int at, const struct bar *b)
{
	int x = at;

	for (int i = 0; i < b->count; i++) {
		const struct bar_part *part = &b->parts[i];
		int width = 2 + canvas_text_width(&p->sheet, part->text);

		if (!part->amount)
			continue;
		if (x > at && x + width > p->width) {
			page_next(p);
			x = at;
		}
		page_put(p, x, 1, part->style, glyph(part->glyph, p->sheet.utf8));
		page_put(p, x + 2, width - 2, STYLE_NORMAL, part->text);
		x += width + 2;
	}
	if (x > at)
		page_next(p);
}
