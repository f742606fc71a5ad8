/* SPDX-License-Identifier: MIT */
#include "tui/flow_title.h"

#include <stdio.h>

#include "tui/glyph.h"

/* "curl 4021 192.0.2.1:40000" */
static void end_text(const struct flow_end_row *end, char *out, size_t cap)
{
	struct endpoint e = {end->addr, (uint16_t)end->port};
	char text[ENDPOINT_TEXT_MAX];

	if (end->port == ROW_ABSENT)
		addr_format(text, &end->addr);
	else
		endpoint_format(text, &e);
	if (end->process.pid == ROW_ABSENT)
		snprintf(out, cap, "%s", text);
	else
		snprintf(out, cap, "%s %u %s", *end->process.name ? end->process.name : "?",
			 (unsigned)end->process.pid, text);
}

void flow_title(char *out, size_t cap, const struct flow_row *row, bool utf8)
{
	char from[ENDPOINT_TEXT_MAX + ROW_NAME_MAX + 16], to[sizeof(from)];
	const char *proto = proto_name(row->proto);

	end_text(&row->src, from, sizeof(from));
	end_text(&row->dst, to, sizeof(to));
	snprintf(out, cap, "%s  %s %s %s", proto ? proto : "?", from, glyph(GLYPH_ARROW, utf8), to);
}
