/* SPDX-License-Identifier: MIT */
#include "cli/roff.h"

#include <string.h>

enum { COLUMNS = 72 }; /* escapes make lines longer */

/* Of this version: a page is the same whenever it is made. */
#define RELEASED "2026-11-22"

static void put_char(FILE *out, char c)
{
	switch (c) {
	case '\\': fputs("\\e", out); break;
	case '-': fputs("\\-", out); break;
	case '\'': fputs("\\(aq", out); break;
	case '`': fputs("\\(ga", out); break;
	case '^': fputs("\\(ha", out); break;
	case '~': fputs("\\(ti", out); break;
	default: fputc(c, out);
	}
}

/* A dot that begins a line would be a request. */
static void put_line(FILE *out, const char *text, size_t n)
{
	if (n && *text == '.')
		fputs("\\&", out);
	for (size_t i = 0; i < n; i++)
		put_char(out, text[i]);
}

/* Up to a newline or the end, in short lines as manual pages have them. */
static size_t put_filled(FILE *out, const char *text)
{
	size_t length = strcspn(text, "\n");

	for (size_t at = 0; at < length;) {
		size_t n = length - at;

		if (n > COLUMNS) {
			for (n = COLUMNS; n && text[at + n] != ' ';)
				n--;
			n = n ? n : length - at;
		}
		put_line(out, text + at, n);
		fputc('\n', out);
		at += n + (text[at + n] == ' ');
	}
	return length;
}

static void put_paragraphs(FILE *out, const char *text, const char *request)
{
	for (text += put_filled(out, text); *text; text += put_filled(out, text)) {
		fputs(request, out);
		text++;
	}
}

void roff_title(FILE *out, const char *name, const char *section, const char *page,
		const char *what)
{
	fprintf(out, ".TH %s %s %s \"socklens %s\"\n.SH NAME\n", name, section, RELEASED,
		SOCKLENS_VERSION);
	put_line(out, page, strlen(page));
	fputs(" \\- ", out);
	put_filled(out, what);
}

void roff_section(FILE *out, const char *name, const char *text)
{
	fprintf(out, ".SH %s\n", name);
	put_paragraphs(out, text, ".PP\n");
}

void roff_paragraph(FILE *out, const char *text)
{
	fputs(".PP\n", out);
	put_paragraphs(out, text, ".PP\n");
}

void roff_item(FILE *out, const char *name, const char *argument, const char *text)
{
	fputs(".TP\n\\fB", out);
	put_line(out, name, strlen(name));
	fputs("\\fR", out);
	if (argument && *argument) {
		fputs(" \\fI", out);
		put_line(out, argument, strlen(argument));
		fputs("\\fR", out);
	}
	fputc('\n', out);
	put_paragraphs(out, text, ".IP\n");
}

void roff_more(FILE *out, const char *text)
{
	fputs(".IP\n", out);
	put_paragraphs(out, text, ".IP\n");
}

void roff_example(FILE *out, const char *lines)
{
	fputs(".PP\n.nf\n.RS 4\n", out);
	for (; *lines; lines += *lines == '\n') {
		size_t n = strcspn(lines, "\n");

		put_line(out, lines, n);
		fputc('\n', out);
		lines += n;
	}
	fputs(".RE\n.fi\n", out);
}
