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

static void no_end(struct buf *out, const struct exporter_options *o, const struct summary_row *sum)
{
	(void)out;
	(void)o;
	(void)sum;
}

static const struct exporter rows[] = {
	{
		.name = "text",
		.help = "aligned columns for people",
		.extension = "txt",
		.begin = text_begin,
		.flow = text_flow,
		.end = text_end,
	},
	{
		.name = "ndjson",
		.help = "one JSON object a line: flows, sockets where they are known, a summary",
		.extension = "ndjson",
		.begin = no_begin,
		.flow = ndjson_flow,
		.end = ndjson_end,
		.socket = ndjson_socket,
	},
	{
		.name = "json",
		.help = "the same objects in one JSON array",
		.extension = "json",
		.begin = json_begin,
		.flow = json_flow,
		.end = json_end,
		.socket = json_socket,
	},
	{
		.name = "csv",
		.help = "every field of every flow, for spreadsheets",
		.extension = "csv",
		.begin = csv_begin,
		.flow = csv_flow,
		.end = no_end,
	},
	{
		.name = "markdown",
		.help = "a table for a document",
		.extension = "md",
		.begin = markdown_begin,
		.flow = markdown_flow,
		.end = markdown_end,
	},
	{
		.name = "zeek",
		.help = "Zeek's conn.log, with pid and process columns",
		.extension = "log",
		.begin = zeek_begin,
		.flow = zeek_flow,
		.end = no_end,
	},
	{
		.name = "zeek-json",
		.help = "the same as JSON lines",
		.extension = "log",
		.begin = no_begin,
		.flow = zeek_json_flow,
		.end = no_end,
	},
	{
		.name = "ecs",
		.help = "JSON lines in the names of the Elastic Common Schema",
		.extension = "ndjson",
		.begin = no_begin,
		.flow = ecs_flow,
		.end = ecs_end,
		.open = ecs_open,
		.close = ecs_close,
	},
	{
		.name = "html",
		.help = "one page with charts and tables that sort, which needs nothing else",
		.extension = "html",
		.begin = no_begin,
		.flow = html_flow,
		.end = html_end,
		.wants_frames = true,
		.open = html_open,
		.close = html_close,
	},
	{
		.name = "ipfix",
		.help = "IPFIX messages with ntop's process elements, for a file or a collector",
		.extension = "ipfix",
		.begin = no_begin,
		.flow = ipfix_flow,
		.end = ipfix_end,
		.open = ipfix_open,
		.close = ipfix_close,
	},
	{
		.name = "sqlite",
		.help = "a SQLite database with --output FILE: appends flows, sockets, processes, losses",
		.extension = "db",
		.begin = sqlite_begin,
		.flow = sqlite_flow,
		.end = sqlite_end,
		.socket = sqlite_socket,
		.open = sqlite_open,
		.tick = sqlite_tick,
		.close = sqlite_close,
		.own_file = true,
	},
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
