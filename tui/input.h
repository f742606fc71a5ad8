/* SPDX-License-Identifier: MIT
 *
 * What the user did, without curses: keys as Unicode code points, other keys above them.
 */
#ifndef SOCKLENS_TUI_INPUT_H
#define SOCKLENS_TUI_INPUT_H

#include <stddef.h>
#include <stdint.h>

#define INPUT_CTRL(letter) ((letter)&0x1f)

enum { INPUT_ENTER = '\r', INPUT_ESCAPE = 0x1b, INPUT_TAB = '\t' };

/* Keys that are no characters:  id, name on the help page */
#define INPUT_KEY_ROWS(X)                                                                          \
	X(UP, "Up")                                                                                \
	X(DOWN, "Down")                                                                            \
	X(LEFT, "Left")                                                                            \
	X(RIGHT, "Right")                                                                          \
	X(PAGE_UP, "PgUp")                                                                         \
	X(PAGE_DOWN, "PgDn")                                                                       \
	X(HOME, "Home")                                                                            \
	X(END, "End")                                                                              \
	X(BACKSPACE, "Backspace")                                                                  \
	X(DELETE, "Del")                                                                           \
	X(BACK_TAB, "Shift-Tab")                                                                   \
	X(F1, "F1")                                                                                \
	X(WHEEL_UP, "wheel up")                                                                    \
	X(WHEEL_DOWN, "wheel down")

enum input_key {
	INPUT_KEY_FIRST = 0x110000, /* one past the last code point */
#define X(id, name) INPUT_##id,
	INPUT_KEY_ROWS(X)
#undef X
};

enum input_kind { INPUT_KEY, INPUT_CLICK, INPUT_RESIZE };

struct input {
	enum input_kind kind;
	uint32_t key;	   /* INPUT_KEY: code point, control character or enum input_key */
	int x, y;	   /* INPUT_CLICK: cell */
	int width, height; /* INPUT_RESIZE */
};

enum { INPUT_NAME_MAX = 16 };

/* "q", "Ctrl-C", "PgUp", ... into out; returns out. */
const char *input_name(uint32_t key, char out[INPUT_NAME_MAX]);
/* The key of such a name, or 0. */
uint32_t input_parse(const char *name);

#endif
