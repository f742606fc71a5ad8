/* SPDX-License-Identifier: MIT
 *
 * A table for a terminal or a pipe. The width decides which columns there are and how much room
 * the flexible ones get; nothing else is known before the last flow. Without a width nothing is
 * cut: a cell that is too long moves its neighbours only until they have caught up.
 */
#include "report/formats.h"

#include <limits.h>
#include <string.h>

#include "base/vis.h"
#include "report/column.h"
#include "report/quote.h"
#include "report/totals.h"

enum { NARROWEST = 4, PIPE_WIDE = 24 };

struct place {
	const struct column *column;
	unsigned start, width; /* screen columns */
};

struct layout {
	struct place place[COLUMN_COUNT];
	unsigned count;
	unsigned limit; /* screen columns; 0 = unlimited */
};

/* --- which columns, how wide ------------------------------------------------------------------ */

/* By rank, what fits beside what was taken before; bits of the column table. Sets *used. */
static unsigned choose_columns(const struct column *c, unsigned limit, unsigned *used)
{
	unsigned chosen = 0;

	*used = 0;
	for (unsigned rank = 0; rank < COLUMN_COUNT; rank++)
		for (unsigned i = 0; i < COLUMN_COUNT; i++) {
			unsigned need = c[i].width + (*used > 0);

			if (c[i].rank != rank || (limit && rank > 1 && *used + need > limit))
				continue;
			chosen |= 1u << i;
			*used += need;
		}
	return chosen;
}

/* Share what is left among columns that can use it, from the left, one at a time, up to `most`. */
static void widen(struct layout *l, unsigned spare, unsigned most)
{
	bool moved = true;

	while (spare && moved) {
		moved = false;
		for (unsigned i = 0; i < l->count && spare; i++) {
			unsigned wide = l->place[i].column->wide;

			if (l->place[i].width >= (wide < most ? wide : most))
				continue;
			l->place[i].width++;
			spare--;
			moved = true;
		}
	}
}

/* Both ends always stay, however narrow. */
static void squeeze(struct layout *l)
{
	for (unsigned i = 0; i < l->count; i++) {
		unsigned width = (l->limit - 1) / 2;

		l->place[i].width = width > NARROWEST ? width : NARROWEST;
	}
}

static void layout_init(struct layout *l, const struct exporter_options *o)
{
	unsigned count, used, start = 0;
	const struct column *c = columns(&count);
	unsigned limit = o->columns > 0 ? (unsigned)o->columns : 0;
	unsigned chosen = choose_columns(c, limit, &used);

	*l = (struct layout){.limit = limit};
	for (unsigned i = 0; i < count; i++)
		if (chosen & 1u << i)
			l->place[l->count++] = (struct place){.column = &c[i], .width = c[i].width};
	if (limit && used > limit)
		squeeze(l);
	else
		widen(l, limit ? limit - used : UINT_MAX, limit ? UINT_MAX : PIPE_WIDE);
	for (unsigned i = 0; i < l->count; i++) {
		l->place[i].start = start;
		start += l->place[i].width + 1;
	}
}

/* --- cells ------------------------------------------------------------------------------------ */

static bool starts_character(char c)
{
	return ((uint8_t)c & 0xc0) != 0x80;
}

/* Characters, taken as one screen column each. */
static unsigned width_of(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += starts_character(*text);
	return n;
}

static const char *skip_characters(const char *text, unsigned n)
{
	for (; *text; text++)
		if (starts_character(*text) && n-- == 0)
			break;
	return text;
}

/* Leave the middle out: beginnings and ends (ports, pids, domains) tell more. */
static void put_cut(struct buf *out, const char *text, unsigned have, unsigned width, bool utf8)
{
	unsigned head = width / 2, tail = width - 1 - head;

	buf_put(out, text, (size_t)(skip_characters(text, head) - text));
	buf_puts(out, utf8 ? "…" : "~");
	buf_puts(out, skip_characters(text, have - tail));
}

static void put_spaces(struct buf *out, unsigned n)
{
	while (n--)
		buf_putc(out, ' ');
}

/*
 * One cell at its place; *at is the screen column that the line has reached. Numbers are never
 * cut: a wrong number is worse than a crooked line.
 */
static void put_cell(struct buf *out, const struct exporter_options *o, const struct layout *l,
		     const struct place *p, const char *text, unsigned *at)
{
	unsigned have = width_of(text), gap = *at > 0;
	bool cut = l->limit && have > p->width && !p->column->right;
	unsigned shown = cut ? p->width : have;
	unsigned start = p->start;

	if (p->column->right && shown < p->width)
		start += p->width - shown;
	if (start < *at + gap)
		start = *at + gap;
	put_spaces(out, start - *at);
	if (cut)
		put_cut(out, text, have, p->width, o->utf8);
	else
		buf_puts(out, text);
	*at = start + shown;
}

/* --- the exporter ----------------------------------------------------------------------------- */

void text_begin(struct buf *out, const struct exporter_options *o)
{
	struct layout l;
	unsigned at = 0;

	layout_init(&l, o);
	for (unsigned i = 0; i < l.count; i++)
		put_cell(out, o, &l, &l.place[i], l.place[i].column->title, &at);
	buf_putc(out, '\n');
}

void text_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row)
{
	char text[COLUMN_TEXT_MAX], ascii[VIS_MAX(COLUMN_TEXT_MAX)];
	struct layout l;
	unsigned at = 0;

	layout_init(&l, o);
	for (unsigned i = 0; i < l.count; i++) {
		size_t n = column_text(l.place[i].column, text, row, o->human, o->names);

		strcpy(text + n, n ? "" : "-");
		if (!o->utf8)
			quote_ascii(ascii, text);
		put_cell(out, o, &l, &l.place[i], o->utf8 ? text : ascii, &at);
	}
	buf_putc(out, '\n');
}

void text_end(struct buf *out, const struct exporter_options *o, const struct summary_row *sum)
{
	if (!sum->flows)
		buf_puts(out, "no flows\n");
	buf_putc(out, '\n');
	totals_put(out, o, sum, "");
}
