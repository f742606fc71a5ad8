/* SPDX-License-Identifier: MIT
 *
 * The list of problems: flows with which something is wrong, newest first, and whose they are.
 */
#include "tui/view.h"

#include "flow/rows/field.h"
#include "tui/app.h"
#include "tui/flow_cells.h"

/* --- columns -------------------------------------------------------------------------------- */

static void cell_problem(const struct list_cell *c)
{
	cell_own(c, STYLE_BAD);
}

static const struct table_column columns[] = {
	{cell_time, "BEGAN", "time of the first packet, UTC", "start_ns", 8, 8, 3, COLUMN_NUMBER},
	{cell_problem, "PROBLEM", "the worst that is wrong with it",
	 "problem", 13, 13, 0, COLUMN_TEXT},
	{cell_src_process, "PROCESS", "process at the originator, and its pid",
	 "src.process.name", 13, 20, 0, COLUMN_TEXT},
	{cell_src, "SRC", "originator: address and port", "src.ip", 21, 23, 5, COLUMN_TEXT},
	{cell_dst, "DST", "responder: address and port", "dst.ip", 21, 23, 1, COLUMN_TEXT},
	{cell_dst_process, "PEER", "process at the responder, if it is on this machine",
	 "dst.process.name", 12, 14, 4, COLUMN_TEXT},
	{cell_plain, "PROTO", "transport protocol", "proto", 5, 5, 7, COLUMN_TEXT},
	{cell_warn, "RTX", "segments the originator sent again",
	 "src.tcp.retransmission", 4, 4, 6, COLUMN_SUM},
	{cell_warn, "PRTX", "segments the responder sent again",
	 "dst.tcp.retransmission", 5, 5, 6, COLUMN_SUM},
	{cell_plain, "AGE", "from the first to the last packet",
	 "duration_ns", 6, 6, 7, COLUMN_NUMBER},
	{cell_server, "NAME", "name of the server: TLS, HTTP or DNS",
	 "names.sni", 12, 40, 8, COLUMN_TEXT},
};

/* --- view ----------------------------------------------------------------------------------- */

static const struct list_kind kind = {
	.of = QUERY_FLOWS,
	.one = "problem",
	.many = "problems",
	.only = "has problem",
	LIST_COLUMNS(columns),
	.field = field_find,
	.faded = flow_is_faded,
	.open = flow_open,
};

const struct view view_problems = {
	.name = "problems",
	.title = "Problems",
	.help = "refused, reset, unanswered, lost: flows with which something is wrong",
	.key = '6',
	.list = &kind,
	.draw = list_draw,
	.move = list_move,
	.click = list_click,
};
