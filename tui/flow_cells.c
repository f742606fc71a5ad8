/* SPDX-License-Identifier: MIT */
#include "tui/flow_cells.h"

#include <stdio.h>

#include "flow/rows/field.h"
#include "tui/app.h"
#include "tui/glyph.h"
#include "tui/words.h"

static const struct flow_row *flow(const struct list_cell *c)
{
	return c->row;
}

/* On narrow screens the one column of processes tells of the end that has one. */
void cell_src_process(const struct list_cell *c)
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

void cell_dst_process(const struct list_cell *c)
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

void cell_src(const struct list_cell *c)
{
	put_end(c, &flow(c)->src);
}

void cell_dst(const struct list_cell *c)
{
	put_end(c, &flow(c)->dst);
}

void cell_state(const struct list_cell *c)
{
	const struct state_word *w = state_word(flow(c)->proto, flow(c)->state);

	if (w)
		cell_text(c, w->style, w->word);
}

/* The average where there is one; a connection that has just begun has its handshake only. */
void cell_rtt(const struct list_cell *c)
{
	if (flow(c)->rtt_ns.avg != ROW_ABSENT)
		cell_own(c, STYLE_NORMAL);
	else
		cell_field(c, "rtt_ns.handshake", STYLE_NORMAL);
}

/* What the client asked for is closer to the user than what some name server answered. */
void cell_server(const struct list_cell *c)
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

bool flow_is_faded(const void *row)
{
	return ((const struct flow_row *)row)->closed;
}

void flow_open(struct app *a, const void *row)
{
	app_open_flow(a, row);
}
