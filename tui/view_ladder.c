/* SPDX-License-Identifier: MIT
 *
 * The ladder: every frame of a flow on one time axis, from the end that sent it to the other, and the
 * calls at the end that made them.
 */
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

#include "base/fmt.h"
#include "tui/app.h"
#include "tui/flow_title.h"
#include "tui/glyph.h"

enum { NUMBER_WIDTH = 6, TIME_WIDTH = 12, DELTA_WIDTH = 7, LANE_AT = 27, HEAD_LINES = 2 };
#define GAP_NS 100000000LL /* a silence worth a look */

/* What is kept of what there was; true when that is all. */
static bool put_kept(const struct app *a, char *out, size_t cap)
{
	const struct ladder *l = &a->ladder;
	int64_t total = a->open.src.packets + a->open.dst.packets;
	uint32_t frames = l->kept[RECENT_FRAME], calls = l->kept[RECENT_CALL];
	uint32_t called = l->frames ? l->frames->calls : 0;
	int len = snprintf(out, cap, "%u of %lld frames", frames, (long long)total);

	if (called)
		snprintf(out + len, cap - (size_t)len, ", %u of %u calls", calls, called);
	return frames >= total && calls >= called;
}

static void draw_head(struct app *a, struct area area)
{
	struct canvas *c = &a->canvas;
	char title[FLOW_TITLE_MAX], kept[96];
	bool all = put_kept(a, kept, sizeof(kept));
	int width, lane = area.width - LANE_AT;

	flow_title(title, sizeof(title), &a->open, c->utf8);
	width = canvas_text_width(c, kept);
	canvas_field(c, area.y, 1, area.width - width - 3, ALIGN_LEFT, STYLE_STRONG, title);
	canvas_text(c, area.y, area.width - width - 1, width,
		    all ? STYLE_DIM : STYLE_WARN, kept);
	canvas_fill(c, area.y + 1, 0, area.width, STYLE_TITLE, " ");
	canvas_field(c, area.y + 1, 0, NUMBER_WIDTH, ALIGN_RIGHT, STYLE_TITLE, "FRAME");
	canvas_field(c, area.y + 1, NUMBER_WIDTH, TIME_WIDTH, ALIGN_RIGHT, STYLE_TITLE, "TIME");
	canvas_field(c, area.y + 1, NUMBER_WIDTH + TIME_WIDTH + 1, DELTA_WIDTH, ALIGN_RIGHT,
		     STYLE_TITLE, "AFTER");
	canvas_field(c, area.y + 1, LANE_AT, lane / 2, ALIGN_LEFT, STYLE_TITLE, "originator");
	canvas_field(c, area.y + 1, LANE_AT + lane / 2, lane - lane / 2 - 1, ALIGN_RIGHT,
		     STYLE_TITLE, "responder");
}

/* The first column is free unless there are more frames than it takes: then its style has to do. */
static void draw_number(struct app *a, int y, uint32_t at)
{
	const struct ladder *l = &a->ladder;
	bool jump = ladder_jumps(l, at);
	char text[FMT_MAX];

	if (l->rungs[at].part == RUNG_FRAME)
		fmt_u64(text, ladder_note(l, at)->number);
	else
		snprintf(text, sizeof(text), "call");
	canvas_field(&a->canvas, y, 0, NUMBER_WIDTH, ALIGN_RIGHT, jump ? STYLE_WARN : STYLE_DIM,
		     text);
	if (jump && strlen(text) < NUMBER_WIDTH)
		canvas_text(&a->canvas, y, 0, 1, STYLE_WARN, glyph(GLYPH_GAP, a->canvas.utf8));
}

/* Marked where frames before it are not kept, or nothing was heard for long. */
static void draw_times(struct app *a, int y, uint32_t at)
{
	const struct ladder *l = &a->ladder;
	int64_t delta_ns = ladder_delta_ns(l, at);
	bool gap = delta_ns >= GAP_NS;
	char text[FMT_MAX];

	draw_number(a, y, at);
	snprintf(text, sizeof(text), "%.6f",
		 (double)(l->rungs[at].time_ns - l->rungs[0].time_ns) / 1e9);
	canvas_field(&a->canvas, y, NUMBER_WIDTH, TIME_WIDTH, ALIGN_RIGHT, STYLE_NORMAL, text);
	fmt_duration(text, delta_ns > 0 ? delta_ns : 0);
	canvas_field(&a->canvas, y, NUMBER_WIDTH + TIME_WIDTH + 1, DELTA_WIDTH, ALIGN_RIGHT,
		     gap ? STYLE_WARN : STYLE_DIM, at ? text : "");
	if (gap)
		canvas_text(&a->canvas, y, LANE_AT - 1, 1, STYLE_WARN,
			    glyph(GLYPH_GAP, a->canvas.utf8));
}

