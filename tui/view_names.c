/* SPDX-License-Identifier: MIT
 *
 * The list of names: what DNS was asked, who asked, what came back and how fast.
 */
#include "tui/view.h"

#include "flow/rows/field.h"
#include "tui/app.h"
#include "tui/flow_cells.h"

/* --- columns -------------------------------------------------------------------------------- */

#define NAME_COLUMNS(X)                                                                            \
	X(cell_time, "ASKED", "time of the first question, UTC", "start_ns", 8, 8, 3, RIGHT)       \
	X(cell_name, "NAME", "the name asked for", "names.dns", 20, 60, 0, LEFT)                   \
	X(cell_src_process, "PROCESS", "process that asked, and its pid", "src.process.name", 13,  \
	  20, 1, LEFT)                                                                             \
	X(cell_dst, "SERVER", "name server: address and port", "dst.ip", 15, 23, 2, LEFT)          \
	X(cell_plain, "QUERIES", "questions", "dns.queries", 7, 7, 4, RIGHT)                       \
	X(cell_plain, "ANSWERS", "answers", "dns.answers", 7, 7, 4, RIGHT)                         \
	X(cell_bad, "NO ANSWER", "questions that nobody answered", "dns.unanswered", 9, 9, 2,      \
	  RIGHT)                                                                                   \
	X(cell_warn, "RCODE", "code of the last answer: 0 = no error, 3 = no such name",           \
	  "dns.rcode", 5, 5, 3, RIGHT)                                                             \
	X(cell_plain, "DELAY", "average time from question to answer", "dns.delay_avg_ns", 6, 6,   \
	  1, RIGHT)                                                                                \
	X(cell_plain, "MAX DELAY", "slowest answer", "dns.delay_max_ns", 9, 9, 5, RIGHT)

static const struct table_column columns[] = {NAME_COLUMNS(LIST_COLUMN)};
static void (*const cells[])(const struct list_cell *) = {NAME_COLUMNS(LIST_CELL)};
enum { COLUMN_COUNT = sizeof(columns) / sizeof(columns[0]) };
_Static_assert((int)COLUMN_COUNT <= (int)TABLE_COLUMNS_MAX, "the table has room for all columns");

/* --- view ----------------------------------------------------------------------------------- */

static const struct list_kind kind = {
	.of = QUERY_FLOWS,
	.one = "name",
	.many = "names",
	.only = "has dns.queries",
	.field = field_find,
	.faded = flow_is_faded,
	.columns = columns,
	.cells = cells,
	.column_count = COLUMN_COUNT,
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
