/* SPDX-License-Identifier: MIT
 *
 * The list of sockets: all of them, listening, idle and Unix ones too, with their queues.
 */
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

#include "flow/rows/socket_field.h"
#include "tui/app.h"

static const struct socket_row *socket_of(const struct list_cell *c)
{
	return c->row;
}

static void cell_whose(const struct list_cell *c)
{
	cell_process(c, &socket_of(c)->process);
}

static void cell_peer(const struct list_cell *c)
{
	const struct socket_row *s = socket_of(c);

	cell_plain(c);
	if (s->peer.pid != ROW_ABSENT)
		snprintf(c->out->right, sizeof(c->out->right), "%u", (unsigned)s->peer.pid);
}

static void cell_state(const struct list_cell *c)
{
	bool listens = !strcmp(socket_of(c)->state, "listen");

	cell_own(c, listens ? STYLE_GOOD : STYLE_NORMAL);
}

static void cell_error(const struct list_cell *c)
{
	cell_own(c, STYLE_BAD);
}

/* --- columns -------------------------------------------------------------------------------- */

static const struct table_column columns[] = {
	{cell_whose, "PROCESS", "process that uses it, and its pid",
	 "process.name", 13, 20, 0, COLUMN_TEXT},
	{cell_plain, "PROTO", "transport protocol", "proto", 5, 6, 4, COLUMN_TEXT},
	{cell_plain, "FAMILY", "address family", "family", 6, 7, 9, COLUMN_TEXT},
	{cell_plain, "TYPE", "stream, datagram, ...", "socket_type", 6, 9, 9, COLUMN_TEXT},
	{cell_plain, "LOCAL", "its own address and port, or path",
	 "local.address", 15, 40, 1, COLUMN_TEXT},
	{cell_plain, "REMOTE", "the other side's", "remote.address", 15, 40, 1, COLUMN_TEXT},
	{cell_state, "STATE", "listening, connected, closed, ...", "state", 8, 11, 3, COLUMN_TEXT},
	{cell_some, "WROTE", "bytes given to it", "io.written_bytes", 6, 6, 3, COLUMN_SUM},
	{cell_some, "READ", "bytes taken from it", "io.read_bytes", 6, 6, 3, COLUMN_SUM},
	{cell_warn, "UNSENT", "bytes written and not sent yet",
	 "queue.unsent_bytes", 6, 6, 5, COLUMN_SUM},
	{cell_warn, "UNREAD", "bytes that arrived and were not read yet",
	 "queue.unread_bytes", 6, 6, 5, COLUMN_SUM},
	{cell_warn, "BACKLOG", "connections not accepted yet",
	 "queue.backlog", 7, 7, 7, COLUMN_SUM},
	{cell_bad, "DROPS", "packets that its full receive queue refused",
	 "drops", 5, 5, 7, COLUMN_SUM},
	{cell_error, "ERROR", "the last call that failed", "error", 8, 13, 6, COLUMN_TEXT},
	{cell_plain, "SRTT", "the kernel's round trip time", "tcp.srtt_ns", 6, 6, 8, COLUMN_NUMBER},
	{cell_plain, "AGE", "how long it lived, or lives", "duration_ns", 6, 6, 8, COLUMN_NUMBER},
	{cell_peer, "PEER", "process at the other end, if it is on this machine",
	 "peer.name", 12, 16, 8, COLUMN_TEXT},
	{cell_plain, "USERS", "all who used it", "users", 8, 30, 10, COLUMN_TEXT},
};

/* --- view ----------------------------------------------------------------------------------- */

static bool faded(const void *row)
{
	return ((const struct socket_row *)row)->closed;
}

static void open_row(struct app *a, const void *row)
{
	app_open_socket(a, row);
}

static const struct list_kind kind = {
	.of = QUERY_SOCKETS,
	.one = "socket",
	.many = "sockets",
	LIST_COLUMNS(columns),
	.field = socket_field_find,
	.faded = faded,
	.open = open_row,
};

const struct view view_sockets = {
	.name = "sockets",
	.title = "Sockets",
	.help = "every socket, listening, idle and Unix ones too, with its queues",
	.key = '3',
	.list = &kind,
	.draw = list_draw,
	.move = list_move,
	.click = list_click,
};
