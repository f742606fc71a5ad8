/* SPDX-License-Identifier: MIT */
#include "tui/flow_title.h"

#include <stdio.h>

#include "flow/rows/end_text.h"
#include "tui/glyph.h"

void flow_title(char *out, size_t cap, const struct flow_row *row, bool utf8)
{
	char from[END_TEXT_MAX], to[END_TEXT_MAX];
	const char *proto = proto_name(row->proto);

	end_text(from, &row->src, ' ');
	end_text(to, &row->dst, ' ');
	snprintf(out, cap, "%s  %s %s %s", proto ? proto : "?", from, glyph(GLYPH_ARROW, utf8), to);
}
