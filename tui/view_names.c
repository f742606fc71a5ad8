/* SPDX-License-Identifier: MIT
 *
 * The list of names: what DNS was asked, who asked, what came back and how fast.
 */
#include "tui/view.h"

#include "flow/rows/field.h"
#include "tui/app.h"
#include "tui/flow_cells.h"

/* --- columns -------------------------------------------------------------------------------- */

static const struct table_column columns[] = {
	{cell_time, "ASKED", "time of the first question, UTC", "start_ns", 8, 8, 3, COLUMN_NUMBER},
	{cell_name, "NAME", "the name asked for", "names.dns", 20, 60, 0, COLUMN_TEXT},
	{cell_src_process, "PROCESS", "process that asked, and its pid",
	 "src.process.name", 13, 20, 1, COLUMN_TEXT},
	{cell_dst, "SERVER", "name server: address and port", "dst.ip", 15, 23, 2, COLUMN_TEXT},
	{cell_plain, "QUERIES", "questions", "dns.queries", 7, 7, 4, COLUMN_SUM},
	{cell_plain, "ANSWERS", "answers", "dns.answers", 7, 7, 4, COLUMN_SUM},
	{cell_bad, "NO ANSWER", "questions that nobody answered",
	 "dns.unanswered", 9, 9, 2, COLUMN_SUM},
	{cell_warn, "RCODE", "code of the last answer: 0 = no error, 3 = no such name",
	 "dns.rcode", 5, 5, 3, COLUMN_NUMBER},
	{cell_plain, "DELAY", "average time from question to answer",
	 "dns.delay_avg_ns", 6, 6, 1, COLUMN_NUMBER},
	{cell_plain, "MAX DELAY", "slowest answer", "dns.delay_max_ns", 9, 9, 5, COLUMN_NUMBER},
};

/* --- view ----------------------------------------------------------------------------------- */

static const struct list_kind kind = {
	.of = QUERY_FLOWS,
	.one = "name",
	.many = "names",
	.only = "has dns.queries",
	.field = field_find,
	.faded = flow_is_faded,
	LIST_COLUMNS(columns),
	.open = flow_open,
};

const struct view view_names = {
	.name = "names",
	.title = "Names",
	.help = "what DNS was asked, by whom, and how fast it answered",
	.key = '5',
	.list = &kind,
	.draw = list_draw,
	.move = list_move,
	.click = list_click,
};
