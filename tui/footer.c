/* SPDX-License-Identifier: MIT */
#include "tui/footer.h"

#include <stdio.h>

#include "tui/action.h"
#include "tui/app.h"

enum { ABOVE_HEIGHT = 10, ABOVE_LINES = 3 };

/* Its first key, by name; "" when it has lost all. */
static const char *key_of(const struct app *a, const struct action *act, char out[INPUT_NAME_MAX])
{
	uint32_t key = keymap_keys(&a->keys, act)[0];

	*out = '\0';
	return key ? input_name(key, out) : out;
}

/* 0 = it is not in the footer. */
static int hint_width(const struct app *a, const struct action *act)
{
	const struct canvas *c = &a->canvas;
	char key[INPUT_NAME_MAX];

	if (!act->label || !*key_of(a, act, key))
		return 0;
	return canvas_text_width(c, key) + 1 + canvas_text_width(c, act->label) + 2;
}

static int draw_hint(struct app *a, struct area line, int x, const struct action *act)
{
	bool off = act->why_not && act->why_not(a);
	char key[INPUT_NAME_MAX];
	int from = x;

	x += canvas_text(&a->canvas, line.y, x, line.width - x, off ? STYLE_KEY_OFF : STYLE_KEY,
			 key_of(a, act, key));
	x += canvas_text(&a->canvas, line.y, x + 1, line.width - x - 1,
			 off ? STYLE_KEY_OFF : STYLE_KEY_LABEL, act->label);
	return x + 3 - from;
}

/* Hints in the table's order as far as they fit; the pinned ones always. */
static void draw_hints(struct app *a, struct area line)
{
	unsigned count;
	const struct action *all = actions(&count);
	int pinned = 0, x = line.width >= 40 ? 1 : 0;

	for (unsigned i = 0; i < count; i++) {
		if (all[i].pinned)
			pinned += hint_width(a, &all[i]);
	}
	for (unsigned i = 0; i < count; i++) {
		int need = hint_width(a, &all[i]);

		if (!need || (!all[i].pinned && x + need + pinned > line.width + 2))
			continue;
		x += draw_hint(a, line, x, &all[i]);
		if (all[i].pinned)
			pinned -= need;
	}
}

/* What is being typed comes first; but what is wrong with it has half of the line. */
static int hint_room(const struct app *a, int line_width, int wanted)
{
	int typed = canvas_text_width(&a->canvas, questions[a->asking].label) +
		    canvas_text_width(&a->canvas, a->prompts[a->asking].text) + 2;
	int room = line_width - typed;

	if (*a->wrong && room < line_width / 2)
		room = line_width / 2;
	return wanted < room ? wanted : room > 0 ? room : 0;
}

/* What is wrong and does not fit beside the line being typed stands above it. */
static bool draw_wrong(struct app *a, struct area line)
{
	struct page p = {.x = 0};
	struct area above = {.width = line.width};

	if (a->canvas.height < ABOVE_HEIGHT)
		return false;
	page_begin(&p, line.width, a->canvas.utf8);
	page_column(&p, 1, line.width - 2, 0);
	page_wrap(&p, 0, STYLE_BAD, a->wrong);
	above.height = p.lines < ABOVE_LINES ? p.lines : ABOVE_LINES;
	above.y = line.y - above.height;
	for (int y = above.y; y < line.y; y++)
		canvas_fill(&a->canvas, y, 0, line.width, STYLE_NORMAL, " ");
	page_draw(&p, &a->canvas, above);
	page_done(&p);
	return true;
}

/* The line being typed, and at its right what it finds or what is wrong with it. */
static void draw_prompt(struct app *a, struct area line)
{
	const struct question *q = &questions[a->asking];
	enum style style = *a->wrong ? STYLE_BAD : STYLE_DIM;
	char hint[sizeof(a->wrong) + 2] = "";
	int width = 0, wanted;

	if (*a->wrong)
		snprintf(hint, sizeof(hint), " %s ", a->wrong);
	else
		q->hint(a, hint, sizeof(hint));
	wanted = canvas_text_width(&a->canvas, hint);
	if (line.width >= 40)
		width = hint_room(a, line.width, wanted);
	if (*a->wrong && width < wanted && draw_wrong(a, line))
		width = 0;
	line.width -= width;
	prompt_draw(&a->prompts[a->asking], &a->canvas, line, q->label);
	canvas_text(&a->canvas, line.y, line.width, width, style, hint);
}

void footer_draw(struct app *a, struct area line)
{
	if (a->asking >= 0)
		draw_prompt(a, line);
	else if (*a->message)
		canvas_printf(&a->canvas, line.y, line.x, line.width, STYLE_WARN, " %s",
			      a->message);
	else
		draw_hints(a, line);
}