static int min(int x, int y)
{
	return x < y ? x : y;
}

/* The words stand at the end that speaks; a line leads from them to the other one, if it is told. */
static void draw_rung(struct app *a, int y, int x, int width, uint32_t at)
{
	bool utf8 = a->canvas.utf8, up = ladder_note(&a->ladder, at)->end == 0;
	bool frame = a->ladder.rungs[at].part == RUNG_FRAME;
	enum style own = !frame ? STYLE_NORMAL : up ? STYLE_UP : STYLE_DOWN, mark_style;
	char text[LADDER_TEXT_MAX], marks[LADDER_TEXT_MAX];
	int words, said, from;

	ladder_text(&a->ladder, at, text);
	mark_style = ladder_marks(&a->ladder, at, marks);
	said = min(canvas_text_width(&a->canvas, text), width - 3);
	words = min(said + (*marks ? 2 : 0) + canvas_text_width(&a->canvas, marks), width - 3);
	if (words < 1)
		return;
	from = up ? x + 1 : x + width - 1 - words;
	canvas_fill(&a->canvas, y, x, 1, STYLE_DIM, glyph(GLYPH_RAIL, utf8));
	canvas_fill(&a->canvas, y, x + width - 1, 1, STYLE_DIM, glyph(GLYPH_RAIL, utf8));
	if (frame) {
		canvas_fill(&a->canvas, y, up ? from + words + 1 : x + 1, width - 3 - words, own,
			    glyph(GLYPH_LINE, utf8));
		canvas_fill(&a->canvas, y, up ? x + width - 2 : x + 1, 1, own,
			    glyph(up ? GLYPH_TO_RIGHT : GLYPH_TO_LEFT, utf8));
	}
	canvas_field(&a->canvas, y, from, said, ALIGN_LEFT, own, text);
	if (words > said + 2)
		canvas_field(&a->canvas, y, from + said + 2, words - said - 2, ALIGN_LEFT,
			     mark_style, marks);
}

static void draw_empty(struct app *a, struct area area)
{
	const char *text = a->ladder.frames ? "no frames of this flow are kept any more"
					    : "waiting for its frames";

	canvas_text(&a->canvas, area.y + area.height / 2, 2, area.width - 2, STYLE_DIM, text);
}

static void draw(struct app *a, struct area area)
{
	struct ladder *l = &a->ladder;
	int y = area.y + HEAD_LINES;

	draw_head(a, area);
	ladder_show(l, area.height - HEAD_LINES);
	if (!ladder_count(l))
		draw_empty(a, area);
	for (uint32_t at = l->top; at < ladder_count(l) && y < area.y + area.height; at++, y++) {
		draw_times(a, y, at);
		draw_rung(a, y, LANE_AT, area.width - LANE_AT - 1, at);
		if (at == l->cursor)
			canvas_restyle(&a->canvas, y, 0, LANE_AT - 1, STYLE_SELECTED);
	}
}

static void move(struct app *a, enum move how)
{
	ladder_move(&a->ladder, how);
}

static void click(struct app *a, int y, int x)
{
	int line = y - (a->canvas.height - 1 - a->ladder.shown);

	(void)x;
	if (line >= 0 && line < a->ladder.shown)
		ladder_point(&a->ladder, a->ladder.top + (uint32_t)line);
}

static bool find(struct app *a, const char *text, int step)
{
	return ladder_find(&a->ladder, text, step);
}

const struct view view_ladder = {
	.name = "ladder",
	.title = "Ladder",
	.help = "the frames of one flow, from end to end in their order, and its sockets' calls where they are told",
	.draw = draw,
	.move = move,
	.click = click,
	.find = find,
};
