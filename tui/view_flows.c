/* SPDX-License-Identifier: MIT
 *
 * The list of flows: a row each, both ends with their processes.
 */
#include "tui/view.h"

#include <stdio.h>

#include "flow/field.h"
#include "tui/app.h"
#include "tui/glyph.h"
#include "tui/words.h"

/* --- columns -------------------------------------------------------------------------------- */

/* --- cells ---------------------------------------------------------------------------------- */

static const struct flow_row *flow(const struct list_cell *c)
{
	return c->row;
}

/* On narrow screens the one column of processes tells of the end that has one. */
static void cell_src_process(const struct list_cell *c)
{
	const struct process_row *src = &flow(c)->src.process, *dst = &flow(c)->dst.process;
	bool only_dst = src->match == MATCH_NONE && dst->match != MATCH_NONE;

	if (!only_dst || cell_is_shown(c, "dst.process.name")) {
		cell_process(c, src);
		return;
	}
	cell_process(c, dst);
	snprintf(c->out->text, sizeof(c->out->text), "%s%s",
		 glyph(GLYPH_ARROW, c->app->canvas.utf8), dst->name);
}

static void cell_dst_process(const struct list_cell *c)
{
	cell_process(c, &flow(c)->dst.process);
}

static void put_end(const struct list_cell *c, const struct flow_end_row *end)
{
	c->out->style = STYLE_NORMAL;
	addr_format(c->out->text, &end->addr);
	if (end->port != ROW_ABSENT)
		snprintf(c->out->right, sizeof(c->out->right), "%u", (unsigned)end->port);
}

static void cell_src(const struct list_cell *c)
{
	put_end(c, &flow(c)->src);
}

static void cell_dst(const struct list_cell *c)
{
	put_end(c, &flow(c)->dst);
}

static void cell_state(const struct list_cell *c)
{
	const struct state_word *w = state_word(flow(c)->proto, flow(c)->state);

	if (w)
		cell_text(c, w->style, w->word);
}

/* The average where there is one; a connection that has just begun has its handshake only. */
static void cell_rtt(const struct list_cell *c)
{
	bool average = flow(c)->rtt_ns.avg != ROW_ABSENT;

	cell_field(c, average ? "rtt_ns.avg" : "rtt_ns.handshake", STYLE_NORMAL);
}

/* What the client asked for is closer to the user than what some name server answered. */
static void cell_server(const struct list_cell *c)
{
	const struct flow_row *r = flow(c);
	const char *field = "dst.name";

	if (r->fact[FACT_SNI])
		field = "names.sni";
	else if (r->fact[FACT_HOST])
		field = "names.host";
	else if (r->fact[FACT_DNS])
		field = "names.dns";
	cell_field(c, field, STYLE_NAME);
}

/* --- columns -------------------------------------------------------------------------------- */

#define FLOW_COLUMNS(X)                                                                            \
	X(cell_src_process, "PROCESS", "process at the originator, and its pid",                   \
	  "src.process.name", 13, 20, 0, LEFT)                                                     \
	X(cell_plain, "PROTO", "transport protocol", "proto", 5, 5, 6, LEFT)                       \
	X(cell_src, "SRC", "originator: address and port", "src.ip", 21, 23, 4, LEFT)              \
	X(cell_dst, "DST", "responder: address and port", "dst.ip", 21, 23, 1, LEFT)               \
	X(cell_dst_process, "PEER", "process at the responder, if it is on this machine",          \
	  "dst.process.name", 12, 14, 6, LEFT)                                                     \
	X(cell_state, "STATE", "how far the conversation is", "state", 8, 8, 5, LEFT)              \
	X(cell_up, "UP", "bits a second sent by the originator", "src.rate_bps", 5, 5, 2, RIGHT)   \
	X(cell_down, "DOWN", "bits a second sent by the responder", "dst.rate_bps", 5, 5, 2,       \
	  RIGHT)                                                                                   \
	X(cell_plain, "SENT", "bytes sent by the originator", "src.bytes", 5, 5, 7, RIGHT)         \
	X(cell_plain, "RECV", "bytes sent by the responder", "dst.bytes", 5, 5, 7, RIGHT)          \
	X(cell_rtt, "RTT", "round trip time, average or of the handshake", "rtt_ns.avg", 6, 6, 6,  \
	  RIGHT)                                                                                   \
	X(cell_warn, "RTX", "segments the originator sent again", "src.tcp.retransmission", 4, 4,  \
	  7, RIGHT)                                                                                \
	X(cell_warn, "PRTX", "segments the responder sent again", "dst.tcp.retransmission", 5, 5,  \
	  9, RIGHT)                                                                                \
	X(cell_plain, "AGE", "from the first to the last packet", "duration_ns", 6, 6, 7, RIGHT)   \
	X(cell_plain, "APP", "application protocol", "app", 5, 8, 8, LEFT)                         \
	X(cell_server, "NAME", "name of the server: TLS, HTTP or DNS", "names.sni", 12, 40, 8,     \
	  LEFT)                                                                                    \
	X(cell_time, "START", "time of the first packet, UTC", "start_ns", 8, 8, 10, RIGHT)

static const struct table_column columns[] = {FLOW_COLUMNS(LIST_COLUMN)};
static void (*const cells[])(const struct list_cell *) = {FLOW_COLUMNS(LIST_CELL)};
enum { COLUMN_COUNT = sizeof(columns) / sizeof(columns[0]) };
_Static_assert((int)COLUMN_COUNT <= (int)TABLE_COLUMNS_MAX, "the table has room for all columns");

/* --- view ----------------------------------------------------------------------------------- */

static bool faded(const void *row)
{
	return ((const struct flow_row *)row)->closed;
}

static void open_flow(struct app *a, const void *row)
{
	app_open_flow(a, row);
}

static const struct list_kind kind = {
	.of = QUERY_FLOWS,
	.one = "flow",
	.many = "flows",
	.columns = columns,
	.cells = cells,
	.column_count = COLUMN_COUNT,
	.field = field_find,
	.faded = faded,
	.open = open_flow,
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
