/* SPDX-License-Identifier: MIT
 *
 * The list of flows: a row each, both ends with their processes.
 */
#include "tui/view.h"

#include "flow/rows/field.h"
#include "tui/app.h"
#include "tui/flow_cells.h"

/* --- columns -------------------------------------------------------------------------------- */

static const struct table_column columns[] = {
	{cell_src_process, "PROCESS", "process at the originator, and its pid",
	 "src.process.name", 13, 20, 0, COLUMN_TEXT},
	{cell_plain, "PROTO", "transport protocol", "proto", 5, 5, 6, COLUMN_TEXT},
	{cell_src, "SRC", "originator: address and port", "src.ip", 21, 23, 4, COLUMN_TEXT},
	{cell_dst, "DST", "responder: address and port", "dst.ip", 21, 23, 1, COLUMN_TEXT},
	{cell_dst_process, "PEER", "process at the responder, if it is on this machine",
	 "dst.process.name", 12, 14, 6, COLUMN_TEXT},
	{cell_state, "STATE", "how far the conversation is", "state", 8, 8, 5, COLUMN_TEXT},
	{cell_up, "UP", "bits a second sent by the originator",
	 "src.rate_bps", 5, 5, 2, COLUMN_SUM},
	{cell_down, "DOWN", "bits a second sent by the responder",
	 "dst.rate_bps", 5, 5, 2, COLUMN_SUM},
	{cell_plain, "SENT", "bytes sent by the originator", "src.bytes", 5, 5, 7, COLUMN_SUM},
	{cell_plain, "RECV", "bytes sent by the responder", "dst.bytes", 5, 5, 7, COLUMN_SUM},
	{cell_rtt, "RTT", "round trip time, average or of the handshake",
	 "rtt_ns.avg", 6, 6, 6, COLUMN_NUMBER},
	{cell_warn, "RTX", "segments the originator sent again",
	 "src.tcp.retransmission", 4, 4, 7, COLUMN_SUM},
	{cell_warn, "PRTX", "segments the responder sent again",
	 "dst.tcp.retransmission", 5, 5, 9, COLUMN_SUM},
	{cell_plain, "AGE", "from the first to the last packet",
	 "duration_ns", 6, 6, 7, COLUMN_NUMBER},
	{cell_plain, "APP", "application protocol", "app", 5, 8, 8, COLUMN_TEXT},
	{cell_server, "NAME", "name of the server: TLS, HTTP or DNS",
	 "names.sni", 12, 40, 8, COLUMN_TEXT},
	{cell_time, "START", "time of the first packet, UTC", "start_ns", 8, 8, 10, COLUMN_NUMBER},
};

/* --- view ----------------------------------------------------------------------------------- */

static const struct list_kind kind = {
	.of = QUERY_FLOWS,
	.one = "flow",
	.many = "flows",
	LIST_COLUMNS(columns),
	.field = field_find,
	.faded = flow_is_faded,
	.open = flow_open,
};

const struct view view_flows = {
	.name = "flows",
	.title = "Flows",
	.help = "every conversation, with the process at both ends",
	.key = '1',
	.list = &kind,
	.draw = list_draw,
	.move = list_move,
	.click = list_click,
};
