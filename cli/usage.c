/* SPDX-License-Identifier: MIT */
#include "cli/usage.h"

#include <string.h>

#include "report/exporter.h"

enum { PARAGRAPH = 96 }; /* columns */

static void print_option(FILE *out, const struct option_row *o)
{
	char left[48], letter[8] = "    ";

	if (o->letter)
		snprintf(letter, sizeof(letter), "-%c, ", o->letter);
	snprintf(left, sizeof(left), "%s--%s%s%s", letter, o->name, o->argument ? " " : "",
		 o->argument ? o->argument : "");
	fprintf(out, "  %-30s %s\n", left, o->help);
}

static void print_formats(FILE *out)
{
	unsigned n;
	const struct exporter *rows = exporters(&n);

	fprintf(out, "\nFormats:\n");
	for (unsigned i = 0; i < n; i++)
		fprintf(out, "  %-30s %s\n", rows[i].name, rows[i].help);
}

/* Sentences, broken at blanks. */
static void print_paragraph(FILE *out, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		if (n > PARAGRAPH)
			for (n = PARAGRAPH; n && text[n] != ' ';)
				n--;
		fprintf(out, "%.*s\n", (int)n, text);
		text += n;
		if (*text == '\n')
			fputc('\n', out);
		text += *text != '\0';
	}
}

void usage_command(FILE *out, const struct command *c)
{
	unsigned n;
	const struct option_row *rows = option_rows(&n);

	fprintf(out, "Usage: socklens %s [OPTION...]%s%s\n\n%s\n\n", c->name, *c->words ? " " : "",
		c->words, c->summary);
	if (c->more) {
		print_paragraph(out, c->more);
		fputc('\n', out);
	}
	fprintf(out, "Options:\n");
	for (unsigned i = 0; i < n; i++)
		if (rows[i].commands & c->bit)
			print_option(out, &rows[i]);
	if (c->bit == COMMAND_REPORT)
		print_formats(out);
}

void usage_all(FILE *out)
{
	unsigned n;
	const struct command *rows = commands(&n);

	fprintf(out, "Usage: socklens [COMMAND] [OPTION...] [FILTER EXPRESSION]\n\n"
		     "Who is talking, what is slow, whose fault is it, did the data arrive?\n\n"
		     "Commands:\n");
	for (unsigned i = 0; i < n; i++)
		if (rows[i].summary)
			fprintf(out, "  %-10s %s\n", rows[i].name, rows[i].summary);
	fprintf(out, "\nsocklens                      live dashboard of this machine\n"
		     "socklens -r FILE              the same screens for a capture\n"
		     "socklens report -r FILE       its flows as a table\n"
		     "socklens help COMMAND         options of a command\n");
}
