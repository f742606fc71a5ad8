/* SPDX-License-Identifier: MIT
 *
 * The terminal, by curses; no other file knows curses. Whatever way the program ends, fatal
 * signals included, the terminal is given back as it was.
 */
#ifndef SOCKLENS_TUI_TERM_H
#define SOCKLENS_TUI_TERM_H

#include <stdbool.h>

#include "base/err.h"
#include "tui/canvas.h"
#include "tui/input.h"
#include "tui/style.h"

struct term;

struct term_options {
	const struct theme *theme; /* borrowed */
	bool mouse;
	bool ascii; /* even where the locale says UTF-8 */
};

/*
 * Take the terminal. -ENOTTY without one, -ENOTSUP when it cannot place text (TERM=dumb, unknown):
 * *e says what to do instead. The calling thread's locale becomes that of the environment until
 * term_stop; other threads keep theirs.
 */
int term_start(struct term **out, const struct term_options *o, struct err *e);
void term_stop(struct term *t); /* accepts NULL */

int term_fd(const struct term *t); /* readable when there is input */
bool term_utf8(const struct term *t);
void term_size(const struct term *t, int *width, int *height);

/* The next event, without waiting; false when there is none. */
bool term_read(struct term *t, struct input *in);

void term_show(struct term *t, const struct canvas *c);
void term_repaint(struct term *t); /* next time send everything */
/* To the clipboard of the terminal, if it has one and lets us (OSC 52). */
void term_copy(struct term *t, const char *text);
void term_resized(struct term *t); /* after SIGWINCH: term_read then tells the size */

/* Give the terminal back, stop the process as Ctrl-Z does, take the terminal again. */
void term_suspend(struct term *t);

#endif
