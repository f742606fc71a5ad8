/* SPDX-License-Identifier: MIT
 *
 * Tables of the page: columns are fields by name, cells are for people and carry the exact value to
 * sort by.
 */
#ifndef SOCKLENS_REPORT_HTML_TABLE_H
#define SOCKLENS_REPORT_HTML_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "flow/rows/filter.h"

struct html_table {
	const struct filter_table *kind;
	const char *const *names;
	unsigned count;	  /* at most 32 */
	uint32_t unknown; /* a bit for each column that is left out */
};

/* Before it is begun: every row, so that columns which none of them knows are left out. */
void html_table_look(struct html_table *t, const void *row, bool first);

/* Begin a section of that heading with the table's head; then rows; then its end. */
void html_table_begin(struct buf *out, const struct html_table *t, const char *title);
void html_table_row(struct buf *out, const struct html_table *t, const void *row);
void html_table_end(struct buf *out);

#endif
