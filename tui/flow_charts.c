/* SPDX-License-Identifier: MIT */
#include "tui/flow_charts.h"

#include <stdio.h>

#include "base/fmt.h"
#include "tui/chart.h"
#include "tui/glyph.h"

enum { LABEL_WIDTH = 16, WIDTH_MAX = 240 };

static size_t flight_text(char *out, int64_t bytes)
{
	return fmt_bytes(out, (uint64_t)bytes);
}

static size_t rate_text(char *out, int64_t bps)
{
	return fmt_rate(out, (uint64_t)bps);
}

static const struct {
	const char *name; /* NULL: an arrow */
	enum glyph arrow;
	enum style style;
	size_t (*text)(char *out, int64_t most);
} lines[HISTORY_LINES] = {
	[HISTORY_UP] = {NULL, GLYPH_UP, STYLE_UP, rate_text},
	[HISTORY_DOWN] = {NULL, GLYPH_DOWN, STYLE_DOWN, rate_text},
	[HISTORY_RTT] = {"ack after", GLYPH_UP, STYLE_NORMAL, fmt_duration},
	[HISTORY_IN_FLIGHT] = {"in flight", GLYPH_UP, STYLE_STRONG, flight_text},
};

static void write_line(struct page *p, const struct history *h, enum history_line line, int height)
{
	int64_t values[2 * WIDTH_MAX], most;
	int width = p->width - LABEL_WIDTH;
	char number[FMT_MAX], text[FMT_MAX + 32];

	if (width > WIDTH_MAX)
		width = WIDTH_MAX;
	if (width < 1)
		return;
	most = history_line(h, line, values, 2 * (unsigned)width);
	if (most <= 0)
		return;
	lines[line].text(number, most);
	snprintf(text, sizeof(text), "%s %s%s",
		 lines[line].name ? lines[line].name : glyph(lines[line].arrow, p->sheet.utf8),
		 number, lines[line].name ? "" : " bit/s");
	page_put(p, 0, LABEL_WIDTH - 1, lines[line].style, text);
	chart_put(p, LABEL_WIDTH, width, height, lines[line].style, values, most);
}

void flow_charts_write(struct page *p, const struct history *h, int height)
{
	char span[FMT_MAX], text[FMT_MAX + 32];

	if (history_span_ns(h) <= 0)
		return;
	fmt_duration(span, history_span_ns(h));
	snprintf(text, sizeof(text), "Over %s, and the most at a time", span);
	page_heading(p, text);
	for (int line = 0; line < HISTORY_LINES; line++)
		write_line(p, h, line, height);
}
