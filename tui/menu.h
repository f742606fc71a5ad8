/* SPDX-License-Identifier: MIT
 *
 * A box over the screen with something to choose from. While it is there it has the keys; Escape
 * closes it. What is in it is a row of its own: struct menu.
 */
#ifndef SOCKLENS_TUI_MENU_H
#define SOCKLENS_TUI_MENU_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/canvas.h"
#include "tui/input.h"

struct app;

enum { MENU_TEXT_MAX = 128 };

struct menu_item {
	const char *mark; /* before it; "" = nothing */
	char name[40];
	char help[MENU_TEXT_MAX];
};

struct menu {
	const char *title;
	const char *keys; /* what they do, in the last line; "Enter chooses  Esc leaves" */
	unsigned (*count)(const struct app *a);
	void (*item)(const struct app *a, unsigned i, struct menu_item *out);
	/* A key that is none of the cursor's, at item i; the item that the cursor is on then. */
	unsigned (*key)(struct app *a, unsigned i, uint32_t key);
	void (*closed)(struct app *a); /* may be NULL */
};

extern const struct menu menu_columns, menu_groups, menu_filters;

/* The one that is open. */
struct menu_state {
	const struct menu *menu; /* NULL = none */
	unsigned at, top;
	bool changed;	  /* for whoever fills it */
	struct area area; /* of the items, as drawn */
};

void menu_open(struct app *a, const struct menu *m, unsigned at);
void menu_close(struct app *a);
void menu_key(struct app *a, uint32_t key);
void menu_click(struct app *a, int y, int x);
void menu_draw(struct app *a, struct area body);

#endif
