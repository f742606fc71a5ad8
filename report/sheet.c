/* SPDX-License-Identifier: MIT
 *
 * JSON objects are flat here: names with underscores, as the header of CSV has them.
 */
#include "report/sheet.h"

#include <string.h>

#include "report/quote.h"
#include "report/record.h"
#include "report/totals.h"

enum { CELL_MAX = FIELD_TEXT_MAX };

struct sheet_format {
	const char *name;
	void (*begin)(struct buf *out, const struct exporter_options *o, const struct sheet *s);
	void (*row)(struct buf *out, const struct exporter_options *o, const struct sheet *s,
		    const void *row);
	void (*end)(struct buf *out, const struct exporter_options *o, const struct sheet *s,
		    const struct summary_row *sum);
};

static void put_name(struct buf *out, const struct field *f)
{
	for (const char *c = f->name; *c; c++)
		buf_putc(out, *c == '.' ? '_' : *c);
}

/* --- text ------------------------------------------------------------------------------------- */

/* Characters, taken as one screen column each. */
static unsigned width_of(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += ((uint8_t)*text & 0xc0) != 0x80;
	return n;
}

static void put_spaces(struct buf *out, unsigned n)
{
	while (n--)
		buf_putc(out, ' ');
}

static void put_cell(struct buf *out, const struct sheet *s, unsigned i, const char *text)
{
	const struct field *f = s->fields[i];
	unsigned title = (unsigned)strlen(f->title), have = width_of(text);
	unsigned width = f->width > title ? f->width : title;
	unsigned room = have < width ? width - have : 0;
	bool last = i + 1 == s->count;

	put_spaces(out, field_is_integer(f) ? room : 0);
	buf_puts(out, text);
	put_spaces(out, field_is_integer(f) || last ? 0 : room);
	buf_putc(out, last ? '\n' : ' ');
}

static void text_titles(struct buf *out, const struct exporter_options *o, const struct sheet *s)
{
	(void)o;
	for (unsigned i = 0; i < s->count; i++)
		put_cell(out, s, i, s->fields[i]->title);
}

static void text_row(struct buf *out, const struct exporter_options *o, const struct sheet *s,
		     const void *row)
{
	char text[CELL_MAX], ascii[4 * CELL_MAX];

	for (unsigned i = 0; i < s->count; i++) {
		if (!field_text(s->fields[i], row, o->human, text, sizeof(text)))
			strcpy(text, "-");
		if (!o->utf8)
			quote_ascii(ascii, text);
		put_cell(out, s, i, o->utf8 ? text : ascii);
	}
}

static void text_totals(struct buf *out, const struct exporter_options *o, const struct sheet *s,
			const struct summary_row *sum)
{
	(void)s;
	buf_putc(out, '\n');
	totals_put(out, o, sum, "");
}

/* --- csv -------------------------------------------------------------------------------------- */

static void csv_header(struct buf *out, const struct exporter_options *o, const struct sheet *s)
{
	(void)o;
	for (unsigned i = 0; i < s->count; i++) {
		buf_puts(out, i ? "," : "");
		put_name(out, s->fields[i]);
	}
	buf_puts(out, "\r\n");
}

static void csv_line(struct buf *out, const struct exporter_options *o, const struct sheet *s,
		     const void *row)
{
	char text[CELL_MAX];

	for (unsigned i = 0; i < s->count; i++) {
		const struct field *f = s->fields[i];

		field_text(f, row, false, text, sizeof(text));
		buf_puts(out, i ? "," : "");
		quote_csv(out, text, !o->csv_raw && field_is_text(f));
	}
	buf_puts(out, "\r\n");
}

static void csv_nothing(struct buf *out, const struct exporter_options *o, const struct sheet *s,
			const struct summary_row *sum)
{
	(void)out;
	(void)o;
	(void)s;
	(void)sum;
}

/* --- ndjson and json -------------------------------------------------------------------------- */

static void put_list(struct buf *out, const char *text)
{
	const char *between = "[";

	for (size_t n;; text += n + 1) {
		n = strcspn(text, (const char[]){FIELD_LIST_SEPARATOR, '\0'});
		buf_puts(out, between);
		quote_json(out, text, n);
		if (!text[n])
			break;
		between = ",";
	}
	buf_putc(out, ']');
}

static void put_numbers(struct buf *out, const char *text)
{
	buf_putc(out, '[');
	for (; *text; text++)
		buf_putc(out, *text == ' ' ? ',' : *text);
	buf_putc(out, ']');
}

