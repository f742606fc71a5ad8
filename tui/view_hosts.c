/* SPDX-License-Identifier: MIT
 *
 * The list of hosts: every address, with what its flows add up to.
 */
#include "tui/view.h"

#include <stdio.h>

#include "tui/app.h"

static void cell_host(const struct list_cell *c)
{
	cell_field(c, c->field, STYLE_STRONG);
}

/* --- columns -------------------------------------------------------------------------------- */

#define HOST_COLUMNS(X)                                                                            \
	X(cell_host, "HOST", "address", "key", 20, 39, 0, LEFT)                                    \
	X(cell_plain, "FLOWS", "flows that it is an end of", "flows", 5, 7, 1, RIGHT)              \
	X(cell_bad, "FAILED", "of them refused, reset at once or never answered", "failed", 6, 7,  \
	  2, RIGHT)                                                                                \
	X(cell_up, "UP", "bits a second that it sends", "sent_bps", 6, 6, 2, RIGHT)                \
	X(cell_down, "DOWN", "bits a second that it receives", "received_bps", 6, 6, 2, RIGHT)     \
	X(cell_some, "SENT", "bytes sent, headers included", "sent_bytes", 6, 6, 3, RIGHT)         \
	X(cell_some, "RECV", "bytes received", "received_bytes", 6, 6, 3, RIGHT)                   \
	X(cell_some, "PKTS", "packets of both directions", "packets", 6, 7, 5, RIGHT)              \
	X(cell_warn, "RETX", "segments sent again", "retransmissions", 5, 6, 4, RIGHT)             \
	X(cell_plain, "RTT", "average round trip of its flows", "rtt_avg", 6, 6, 4, RIGHT)         \
	X(cell_plain, "MIN RTT", "smallest of them", "rtt_min", 7, 7, 6, RIGHT)                    \
	X(cell_plain, "MAX RTT", "largest of them", "rtt_max", 7, 7, 6, RIGHT)                     \
	X(cell_time, "LAST", "time of the last packet, UTC", "last_ns", 8, 8, 5, RIGHT)

static const struct table_column columns[] = {HOST_COLUMNS(LIST_COLUMN)};
static void (*const cells[])(const struct list_cell *) = {HOST_COLUMNS(LIST_CELL)};
enum { COLUMN_COUNT = sizeof(columns) / sizeof(columns[0]) };
_Static_assert((int)COLUMN_COUNT <= (int)TABLE_COLUMNS_MAX, "the table has room for all columns");

/* --- view ----------------------------------------------------------------------------------- */

static void open_row(struct app *a, const void *row)
{
	const struct group_row *host = row;
	struct app_scope scope = {0};

	if (host->key[0] == '(')
		return; /* "(others)" is no address to ask for */
	snprintf(scope.only, sizeof(scope.only), "ip = %.80s", host->key);
	snprintf(scope.name, sizeof(scope.name), "%.80s", host->key);
	app_show_scope(a, &view_flows, &scope);
}

static const struct list_kind kind = {
	.of = QUERY_GROUPS,
	.group = "host",
	.one = "host",
	.many = "hosts",
	.sort = "sent_bytes",
	.field = group_field_find,
	.columns = columns,
	.cells = cells,
	.column_count = COLUMN_COUNT,
	.open = open_row,
};

const struct view view_hosts = {
	.name = "hosts",
	.title = "Hosts",
	.help = "every address, and what its flows add up to; Enter shows them",
	.key = '4',
	.list = &kind,
	.draw = list_draw,
	.move = list_move,
	.click = list_click,
};
