/* SPDX-License-Identifier: MIT
 *
 * A view: one way to look at what the engine knows. One file and one row in views.c each; the
 * number keys, the tabs and the help page are made from the rows.
 */
#ifndef SOCKLENS_TUI_VIEW_H
#define SOCKLENS_TUI_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "flow/rows/snapshot.h"
#include "tui/canvas.h"
#include "tui/input.h"

struct app;
struct list_kind;

enum move { MOVE_UP, MOVE_DOWN, MOVE_PAGE_UP, MOVE_PAGE_DOWN, MOVE_HOME, MOVE_END };

struct view {
	const char *name;	       /* for configuration and ':' */
	const char *title;	       /* on its tab */
	const char *help;	       /* one sentence */
	uint32_t key;		       /* 0 = reached from another view */
	const struct list_kind *list;  /* rows to choose, sort and filter; NULL = a page */
	void (*update)(struct app *a); /* there is a new snapshot; may be NULL */
	void (*draw)(struct app *a, struct area area);
	void (*move)(struct app *a, enum move how);
	void (*click)(struct app *a, int y, int x); /* may be NULL */
	/* Go to the next place that has this text (step 1), the one before (-1), or from here on (0); false
	 * = there is none. NULL = there is nothing to find in. */
	bool (*find)(struct app *a, const char *text, int step);
};

extern const struct view view_flows, view_processes, view_sockets, view_hosts, view_names, view_problems,
	view_groups;
extern const struct view view_detail, view_ladder, view_bytes, view_socket, view_health,
	view_help;

enum { VIEWS_MAX = 16 };

const struct view *const *views(unsigned *count);
const struct view *view_by_key(uint32_t key); /* or NULL */

unsigned view_index(const struct view *v); /* its place among them */

/* Shared by the views made of a page. */
void view_page_move(struct app *a, enum move how);

#endif
