/* SPDX-License-Identifier: MIT
 *
 * The top of every screen: what is watched, how much, what was lost, and the tabs. Loss is never
 * left out, however small the screen is.
 */
#ifndef SOCKLENS_TUI_HEADER_H
#define SOCKLENS_TUI_HEADER_H

struct app;
struct view;

int header_height(const struct app *a); /* lines; depends on the screen's height only */
void header_draw(struct app *a);

/* The view whose tab lies there, or NULL. */
const struct view *header_tab_at(const struct app *a, int y, int x);

#endif
