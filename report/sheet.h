/* SPDX-License-Identifier: MIT
 *
 * Rows of any table of fields with the fields that were asked for: what --fields, --group-by and
 * --interval print. One row a format in sheet.c.
 */
#ifndef SOCKLENS_REPORT_SHEET_H
#define SOCKLENS_REPORT_SHEET_H

#include "flow/rows/field.h"
#include "report/exporter.h"

enum { SHEET_FIELDS_MAX = 64 };

struct sheet_format;

struct sheet {
	const struct sheet_format *format;
	const char *record; /* "type" of its JSON objects */
	const struct field *fields[SHEET_FIELDS_MAX];
	unsigned count;
};

const struct sheet_format *sheet_format_find(const char *name); /* or NULL */
const char *sheet_format_names(void);				/* "text, ndjson, ..." */

void sheet_begin(struct buf *out, const struct exporter_options *o, const struct sheet *s);
/* `row` is of the struct whose fields the sheet has. */
void sheet_row(struct buf *out, const struct exporter_options *o, const struct sheet *s,
	       const void *row);
void sheet_end(struct buf *out, const struct exporter_options *o, const struct sheet *s,
	       const struct summary_row *sum);

#endif
