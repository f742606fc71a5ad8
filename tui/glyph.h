/* SPDX-License-Identifier: MIT
 *
 * Characters that are drawn rather than written, each with an ASCII stand-in of the same width for
 * terminals whose locale is not UTF-8.
 */
#ifndef SOCKLENS_TUI_GLYPH_H
#define SOCKLENS_TUI_GLYPH_H

#include <stdbool.h>

#define GLYPH_ROWS(X)                                                                              \
	X(CUT, "…", "~")	   /* text goes on */                                              \
	X(DESCENDING, "▼", "v")                                                                    \
	X(ASCENDING, "▲", "^")                                                                     \
	X(UP, "↑", "^")		   /* sent by the originator */                                    \
	X(DOWN, "↓", "v")                                                                          \
	X(DOT, "·", "-")	   /* between facts */                                             \
	X(ARROW, "→", ">")                                                                         \
	X(RANGE, "–", "-")                                                                         \
	X(FULL, "█", "#")	   /* parts of bars, from what is done to what is not */           \
	X(DENSE, "▓", "%")                                                                         \
	X(HALF, "▒", "=")                                                                          \
	X(LIGHT, "░", "-")                                                                         \
	X(FAINT, "·", ".")                                                                         \
	X(LINE, "─", "-")                                                                          \
	X(RAIL, "│", "|")                                                                          \
	X(TO_RIGHT, "▶", ">")                                                                      \
	X(TO_LEFT, "◀", "<")                                                                       \
	X(GAP, "⋮", ":")	   /* something is left out, or nothing was for long */            \
	X(TAG, "•", "*")	   /* a row that was chosen */                                     \
	X(BRANCH, "├", "|")	   /* trees */                                                     \
	X(BRANCH_LAST, "└", "`")                                                                   \
	X(FOLDED, "▸", "+")                                                                        \
	X(CROSS, "×", "x")	   /* lost */                                                      \
	X(MARK_HOLDER, "◌", "?")   /* carries a combining mark that follows nothing */             \
	X(REPLACED, "�", "?")	   /* was no printable character */

enum glyph {
#define X(id, utf8, ascii) GLYPH_##id,
	GLYPH_ROWS(X)
#undef X
	GLYPH_COUNT
};

const char *glyph(enum glyph g, bool utf8);

#endif
