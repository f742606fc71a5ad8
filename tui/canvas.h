/* SPDX-License-Identifier: MIT
 *
 * The screen as a grid of cells, without a terminal: views draw here, tests read it as text, and
 * term.c copies it to curses. Whatever is drawn, a cell never holds a control character, half a
 * wide character or a broken UTF-8 sequence.
 *
 * Widths come from wcwidth(3), as in curses itself, so both agree about columns; this needs a
 * UTF-8 locale in the calling thread. A canvas without `utf8` shows ASCII only.
 */
#ifndef SOCKLENS_TUI_CANVAS_H
#define SOCKLENS_TUI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "tui/style.h"

/* Room for one character of 4 bytes and a few combining marks; marks beyond it are dropped. */
enum { CELL_BYTES = 12 };

struct cell {
	char text[CELL_BYTES]; /* UTF-8, not NUL-terminated */
	uint8_t len;	       /* bytes in text; 0 = right half of a wide character */
	uint8_t width;	       /* 1 or 2; 0 = right half */
	uint8_t style;	       /* enum style */
	uint8_t spare;
};

struct canvas {
	struct cell *cells; /* owned; row by row */
	int width, height;
	bool utf8;
};

enum align { ALIGN_LEFT, ALIGN_RIGHT };

/* A part of a canvas. */
struct area {
	int x, y, width, height;
};

/* 0 or -ENOMEM. All cells blank. */
int canvas_init(struct canvas *c, int width, int height, bool utf8);
void canvas_done(struct canvas *c);
/* 0, or -ENOMEM and the canvas keeps its size. Content is lost unless only the height grows. */
int canvas_resize(struct canvas *c, int width, int height);
void canvas_clear(struct canvas *c);

/*
 * Write text at column x of row y over at most `width` columns, clipped to the canvas. Returns
 * the columns used. Anything outside is dropped; y and x may be outside.
 */
int canvas_text(struct canvas *c, int y, int x, int width, enum style style, const char *text);
int canvas_printf(struct canvas *c, int y, int x, int width, enum style style, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* Exactly `width` columns: padded with blanks, or cut with a mark that shows the cut. */
void canvas_field(struct canvas *c, int y, int x, int width, enum align align, enum style style,
		  const char *text);

/* Repeat the first character of text, which has width 1; " " clears. */
void canvas_fill(struct canvas *c, int y, int x, int width, enum style style, const char *text);

/* Change the style of cells already drawn. */
void canvas_restyle(struct canvas *c, int y, int x, int width, enum style style);

/* Copy rows [from, from + to.height) of another canvas, as wide as fits, to an area of this one. */
void canvas_copy(struct canvas *c, struct area to, const struct canvas *src, int from);

/* Columns that canvas_text would use without clipping. */
int canvas_text_width(const struct canvas *c, const char *text);

/* The cell, or NULL outside. */
const struct cell *canvas_at(const struct canvas *c, int y, int x);

/* Rows as lines of text, trailing blanks dropped: for tests and pictures in documents. */
void canvas_dump(const struct canvas *c, struct buf *out);

#endif