static void put_value(struct buf *out, const struct field *f, const void *row)
{
	char text[CELL_MAX];
	size_t n;

	if (f->type == FIELD_LIST) {
		put_list(out, field_chars(f, row));
		return;
	}
	n = field_text(f, row, false, text, sizeof(text));
	if (f->type == FIELD_VLANS)
		put_numbers(out, text);
	else if (field_is_integer(f) || f->type == FIELD_VERSION)
		buf_put(out, text, n);
	else
		quote_json(out, text, n);
}

static void put_object(struct buf *out, const struct sheet *s, const void *row)
{
	buf_puts(out, "{\"type\":\"");
	buf_puts(out, s->record);
	buf_putc(out, '"');
	for (unsigned i = 0; i < s->count; i++) {
		if (!field_present(s->fields[i], row))
			continue;
		buf_puts(out, ",\"");
		put_name(out, s->fields[i]);
		buf_puts(out, "\":");
		put_value(out, s->fields[i], row);
	}
	buf_putc(out, '}');
}

static void ndjson_nothing(struct buf *out, const struct exporter_options *o, const struct sheet *s)
{
	(void)out;
	(void)o;
	(void)s;
}

static void ndjson_row(struct buf *out, const struct exporter_options *o, const struct sheet *s,
		       const void *row)
{
	(void)o;
	put_object(out, s, row);
	buf_putc(out, '\n');
}

static void ndjson_summary(struct buf *out, const struct exporter_options *o, const struct sheet *s,
			   const struct summary_row *sum)
{
	(void)o;
	(void)s;
	record_summary(out, sum);
	buf_putc(out, '\n');
}

static void json_open(struct buf *out, const struct exporter_options *o, const struct sheet *s)
{
	(void)o;
	(void)s;
	buf_puts(out, "[\n");
}

static void json_row(struct buf *out, const struct exporter_options *o, const struct sheet *s,
		     const void *row)
{
	(void)o;
	put_object(out, s, row);
	buf_puts(out, ",\n");
}

/* The summary is the last element, always there: every row can be followed by a comma. */
static void json_close(struct buf *out, const struct exporter_options *o, const struct sheet *s,
		       const struct summary_row *sum)
{
	ndjson_summary(out, o, s, sum);
	buf_puts(out, "]\n");
}

/* --- markdown --------------------------------------------------------------------------------- */

static void markdown_header(struct buf *out, const struct exporter_options *o,
			    const struct sheet *s)
{
	(void)o;
	for (unsigned i = 0; i < s->count; i++) {
		buf_puts(out, "| ");
		quote_markdown(out, s->fields[i]->title);
		buf_putc(out, ' ');
	}
	buf_puts(out, "|\n");
	for (unsigned i = 0; i < s->count; i++)
		buf_puts(out, field_is_integer(s->fields[i]) ? "|---:" : "|---");
	buf_puts(out, "|\n");
}

static void markdown_row(struct buf *out, const struct exporter_options *o, const struct sheet *s,
			 const void *row)
{
	char text[CELL_MAX];

	for (unsigned i = 0; i < s->count; i++) {
		field_text(s->fields[i], row, o->human, text, sizeof(text));
		buf_puts(out, "| ");
		quote_markdown(out, text);
		buf_putc(out, ' ');
	}
	buf_puts(out, "|\n");
}

static void markdown_totals(struct buf *out, const struct exporter_options *o,
			    const struct sheet *s, const struct summary_row *sum)
{
	(void)s;
	buf_putc(out, '\n');
	totals_put(out, o, sum, "- ");
}

/* ---------------------------------------------------------------------------------------------- */

static const struct sheet_format formats[] = {
	{"text", text_titles, text_row, text_totals},
	{"ndjson", ndjson_nothing, ndjson_row, ndjson_summary},
	{"json", json_open, json_row, json_close},
	{"csv", csv_header, csv_line, csv_nothing},
	{"markdown", markdown_header, markdown_row, markdown_totals},
};

const struct sheet_format *sheet_format_find(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

const char *sheet_format_names(void)
{
	return "text, ndjson, json, csv and markdown";
}

void sheet_begin(struct buf *out, const struct exporter_options *o, const struct sheet *s)
{
	s->format->begin(out, o, s);
}

void sheet_row(struct buf *out, const struct exporter_options *o, const struct sheet *s,
	       const void *row)
{
	s->format->row(out, o, s, row);
}

void sheet_end(struct buf *out, const struct exporter_options *o, const struct sheet *s,
	       const struct summary_row *sum)
{
	s->format->end(out, o, s, sum);
}
