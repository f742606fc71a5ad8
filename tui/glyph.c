/* SPDX-License-Identifier: MIT */
#include "tui/glyph.h"

static const char *const glyphs[GLYPH_COUNT][2] = {
#define X(id, utf8, ascii) [GLYPH_##id] = {ascii, utf8},
	GLYPH_ROWS(X)
#undef X
};

const char *glyph(enum glyph g, bool utf8)
{
	return glyphs[g][utf8];
}
