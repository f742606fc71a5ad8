/* SPDX-License-Identifier: MIT
 *
 * The list of hosts: every address, with what its flows add up to.
 */
#include "tui/view.h"

#include <stdio.h>

#include "tui/app.h"

static void cell_host(const struct list_cell *c)
{
	cell_own(c, STYLE_STRONG);
}

/* --- columns -------------------------------------------------------------------------------- */

static const struct table_column columns[] = {
	{cell_host, "HOST", "address", "key", 20, 39, 0, COLUMN_TEXT},
	{cell_plain, "FLOWS", "flows that it is an end of", "flows", 5, 7, 1, COLUMN_SUM},
	{cell_bad, "FAILED", "of them refused, reset at once or never answered",
	 "failed", 6, 7, 2, COLUMN_SUM},
	{cell_up, "UP", "bits a second that it sends", "sent_bps", 6, 6, 2, COLUMN_SUM},
	{cell_down, "DOWN", "bits a second that it receives", "received_bps", 6, 6, 2, COLUMN_SUM},
	{cell_some, "SENT", "bytes sent, headers included", "sent_bytes", 6, 6, 3, COLUMN_SUM},
	{cell_some, "RECV", "bytes received", "received_bytes", 6, 6, 3, COLUMN_SUM},
	{cell_some, "PKTS", "packets of both directions", "packets", 6, 7, 5, COLUMN_SUM},
	{cell_warn, "RETX", "segments sent again", "retransmissions", 5, 6, 4, COLUMN_SUM},
	{cell_plain, "RTT", "average round trip of its flows", "rtt_avg", 6, 6, 4, COLUMN_NUMBER},
	{cell_plain, "MIN RTT", "smallest of them", "rtt_min", 7, 7, 6, COLUMN_NUMBER},
	{cell_plain, "MAX RTT", "largest of them", "rtt_max", 7, 7, 6, COLUMN_NUMBER},
	{cell_time, "LAST", "time of the last packet, UTC", "last_ns", 8, 8, 5, COLUMN_NUMBER},
};

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
	LIST_COLUMNS(columns),
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
