/* SPDX-License-Identifier: MIT
 *
 * The bytes of one frame as they were captured, in hexadecimal and as the ASCII among them. Only
 * with --payload: what people wrote to each other is nobody's business by default.
 */
#include "tui/view.h"

#include <stdio.h>

#include "base/fmt.h"
#include "tui/app.h"
#include "tui/flow_title.h"

enum {
	A_LINE = 16,
	OFFSET_WIDTH = 6,
	BYTE_WIDTH = 3,
	ASCII_AT = OFFSET_WIDTH + A_LINE * BYTE_WIDTH + 3,
};

static void write_head(struct page *p, const struct app *a)
{
	const struct frame_bytes *b = a->bytes;
	char title[FLOW_TITLE_MAX], text[96], time[FMT_MAX];

	flow_title(title, sizeof(title), &a->open, a->canvas.utf8);
	page_wrap(p, 0, STYLE_STRONG, title);
	fmt_time_of_day(time, a->bytes_of.time_ns);
	snprintf(text, sizeof(text), "frame %u, of the %s, at %s", a->bytes_of.number,
		 a->bytes_of.end ? "responder" : "originator", time);
	page_wrap(p, 0, STYLE_NORMAL, text);
	if (!b && !a->open_gone)
		snprintf(text, sizeof(text), "waiting for its bytes");
	else if (!b || !b->caplen)
		snprintf(text, sizeof(text), "its bytes are not kept any more");
	else if (b->caplen < b->wirelen)
		snprintf(text, sizeof(text), "the first %u of %u bytes were captured", b->caplen,
			 b->wirelen);
	else
		snprintf(text, sizeof(text), "%u bytes", b->caplen);
	page_wrap(p, 0, b && b->caplen ? STYLE_DIM : STYLE_WARN, text);
	page_next(p);
}

/* A gap in the middle helps to count. */
static void write_line(struct page *p, const struct frame_bytes *b, uint32_t at)
{
	char text[12], ascii[A_LINE + 1];
	int n = 0;

	snprintf(text, sizeof(text), "%04x", at);
	page_put(p, 0, OFFSET_WIDTH, STYLE_DIM, text);
	for (; n < A_LINE && at + (uint32_t)n < b->caplen; n++) {
		uint8_t byte = b->data[at + (uint32_t)n];

		snprintf(text, sizeof(text), "%02x", byte);
		page_put(p, OFFSET_WIDTH + n * BYTE_WIDTH + (n >= A_LINE / 2), BYTE_WIDTH,
			 byte ? STYLE_NORMAL : STYLE_DIM, text);
		ascii[n] = byte >= 0x20 && byte < 0x7f ? (char)byte : '.';
	}
	ascii[n] = '\0';
	page_put(p, ASCII_AT, A_LINE, STYLE_NAME, ascii);
	page_next(p);
}

static void draw(struct app *a, struct area area)
{
	struct page *p = &a->page;

	page_begin(p, area.width, a->canvas.utf8);
	page_column(p, 1, area.width - 2, 0);
	write_head(p, a);
	for (uint32_t at = 0; a->bytes && at < a->bytes->caplen; at += A_LINE)
		write_line(p, a->bytes, at);
	page_draw(p, &a->canvas, area);
}

const struct view view_bytes = {
	.name = "bytes",
	.title = "Bytes",
	.help = "one frame as it was captured, with --payload",
	.draw = draw,
	.move = view_page_move,
};
