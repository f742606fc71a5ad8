/* SPDX-License-Identifier: MIT
 *
 * What a piece of the screen means (style) apart from how it looks (theme). Views name styles;
 * only the terminal turns them into colours.
 */
#ifndef SOCKLENS_TUI_STYLE_H
#define SOCKLENS_TUI_STYLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*     id         what it means */
#define STYLE_ROWS(X)                                                                              \
	X(NORMAL, "plain text")                                                                    \
	X(BAR, "the header's background and facts")                                                \
	X(BRAND, "the program's name")                                                             \
	X(BAR_GOOD, "a good fact in the header")                                                   \
	X(BAR_BAD, "a bad fact in the header")                                                     \
	X(BADGE, "PAUSED")                                                                         \
	X(TAB, "a view that can be chosen")                                                        \
	X(TAB_ON, "the view shown")                                                                \
	X(TITLE, "column titles")                                                                  \
	X(TITLE_SORT, "the title of the sorted column")                                            \
	X(TOTAL, "sums of columns")                                                                \
	X(SELECTED, "the row under the cursor")                                                    \
	X(DIM, "closed, absent or secondary")                                                      \
	X(STRONG, "headings and names")                                                            \
	X(GOOD, "as it should be")                                                                 \
	X(WARN, "worth a look")                                                                    \
	X(BAD, "lost, refused, broken")                                                            \
	X(UP, "sent by the originator")                                                            \
	X(DOWN, "sent by the responder")                                                           \
	X(NAME, "names of hosts and applications")                                                 \
	X(KEY, "a key that can be pressed")                                                        \
	X(KEY_LABEL, "what the key does")                                                          \
	X(KEY_OFF, "a key that does nothing now")                                                  \
	X(PROMPT, "the line being typed")

enum style {
#define X(id, help) STYLE_##id,
	STYLE_ROWS(X)
#undef X
		STYLE_COUNT
};

/* Colours of the terminal's own palette, so that the user's scheme is kept. */
enum colour {
	COLOUR_BLACK,
	COLOUR_RED,
	COLOUR_GREEN,
	COLOUR_YELLOW,
	COLOUR_BLUE,
	COLOUR_MAGENTA,
	COLOUR_CYAN,
	COLOUR_WHITE,
	COLOUR_GREY, /* bright black; the bright ones follow */
	COLOUR_DEFAULT = 0xff
};

enum { LOOK_BOLD = 1 << 0, LOOK_DIM = 1 << 1, LOOK_REVERSE = 1 << 2, LOOK_UNDERLINE = 1 << 3 };

struct look {
	uint8_t fg, bg; /* enum colour */
	uint8_t bits;	/* LOOK_* */
};

struct theme {
	const char *name;
	const char *help;
	bool colours; /* false: attributes only */
	struct look looks[STYLE_COUNT];
};

const struct theme *themes(unsigned *count);

/*
 * The theme by name, NULL or "" being the first one; NULL when there is none. With no_colour (the
 * NO_COLOR convention) an unnamed theme is the one without colours.
 */
const struct theme *theme_find(const char *name, bool no_colour);

/* "default light ..." into out[cap]; returns out. */
const char *theme_names(char *out, size_t cap);

#endif
