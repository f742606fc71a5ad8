/* SPDX-License-Identifier: MIT
 *
 * The list of flows: a row each, both ends with their processes.
 */
#include "tui/view.h"

#include <stdio.h>
#include <string.h>

#include "base/fmt.h"
#include "flow/field.h"
#include "tui/app.h"
#include "tui/glyph.h"
#include "tui/words.h"

/* --- columns -------------------------------------------------------------------------------- */

/*    cell, title, help, sort field, least width, most, priority, alignment */
#define FLOW_COLUMNS(X)                                                                            \
	X(src_process, "PROCESS", "process at the originator, and its pid", "src.process.name", 13, \
	  20, 0, LEFT)                                                                             \
	X(proto, "PROTO", "transport protocol", "proto", 5, 5, 6, LEFT)                            \
	X(src, "SRC", "originator: address and port", "src.ip", 21, 23, 4, LEFT)                   \
	X(dst, "DST", "responder: address and port", "dst.ip", 21, 23, 1, LEFT)                    \
	X(dst_process, "PEER", "process at the responder, if it is on this machine",               \
	  "dst.process.name", 12, 14, 6, LEFT)                                                     \
	X(state, "STATE", "how far the conversation is", "state", 8, 8, 5, LEFT)                   \
	X(up, "UP", "bits a second sent by the originator", "src.rate_bps", 5, 5, 2, RIGHT)        \
	X(down, "DOWN", "bits a second sent by the responder", "dst.rate_bps", 5, 5, 2, RIGHT)     \
	X(sent, "SENT", "bytes sent by the originator", "src.bytes", 5, 5, 7, RIGHT)               \
	X(received, "RECV", "bytes sent by the responder", "dst.bytes", 5, 5, 7, RIGHT)            \
	X(rtt, "RTT", "round trip time, average or of the handshake", "rtt_ns.avg", 6, 6, 6, RIGHT) \
	X(src_retransmissions, "RTX", "segments the originator sent again",                        \
	  "src.tcp.retransmission", 4, 4, 7, RIGHT)                                                \
	X(dst_retransmissions, "PRTX", "segments the responder sent again",                        \
	  "dst.tcp.retransmission", 5, 5, 9, RIGHT)                                                \
	X(duration, "AGE", "from the first to the last packet", "duration_ns", 6, 6, 7, RIGHT)     \
	X(app, "APP", "application protocol", "app", 5, 8, 8, LEFT)                                \
	X(name, "NAME", "name of the server: TLS, HTTP or DNS", "names.sni", 12, 40, 8, LEFT)      \
	X(start, "START", "time of the first packet, UTC", "start_ns", 8, 8, 10, RIGHT)

