/* SPDX-License-Identifier: MIT */
#include "report/quote.h"

#include <stdint.h>
#include <string.h>

static const char hex[] = "0123456789abcdef";

void quote_json(struct buf *out, const char *text, size_t n)
{
	buf_putc(out, '"');
	for (size_t i = 0; i < n; i++) {
		uint8_t c = (uint8_t)text[i];

		if (c < 0x20) {
			buf_puts(out, "\\u00");
			buf_putc(out, hex[c >> 4]);
			buf_putc(out, hex[c & 15]);
			continue;
		}
		if (c == '"' || c == '\\')
			buf_putc(out, '\\');
		buf_putc(out, text[i]);
	}
	buf_putc(out, '"');
}

void quote_csv(struct buf *out, const char *text, bool guard)
{
	bool quoted = strpbrk(text, ",\"\r\n");

	if (quoted)
		buf_putc(out, '"');
	if (guard && *text && strchr("=+-@\t\r", *text))
		buf_putc(out, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_putc(out, '"');
		buf_putc(out, *text);
	}
	if (quoted)
		buf_putc(out, '"');
}

void quote_markdown(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\`*_[]<>|&~#!", *text))
			buf_putc(out, '\\');
		buf_putc(out, *text);
	}
}

void quote_html(struct buf *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&': buf_puts(out, "&amp;"); break;
		case '<': buf_puts(out, "&lt;"); break;
		case '>': buf_puts(out, "&gt;"); break;
		case '"': buf_puts(out, "&quot;"); break;
		case '\'': buf_puts(out, "&#39;"); break;
		default: buf_putc(out, *text);
		}
	}
}

void quote_ascii(char *out, const char *text)
{
	for (; *text; text++) {
		uint8_t c = (uint8_t)*text;

		if (c < 0x80) {
			*out++ = *text;
			continue;
		}
		*out++ = '\\';
		*out++ = 'x';
		*out++ = hex[c >> 4];
		*out++ = hex[c & 15];
	}
	*out = '\0';
}
