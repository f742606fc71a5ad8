/* SPDX-License-Identifier: MIT
 *
 * What keys do. Keys (tui/keymap.h), footer, help page and configuration are made from one table.
 */
#ifndef SOCKLENS_TUI_ACTION_H
#define SOCKLENS_TUI_ACTION_H

#include <stdbool.h>
#include <stdint.h>

struct app;

enum { ACTION_KEYS = 4 };

struct action {
	const char *name;  /* for configuration: "sort-next" */
	const char *group; /* heading on the help page */
	const char *label; /* in the footer, one word; NULL = not there */
	const char *help;  /* one sentence */
	uint32_t keys[ACTION_KEYS]; /* unless bound otherwise; 0 ends; the first one is shown in the footer */
	bool pinned; /* in the footer however narrow it is */
	/* A reason, or NULL = possible. The pointer may be NULL: always possible. */
	const char *(*why_not)(const struct app *a);
	void (*run)(struct app *a, int arg);
	int arg;
};

const struct action *actions(unsigned *count);
const struct action *action_by_name(const char *name); /* or NULL */

#endif