static const struct table_column columns[] = {
#define X(cell, name_, help_, field, least, most, prio, side)                                      \
	{.title = name_,                                                                           \
	 .help = help_,                                                                            \
	 .sort = field,                                                                            \
	 .width = least,                                                                           \
	 .max_width = most,                                                                        \
	 .priority = prio,                                                                         \
	 .align = ALIGN_##side},
	FLOW_COLUMNS(X)
#undef X
};

enum {
#define X(cell, ...) COLUMN_##cell,
	FLOW_COLUMNS(X)
#undef X
		COLUMN_COUNT
};
_Static_assert((int)COLUMN_COUNT <= (int)TABLE_COLUMNS_MAX, "the table has room for all columns");

enum { EXACT_WIDTH = 12 }; /* 999 GB, or 16 minutes in ns */

/* A row that is shown, with what its texts need to know. */
struct shown {
	const struct app *app;
	const struct flow_row *row;
	struct table_cell *out;
};

/* --- cells ---------------------------------------------------------------------------------- */

static void set(struct table_cell *out, enum style style, const char *text)
{
	snprintf(out->text, sizeof(out->text), "%s", text);
	out->style = style;
}

/* Without a process the reason is shown, dim: unknown is said, never left blank. */
static void put_process(const struct shown *s, const struct flow_end_row *end)
{
	const struct process_row *p = &end->process;

	if (p->match == MATCH_NONE) {
		set(s->out, STYLE_DIM, reason_word(p->reason));
		return;
	}
	set(s->out, STYLE_STRONG, *p->name ? p->name : "?");
	if (p->pid != ROW_ABSENT)
		snprintf(s->out->right, sizeof(s->out->right), "%u", (unsigned)p->pid);
}

static bool is_shown(const struct table *t, unsigned column)
{
	for (int i = 0; i < t->layout.count; i++) {
		if (t->layout.at[i].column == column)
			return true;
	}
	return false;
}

/* On narrow screens the one column of processes tells of the end that has one. */
static void cell_src_process(const struct shown *s)
{
	const struct flow_end_row *dst = &s->row->dst;
	bool only_dst = s->row->src.process.match == MATCH_NONE && dst->process.match != MATCH_NONE;
	char name[ROW_NAME_MAX];

	if (!only_dst || is_shown(&s->app->flows, COLUMN_dst_process)) {
		put_process(s, &s->row->src);
		return;
	}
	put_process(s, dst);
	snprintf(name, sizeof(name), "%s", dst->process.name);
	snprintf(s->out->text, sizeof(s->out->text), "%s%s",
		 glyph(GLYPH_ARROW, s->app->canvas.utf8), name);
}

static void cell_dst_process(const struct shown *s)
{
	put_process(s, &s->row->dst);
}

static void put_end(const struct shown *s, const struct flow_end_row *end)
{
	s->out->style = STYLE_NORMAL;
	addr_format(s->out->text, &end->addr);
	if (end->port != ROW_ABSENT)
		snprintf(s->out->right, sizeof(s->out->right), "%u", (unsigned)end->port);
}

static void cell_src(const struct shown *s)
{
	put_end(s, &s->row->src);
}

static void cell_dst(const struct shown *s)
{
	put_end(s, &s->row->dst);
}

static void cell_state(const struct shown *s)
{
	const struct state_word *w = state_word(s->row->proto, s->row->state);

	if (w)
		set(s->out, w->style, w->word);
}

/* A field of the row by its name, as the table of fields writes it. */
static void put_field(const struct shown *s, const char *name, enum style style)
{
	const struct field *f = field_find(name);

	if (!f || !field_present(f, s->row))
		return;
	field_text(f, s->row, !s->app->exact, s->out->text, sizeof(s->out->text));
	s->out->style = (uint8_t)style;
}

static void cell_proto(const struct shown *s)
{
	put_field(s, "proto", STYLE_NORMAL);
}

static void cell_up(const struct shown *s)
{
	put_field(s, "src.rate_bps", s->row->src.rate_bps > 0 ? STYLE_UP : STYLE_DIM);
}

static void cell_down(const struct shown *s)
{
	put_field(s, "dst.rate_bps", s->row->dst.rate_bps > 0 ? STYLE_DOWN : STYLE_DIM);
}

static void cell_sent(const struct shown *s)
{
	put_field(s, "src.bytes", STYLE_NORMAL);
}

static void cell_received(const struct shown *s)
{
	put_field(s, "dst.bytes", STYLE_NORMAL);
}

/* The average where there is one; a connection that has just begun has its handshake only. */
static void cell_rtt(const struct shown *s)
{
	bool average = s->row->rtt_ns.avg != ROW_ABSENT;

	put_field(s, average ? "rtt_ns.avg" : "rtt_ns.handshake", STYLE_NORMAL);
}

static void put_retransmissions(const struct shown *s, const struct flow_end_row *end,
				const char *field)
{
	int64_t n = end->tcp[TCP_COUNT_RETRANSMISSION];

	put_field(s, field, n > 0 ? STYLE_WARN : STYLE_DIM);
}

static void cell_src_retransmissions(const struct shown *s)
{
	put_retransmissions(s, &s->row->src, "src.tcp.retransmission");
}

static void cell_dst_retransmissions(const struct shown *s)
{
	put_retransmissions(s, &s->row->dst, "dst.tcp.retransmission");
}

static void cell_duration(const struct shown *s)
{
	put_field(s, "duration_ns", STYLE_NORMAL);
}

static void cell_app(const struct shown *s)
{
	put_field(s, "app", STYLE_NORMAL);
}

/* What the client asked for is closer to the user than what some name server answered. */
static void cell_name(const struct shown *s)
{
	const struct flow_row *r = s->row;
	const char *field = "dst.name";

	if (r->fact[FACT_SNI])
		field = "names.sni";
	else if (r->fact[FACT_HOST])
		field = "names.host";
	else if (r->fact[FACT_DNS])
		field = "names.dns";
	put_field(s, field, STYLE_NAME);
}

static void cell_start(const struct shown *s)
{
	char text[FMT_MAX];

	fmt_time_of_day(text, s->row->start_ns);
	text[strcspn(text, ".")] = '\0';
	set(s->out, STYLE_DIM, text);
}

static void (*const cells[])(const struct shown *) = {
#define X(cell, ...) cell_##cell,
	FLOW_COLUMNS(X)
#undef X
};


/* --- source of the table -------------------------------------------------------------------- */

static uint64_t row_id(const void *ctx, uint32_t row)
{
	const struct app *a = ctx;

	return a->snapshot->rows[row].id;
}

static bool row_faded(const void *ctx, uint32_t row)
{
	const struct app *a = ctx;

	return a->snapshot->rows[row].closed;
}

static void row_cell(const void *ctx, uint32_t row, unsigned column, struct table_cell *out)
{
	const struct app *a = ctx;
	const struct shown s = {.app = a, .row = &a->snapshot->rows[row], .out = out};

	cells[column](&s);
}

void app_flow_source(const struct app *a, struct table_source *s)
{
	*s = (struct table_source){
		.columns = columns,
		.column_count = COLUMN_COUNT,
		.ctx = a,
		.id = row_id,
		.cell = row_cell,
		.faded = row_faded,
		.number_width = a->exact ? EXACT_WIDTH : 0,
		.follow_index = -1,
	};
	if (!a->snapshot)
		return;
	s->offset = a->snapshot->offset;
	s->count = a->snapshot->row_count;
	s->total = a->snapshot->matched;
	s->follow_index = a->snapshot->follow_index;
}

/* --- view ----------------------------------------------------------------------------------- */

void view_flows_query(const struct app *a, struct query *q)
{
	if (a->flows.sort >= 0)
		snprintf(q->sort, sizeof(q->sort), "%s", columns[a->flows.sort].sort);
	q->descending = a->flows.descending;
	snprintf(q->filter, sizeof(q->filter), "%s", a->filter);
	table_window(&a->flows, &q->offset, &q->limit);
	q->follow_id = a->flows.cursor_id;
}

/* Why the list is empty, in the middle of it. */
static void draw_empty(struct app *a, struct area area)
{
	const struct snapshot *s = a->snapshot;
	char text[PROMPT_MAX + 128];
	int width;

	if (s && s->total && *a->filter)
		snprintf(text, sizeof(text), "no flow has \"%s\"", a->filter);
	else if (s && s->finished)
		snprintf(text, sizeof(text), "no flows in %s", app_source_name(a));
	else if (s && s->summary.packets > 0)
		snprintf(text, sizeof(text), "%lld packets, no flow yet",
			 (long long)s->summary.packets);
	else
		snprintf(text, sizeof(text), "waiting for the first packets on %s %s",
			 app_source_name(a), a->canvas.utf8 ? "…" : "...");
	width = canvas_text_width(&a->canvas, text);
	if (width > area.width)
		width = area.width;
	canvas_text(&a->canvas, area.y + (area.height + 1) / 2, area.x + (area.width - width) / 2,
		    width, STYLE_DIM, text);
}

static void draw(struct app *a, struct area area)
{
	struct table_source s;

	app_flow_source(a, &s);
	table_draw(&a->flows, &a->canvas, area, &s);
	if (!s.total)
		draw_empty(a, area);
}

static void move(struct app *a, enum move how)
{
	struct table_source s;
	int page = a->flows.page > 1 ? a->flows.page - 1 : 1; /* one line stays in sight */

	app_flow_source(a, &s);
	switch (how) {
	case MOVE_UP: table_move(&a->flows, &s, -1); break;
	case MOVE_DOWN: table_move(&a->flows, &s, 1); break;
	case MOVE_PAGE_UP: table_move(&a->flows, &s, -page); break;
	case MOVE_PAGE_DOWN: table_move(&a->flows, &s, page); break;
	case MOVE_HOME: table_home(&a->flows); break;
	case MOVE_END: table_end(&a->flows, &s); break;
	}
}

static void click(struct app *a, int y, int x)
{
	struct table_source s;
	uint32_t index;

	app_flow_source(a, &s);
	switch (table_hit(&a->flows, &s, y, x, &index)) {
	case TABLE_HIT_ROW:
		/* A second click on a row opens it. */
		if (a->flows.sticky && a->flows.cursor == index && app_row(a))
			app_open(a);
		else
			table_point(&a->flows, &s, index);
		break;
	case TABLE_HIT_TITLE:
		if (!a->paused)
			table_sort_by(&a->flows, &s, index);
		break;
	case TABLE_HIT_NONE: break;
	}
}

const struct view view_flows = {
	.name = "flows",
	.title = "Flows",
	.help = "every conversation, with the process at both ends",
	.key = '1',
	.lists = true,
	.query = view_flows_query,
	.draw = draw,
	.move = move,
	.click = click,
};
