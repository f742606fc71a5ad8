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

/* The line being typed, and at its right how much it finds. */
static void draw_prompt(struct app *a, struct area line)
{
	char found[64] = "";
	int width = 0;

	if (a->snapshot && line.width >= 40) {
		snprintf(found, sizeof(found), " %u of %u  Enter keep  Esc undo ",
			 a->snapshot->matched, a->snapshot->total);
		width = canvas_text_width(&a->canvas, found);
	}
	if (width > line.width / 2)
		width = 0;
	line.width -= width;
	prompt_draw(&a->prompt, &a->canvas, line, " filter: ");
	canvas_text(&a->canvas, line.y, line.width, width, STYLE_DIM, found);
}

void footer_draw(struct app *a, struct area line)
{
	if (a->typing)
		draw_prompt(a, line);
	else if (a->message)
		canvas_printf(&a->canvas, line.y, line.x, line.width, STYLE_WARN, " %s",
			      a->message);
	else
		draw_hints(a, line);
}
