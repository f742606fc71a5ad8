/* SPDX-License-Identifier: MIT
 *
 * One line of typing: whole characters, a cursor, and the lines typed before.
 */
#ifndef SOCKLENS_TUI_PROMPT_H
#define SOCKLENS_TUI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/canvas.h"
#include "tui/input.h"

enum { PROMPT_MAX = 256, PROMPT_HISTORY = 16 };

struct prompt {
	char text[PROMPT_MAX]; /* UTF-8, NUL-terminated */
	size_t len, at;	       /* bytes; `at` is the cursor, on a character's first byte */
	char history[PROMPT_HISTORY][PROMPT_MAX]; /* newest first */
	int history_count;
	int recalled; /* entry shown; -1 = the line being typed */
};

enum prompt_result {
	PROMPT_IDLE,	/* nothing happened to the text */
	PROMPT_CHANGED, /* use it at once: filters follow the typing */
	PROMPT_DONE,	/* Enter: kept in the history */
	PROMPT_CANCELLED
};

void prompt_open(struct prompt *p, const char *text); /* keeps the history */
enum prompt_result prompt_key(struct prompt *p, uint32_t key);
void prompt_draw(const struct prompt *p, struct canvas *c, struct area line, const char *label);

#endif
