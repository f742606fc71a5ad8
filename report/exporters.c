/* SPDX-License-Identifier: MIT
 *
 * The table of report formats.
 */
#include "report/exporter.h"

#include <stddef.h>
#include <string.h>

#include "report/formats.h"

static void no_begin(struct buf *out, const struct exporter_options *o)
{
	(void)out;
	(void)o;
}

static void no_end(struct buf *out, const struct exporter_options *o,
		   const struct summary_row *sum)
{
	(void)out;
	(void)o;
	(void)sum;
}

static const struct exporter rows[] = {
	{"text", "aligned columns for people", "txt", text_begin, text_flow, text_end, NULL},
	{"ndjson", "one JSON object a line: flows, sockets where they are known, a summary", "ndjson",
	 no_begin, ndjson_flow, ndjson_end, ndjson_socket},
	{"json", "the same objects in one JSON array", "json", json_begin, json_flow, json_end,
	 json_socket},
	{"csv", "every field of every flow, for spreadsheets", "csv", csv_begin, csv_flow, no_end, NULL},
	{"markdown", "a table for a document", "md", markdown_begin, markdown_flow, markdown_end,
	 NULL},
};

enum { EXPORTER_COUNT = sizeof(rows) / sizeof(rows[0]) };

const struct exporter *exporters(unsigned *count)
{
	*count = EXPORTER_COUNT;
	return rows;
}

const struct exporter *exporter_find(const char *name)
{
	for (unsigned i = 0; i < EXPORTER_COUNT; i++)
		if (!strcmp(rows[i].name, name))
			return &rows[i];
	return NULL;
}
