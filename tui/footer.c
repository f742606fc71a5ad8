/* SPDX-License-Identifier: MIT */
#include "tui/footer.h"

#include <stdio.h>

#include "tui/action.h"
#include "tui/app.h"

static int hint_width(const struct canvas *c, const struct action *act)
{
	char key[INPUT_NAME_MAX];

	return canvas_text_width(c, input_name(act->keys[0], key)) + 1 +
	       canvas_text_width(c, act->label) + 2;
}

static int draw_hint(struct app *a, struct area line, int x, const struct action *act)
{
	bool off = act->why_not && act->why_not(a);
	char key[INPUT_NAME_MAX];
	int from = x;

	x += canvas_text(&a->canvas, line.y, x, line.width - x, off ? STYLE_KEY_OFF : STYLE_KEY,
			 input_name(act->keys[0], key));
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
		if (all[i].label && all[i].pinned)
			pinned += hint_width(&a->canvas, &all[i]);
	}
	for (unsigned i = 0; i < count; i++) {
		int need = all[i].label ? hint_width(&a->canvas, &all[i]) : 0;

		if (!need || (!all[i].pinned && x + need + pinned > line.width + 2))
			continue;
		x += draw_hint(a, line, x, &all[i]);
		if (all[i].pinned)
			pinned -= need;
	}
}

/* The line being typed, and at its right what it finds or what is wrong with it. */
static void draw_prompt(struct app *a, struct area line)
{
	const struct question *q = &questions[a->asking];
	enum style style = *a->wrong ? STYLE_BAD : STYLE_DIM;
	char hint[sizeof(a->wrong) + 2] = "";
	int width = 0;

	if (*a->wrong)
		snprintf(hint, sizeof(hint), " %s ", a->wrong);
	else
		q->hint(a, hint, sizeof(hint));
	if (line.width >= 40)
		width = canvas_text_width(&a->canvas, hint);
	if (width > line.width / 2)
		width = *a->wrong ? line.width / 2 : 0;
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
