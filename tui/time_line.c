/* SPDX-License-Identifier: MIT */
#include "tui/time_line.h"

#include <stdio.h>
#include <string.h>

#include "base/fmt.h"
#include "tui/app.h"

enum {
	LEAST_HEIGHT = 8,
	LEAST_WIDTH = 40,
	BARS_MAX = 400,
	LABEL = 10 /* "15:04:05" and a blank each side */
};

static const char *const levels[2][9] = {
	{" ", ".", ":", "-", "=", "+", "*", "#", "@"},
	{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
};

static const struct time_axis *shown_axis(const struct app *a)
{
	const struct snapshot *s = a->snapshot;

	return s && s->axis && s->axis->count ? s->axis : NULL;
}

int time_line_height(const struct app *a)
{
	bool stands = a->travel.at_ns || a->paused;

	return stands && shown_axis(a) && a->canvas.height >= LEAST_HEIGHT;
}

/* It stands above the footer. */
static int bars_width(const struct app *a)
{
	int width = a->canvas.width - (a->canvas.width >= LEAST_WIDTH ? 2 * LABEL : 2);

	return width < BARS_MAX ? width : BARS_MAX;
}

static int bars_at(const struct app *a)
{
	return a->canvas.width >= LEAST_WIDTH ? LABEL : 1;
}

static void draw_label(struct app *a, int y, int x, int64_t time_ns)
{
	char text[FMT_MAX];

	fmt_time_of_day(text, time_ns);
	text[strcspn(text, ".")] = '\0';
	canvas_text(&a->canvas, y, x, LABEL - 1, STYLE_DIM, text);
}

static int level_of(uint64_t bytes, uint64_t most)
{
	int level = most ? (int)((double)bytes / (double)most * 8 + 0.5) : 0;

	return bytes && !level ? 1 : level;
}

void time_line_draw(struct app *a, struct area line)
{
	const struct time_axis *axis = shown_axis(a);
	const int64_t at_ns = a->snapshot->at_ns;
	unsigned width = (unsigned)bars_width(a), here;
	uint64_t bars[BARS_MAX], most = axis_bars(axis, bars, width);
	int x = bars_at(a);

	if (x > 1) {
		draw_label(a, line.y, 1, axis->start_ns);
		draw_label(a, line.y, x + (int)width + 1, axis_end_ns(axis));
	}
	for (unsigned i = 0; i < width; i++)
		canvas_text(&a->canvas, line.y, x + (int)i, 1, STYLE_UP,
			    levels[a->canvas.utf8][level_of(bars[i], most)]);
	here = at_ns ? axis_place(axis, at_ns, width) : width - 1;
	canvas_restyle(&a->canvas, line.y, x + (int)here, 1, STYLE_BADGE);
}

int64_t time_line_at(const struct app *a, int y, int x)
{
	int place = x - bars_at(a), width = bars_width(a);

	if (!time_line_height(a) || y != a->canvas.height - 2 || place < 0 || place >= width)
		return 0;
	return axis_time_ns(shown_axis(a), (unsigned)place, (unsigned)width);
}
