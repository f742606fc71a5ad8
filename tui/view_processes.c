/* SPDX-License-Identifier: MIT
 *
 * The list of processes: what each does with its sockets.
 */
#include "tui/view.h"

#include <stdio.h>

#include "flow/rows/socket_field.h"
#include "tui/app.h"
#include "tui/glyph.h"

static const struct usage_row *usage(const struct list_cell *c)
{
	return c->row;
}

enum {
	WHOSE_LEAST = 13,  /* columns of the process */
	NAME_AND_PID = 15, /* these want so many, however deep in the tree they are */
	WIDE = 16,	   /* for the lines, from here on with spaces between */
};

/*
 * "│ ├ ": the lines that lead from the parents above to this row; what is folded has a sign. A
 * narrow column draws them closer, and of the deepest rows those of the uppermost parents give way.
 */
static void put_branch(char *out, size_t cap, const struct usage_row *u, int room, bool utf8)
{
	bool wide = room >= WIDE;
	unsigned levels = wide ? (unsigned)room / 2 : room > 1 ? (unsigned)room - 1 : 1;
	unsigned depth = u->depth < USAGE_RAILS ? u->depth : USAGE_RAILS;
	size_t len = 0;

	out[0] = '\0';
	for (unsigned i = depth > levels ? depth - levels : 0; i < depth && len < cap; i++) {
		bool more = u->rails >> i & 1, last = i + 1 == depth;
		enum glyph line = last ? (more ? GLYPH_BRANCH : GLYPH_BRANCH_LAST) : GLYPH_RAIL;

		len += (size_t)snprintf(out + len, cap - len, "%s%s",
					more || last ? glyph(line, utf8) : " ",
					wide || last ? " " : "");
	}
	if (u->branch == BRANCH_FOLDED && len < cap)
		snprintf(out + len, cap - len, "%s", glyph(GLYPH_FOLDED, utf8));
}

static void cell_whose(const struct list_cell *c)
{
	const struct process_row *p = &usage(c)->process;
	char branch[TABLE_CELL_MAX / 2];

	put_branch(branch, sizeof(branch), usage(c), c->out->width - NAME_AND_PID,
		   c->app->canvas.utf8);
	c->out->style = STYLE_STRONG;
	snprintf(c->out->text, sizeof(c->out->text), "%s%s", branch, *p->name ? p->name : "?");
	if (p->pid != ROW_ABSENT)
		snprintf(c->out->right, sizeof(c->out->right), "%u", (unsigned)p->pid);
}

/* --- columns -------------------------------------------------------------------------------- */

static const struct table_column columns[] = {
	{cell_whose, "PROCESS", "process and its pid", "process.name", WHOSE_LEAST, 40, 0,
	 COLUMN_TEXT},
	{cell_plain, "USER", "who runs it", "process.user", 6, 10, 6, COLUMN_TEXT},
	{cell_some, "SOCKETS", "sockets that it has open", "sockets", 7, 7, 1, COLUMN_SUM},
	{cell_some, "LISTEN", "of them listening", "listeners", 6, 6, 5, COLUMN_SUM},
	{cell_some, "FLOWS", "conversations on the wire", "flows", 5, 6, 2, COLUMN_SUM},
	{cell_up, "W RATE", "bits a second written to its sockets", "written_bps", 6, 6, 2,
	 COLUMN_SUM},
	{cell_down, "R RATE", "bits a second read from them", "read_bps", 6, 6, 2, COLUMN_SUM},
	{cell_some, "WROTE", "bytes written to its sockets", "written_bytes", 6, 6, 3, COLUMN_SUM},
	{cell_some, "READ", "bytes read from them", "read_bytes", 6, 6, 3, COLUMN_SUM},
	{cell_warn, "UNSENT", "bytes written and not sent yet", "unsent_bytes", 6, 6, 7,
	 COLUMN_SUM},
	{cell_warn, "UNREAD", "bytes that arrived and were not read yet", "unread_bytes", 6, 6, 7,
	 COLUMN_SUM},
	{cell_warn, "RETX", "segments sent again", "retransmits", 5, 5, 7, COLUMN_SUM},
	{cell_bad, "ERRORS", "calls that failed", "errors", 6, 6, 6, COLUMN_SUM},
	{cell_bad, "DROPS", "packets that full receive queues refused", "drops", 5, 5, 8,
	 COLUMN_SUM},
	{cell_some, "EVER", "sockets that it has ever used", "sockets_ever", 5, 6, 9, COLUMN_SUM},
	{cell_name, "CONTAINER", "container that it runs in", "process.container", 9, 19, 8,
	 COLUMN_TEXT},
	{cell_dim, "COMMAND", "its arguments", "process.cmdline", 12, 60, 9, COLUMN_TEXT},
};

/* --- view ----------------------------------------------------------------------------------- */

/* It has closed them all; most often it has ended. */
static bool faded(const void *row)
{
	return ((const struct usage_row *)row)->sockets == 0;
}

/* To its flows, or, without any, to its sockets; the other list is then about it as well. */
static void open_row(struct app *a, const void *row)
{
	const struct usage_row *u = row;
	const struct process_row *p = &u->process;
	struct app_scope scope = {0};
	char text[96];

	if (p->pid == ROW_ABSENT)
		return;
	if (!u->flows && !u->sockets_ever) {
		app_say(a, "it used no socket itself; those below it did");
		return;
	}
	scope.pid = (uint32_t)p->pid;
	snprintf(scope.name, sizeof(scope.name), "%s %u", p->name, scope.pid);
	if (u->flows)
		snprintf(text, sizeof(text), "its flows; 3 shows its sockets, %lld open",
			 (long long)u->sockets);
	else
		snprintf(text, sizeof(text), "its sockets; no flow of it has been seen");
	app_show_scope(a, u->flows ? &view_flows : &view_sockets, &scope);
	app_say(a, text);
}

static const struct list_kind kind = {
	.of = QUERY_PROCESSES,
	.one = "process",
	.many = "processes",
	LIST_COLUMNS(columns),
	.field = usage_field_find,
	.faded = faded,
	.sort = "written_bytes",
	.open = open_row,
};

const struct view view_processes = {
	.name = "processes",
	.title = "Processes",
	.help = "who uses sockets, and how much; Enter shows the flows and sockets of one",
	.key = '2',
	.list = &kind,
	.draw = list_draw,
	.move = list_move,
	.click = list_click,
};
