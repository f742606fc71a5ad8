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

#include "report/put.h"

#define X(path, leaf, ...) +1
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

static bool guarded(const char *text, const struct exporter_options *o)
{
	switch (*text) {
	case '=':
	case '+':
	case '-':
	case '@':
	case '\t':
	case '\r': return !o->csv_raw;
	default: return false;
	}
}

static char *put_odd_text(char *w, const char *text, const struct exporter_options *o)
{
	bool guard = guarded(text, o);

	if (strpbrk(text, ",\"\r\n"))
		return put_quoted(w, text, guard);
	if (guard)
		*w++ = '\'';
	return stpcpy(w, text);
}

/* text, which ends at a NUL or after n bytes. */
static char *put_text(char *w, const char *text, size_t n, const struct exporter_options *o)
{
	size_t plain = put_plain(w, text, n, ',');
	bool whole = plain == n || !text[plain];

	return whole && !guarded(text, o) ? w + plain : put_odd_text(w, text, o);
}

static char *put_list(char *w, const struct flow_row *row, const void *at,
		      const struct exporter_options *o)
{
	char text[FIELD_TEXT_MAX];

	put_other_word(text, row, FIELD_LIST, at);
	return put_odd_text(w, text, o);
}

PUT_INLINE char *put_text_field(char *w, const struct exporter_options *o,
				const struct flow_row *row, enum field_type type, const void *at,
				size_t size)
{
	const char *text;
	size_t room = put_text_room(row, type, at, size, &text);
	char *end = w;

	if (!*text)
		return w;
	if (type == FIELD_WORD)
		return put_own(w, text, size);
	if (put_is_short(type, size) && put_short(&end, text, size, ',') && !guarded(text, o))
		return end;
	return type == FIELD_LIST ? put_list(w, row, at, o) : put_text(w, text, room, o);
}

PUT_INLINE char *put_cell(char *w, const struct exporter_options *o, const struct flow_row *row,
			  enum field_type type, const void *at, size_t size)
{
	int64_t v;

	switch (type) {
	case FIELD_INT:
	case FIELD_BYTES:
	case FIELD_BITRATE:
	case FIELD_DURATION:
		memcpy(&v, at, sizeof(v));
		if (v != ROW_ABSENT)
			w = put_i64(w, v);
		break;
	case FIELD_WORD:
	case FIELD_TEXT:
	case FIELD_FACT:
	case FIELD_LIST: w = put_text_field(w, o, row, type, at, size); break;
	default: w = put_word(w, row, type, at); break;
	}
	*w++ = ',';
	return w;
}

/* A row of the field table; `member` is whatever it was given as the place of its struct. */
#define PUT_CELL(path, leaf, member, kind, ...)                                            \
	w = put_cell(w, o, row, FIELD_##kind, &(member), sizeof(member));
#define PUT_ROW_CELL(path, leaf, member, ...)                                              \
	PUT_CELL(path, leaf, row->member, __VA_ARGS__)

/* Cells of an object of which nothing is known, but for words. */
#define PUT_WORD_CELL(path, leaf, member, kind, ...)                                               \
	if (put_is_word(FIELD_##kind))                                                             \
		w = put_word(w, row, FIELD_##kind, &(member));                                     \
	*w++ = ',';
#define PUT_BLANK_CELLS(X, list, path, key, ...) list(PUT_WORD_CELL, "", __VA_ARGS__)

#define ZERO_CELL(...) "0,"
#define PUT_CELLS(X, list, path, key, ...)                                                         \
	{                                                                                          \
		int64_t bits = PUT_BITS(list, __VA_ARGS__);                                        \
                                                                                                   \
		if (PUT_IS_ZERO(bits, list, __VA_ARGS__)) {                                        \
			w = put_literal(w, "" list(ZERO_CELL, "", __VA_ARGS__));                   \
		} else if (PUT_IS_BLANK(bits, list, __VA_ARGS__)) {                                \
			PUT_BLANK_CELLS(X, list, path, key, __VA_ARGS__)                           \
		} else {                                                                           \
			list(PUT_CELL, "", __VA_ARGS__)                                            \
		}                                                                                  \
	}

static char *put_end(char *w, const struct exporter_options *o, const struct flow_row *row,
		     const struct flow_end_row *e)
{
	FIELD_ROWS_END(PUT_CELL, "", (*e), "", "")
	FIELD_OBJECTS_WIRE(PUT_CELLS, , "", (*e), "")
	if (e->no_socket) {
		FIELD_OBJECTS_SOCKET(PUT_BLANK_CELLS, , "", (*e), "")
	} else {
		FIELD_OBJECTS_SOCKET(PUT_CELLS, , "", (*e), "")
	}
	return w;
}

static char *put_facts(char *w, const struct exporter_options *o, const struct flow_row *row)
{
	unsigned count;
	const struct field *f = fields(&count) + COLUMNS - FACT_KINDS;

	if (!put_has_facts(row))
		return (char *)memset(w, ',', FACT_KINDS) + FACT_KINDS;
	for (unsigned i = 0; i < FACT_KINDS; i++, f++)
		w = put_cell(w, o, row, f->type, &row->fact[i], sizeof(row->fact[i]));
	return w;
}

void csv_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row)
{
	char *start = buf_reserve(out, LINE_BYTES_MAX), *w = start;

	if (!start)
		return;
	FIELD_ROWS_HEAD(PUT_ROW_CELL)
	w = put_end(w, o, row, &row->src);
	w = put_end(w, o, row, &row->dst);
	FIELD_ROWS_COURSE(PUT_ROW_CELL)
	FIELD_OBJECTS_FLOW(PUT_CELLS, , row->)
	FIELD_ROWS_TAGS(PUT_ROW_CELL)
	w = put_facts(w, o, row);
	w[-1] = '\r'; /* the last comma */
	*w++ = '\n';
	out->len += (size_t)(w - start);
}
