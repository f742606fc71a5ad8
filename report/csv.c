/* SPDX-License-Identifier: MIT
 *
 * Comma-separated values, RFC 4180: one header line, one line a flow, CRLF after each. Columns are
 * the fields of the flow record, their dots made underscores; an absent field is an empty cell.
 *
 * Spreadsheets run text that begins like a formula, and names in a capture come from strangers:
 * such a text gets a leading ' unless csv_raw. Numbers are ours and stay numbers.
 */
#include "report/formats.h"

#include <string.h>

#include "base/fmt.h"
#include "flow/field.h"

#define X(object, path, leaf, ...) +1
enum { COLUMNS = FACT_KINDS FIELD_ROWS(X) };
#undef X

/* A line at its worst: texts doubled by quotes, tunnels four times as long as their bytes. */
enum { LINE_BYTES_MAX = COLUMNS * 64 + sizeof(struct flow_row) * 4 };
_Static_assert((size_t)LINE_BYTES_MAX <= EXPORTER_ROW_MAX, "a line fits in what callers provide");

void csv_begin(struct buf *out, const struct exporter_options *o)
{
	unsigned count;
	const struct field *f = fields(&count);

	(void)o;
	for (unsigned i = 0; i < count; i++) {
		if (i)
			buf_putc(out, ',');
		for (const char *c = f[i].name; *c; c++)
			buf_putc(out, *c == '.' ? '_' : *c);
	}
	buf_puts(out, "\r\n");
}

static char *put_quoted(char *w, const char *text, bool guard)
{
	*w++ = '"';
	if (guard)
		*w++ = '\'';
	for (; *text; text++) {
		if (*text == '"')
			*w++ = '"';
		*w++ = *text;
	}
	*w++ = '"';
	return w;
}

static char *put_text(char *w, const char *text, const struct exporter_options *o)
{
	bool guard = !o->csv_raw && *text && strchr("=+-@\t\r", *text);

	if (strpbrk(text, ",\"\r\n"))
		return put_quoted(w, text, guard);
	if (guard)
		*w++ = '\'';
	return stpcpy(w, text);
}

static char *put_i64(char *w, int64_t v)
{
	if (v == ROW_ABSENT)
		return w;
	if (v < 0)
		*w++ = '-';
	return w + fmt_u64(w, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

static char *put_cell(char *w, const struct exporter_options *o, const struct field *f,
		      const struct flow_row *row)
{
	char text[FIELD_TEXT_MAX];
	int64_t v;

	if (field_is_integer(f)) {
		memcpy(&v, field_at(f, row), sizeof(v));
		return put_i64(w, v);
	}
	if (!field_present(f, row))
		return w;
	field_text(f, row, false, text, sizeof(text));
	return put_text(w, text, o);
}

void csv_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row)
{
	unsigned count;
	const struct field *f = fields(&count);
	char *start = buf_reserve(out, LINE_BYTES_MAX), *w = start;

	if (!start)
		return;
	for (unsigned i = 0; i < count; i++) {
		if (i)
			*w++ = ',';
		w = put_cell(w, o, &f[i], row);
	}
	*w++ = '\r';
	*w++ = '\n';
	out->len += (size_t)(w - start);
}
