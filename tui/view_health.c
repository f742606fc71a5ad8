/* SPDX-License-Identifier: MIT
 *
 * How far the numbers can be trusted: loss by stage, what the probe sees, what was in no flow.
 */
#include "tui/view.h"

#include <stdio.h>

#include "base/fmt.h"
#include "base/loss.h"
#include "tui/app.h"

enum { NAME_WIDTH = 17, HUMAN_WIDTH = 8, EXACT_WIDTH = 20, TWO_COLUMNS = 110 };

static void number(const struct app *a, char *out, int64_t v)
{
	if (v < 0)
		out[0] = '\0';
	else if (a->exact)
		fmt_u64(out, (uint64_t)v);
	else
		fmt_count(out, (uint64_t)v);
}

static void size(const struct app *a, char *out, int64_t v)
{
	if (v < 0)
		out[0] = '\0';
	else if (a->exact)
		fmt_u64(out, (uint64_t)v);
	else
		fmt_bytes(out, (uint64_t)v);
}

/* name, number, and what it means where there is room */
static void write_fact(struct page *p, const struct app *a, const char *name, const char *value,
		       enum style style, const char *help)
{
	int width = a->exact ? EXACT_WIDTH : HUMAN_WIDTH, at = NAME_WIDTH + width + 2;

	page_put(p, 2, NAME_WIDTH - 3, STYLE_NORMAL, name);
	page_put_right(p, NAME_WIDTH, width, style, *value ? value : "unknown");
	if (help && p->width - at >= 20)
		page_wrap(p, at, STYLE_DIM, help);
	else
		page_next(p);
}

static void write_count(struct page *p, const struct app *a, const char *name, int64_t v,
			const char *help)
{
	char text[FMT_MAX];

	number(a, text, v);
	write_fact(p, a, name, text, *text ? STYLE_NORMAL : STYLE_DIM, help);
}

static void write_loss(struct page *p, const struct app *a, const struct loss *l)
{
	page_heading(p, "Loss: what was not seen");
	for (int i = 0; i < LOSS_STAGES; i++) {
		char text[FMT_MAX];

		number(a, text, (int64_t)l->count[i]);
		write_fact(p, a, loss_name(i), text, l->count[i] ? STYLE_BAD : STYLE_GOOD,
			   loss_help(i));
	}
}

static void write_totals(struct page *p, const struct app *a, const struct summary_row *s)
{
	char text[FMT_MAX];

	page_heading(p, "Seen");
	write_count(p, a, "packets", s->packets, NULL);
	write_count(p, a, "in flows", s->flow_packets, NULL);
	write_count(p, a, "in no flow", s->other_packets, NULL);
	size(a, text, s->bytes);
	write_fact(p, a, "bytes", text, STYLE_NORMAL, NULL);
	write_count(p, a, "flows ever", s->flows, NULL);
	write_count(p, a, "flows now", s->live_flows, NULL);
	write_count(p, a, "sockets", s->sockets, NULL);
	write_count(p, a, "socket events", s->events, NULL);
}

static void write_others(struct page *p, const struct app *a, const struct summary_row *s)
{
	int written = 0;

	page_heading(p, "Packets in no flow, by reason");
	for (int i = PACKET_IN_FLOW + 1; i < PACKET_OTHER_COUNT; i++) {
		if (s->other[i] > 0 && ++written)
			write_count(p, a, packet_other_name(i), s->other[i], NULL);
	}
	if (!written)
		page_wrap(p, 2, STYLE_DIM, "none");
	written = 0;
	page_heading(p, "Anomalies in packets");
	for (int i = 0; i < ANOMALY_COUNT; i++) {
		if (s->anomalies[i] > 0 && ++written)
			write_count(p, a, packet_anomaly_name(i), s->anomalies[i], NULL);
	}
	if (!written)
		page_wrap(p, 2, STYLE_DIM, "none");
}

static void write_usage(struct page *p, const struct app *a)
{
	char text[FMT_MAX] = "";

	page_heading(p, "socklens itself");
	size(a, text, a->usage.resident_bytes);
	write_fact(p, a, "memory", text, STYLE_NORMAL, NULL);
	text[0] = '\0';
	if (a->usage.cpu_ns >= 0)
		fmt_duration(text, a->usage.cpu_ns);
	write_fact(p, a, "processor time", text, STYLE_NORMAL, NULL);
}

/* How far Left leads, and what that costs. */
static void write_past(struct page *p, const struct app *a, const struct snapshot *s)
{
	char text[FMT_MAX] = "", help[FMT_MAX + 64], most[FMT_MAX];

	page_heading(p, "The past");
	if (!s->live) {
		page_wrap(p, 2, STYLE_NORMAL, "all of the file, by reading it again");
		return;
	}
	if (s->past.from_ns)
		fmt_duration(text, s->summary.last_ns - s->past.from_ns);
	write_fact(p, a, "reaches back", *text ? text : "0s", STYLE_NORMAL, "at most 15 minutes");
	size(a, text, (int64_t)s->past.bytes);
	fmt_bytes(most, s->past.max_bytes);
	snprintf(help, sizeof(help), "at most %s: then it reaches back less far", most);
	write_fact(p, a, "memory", text, STYLE_NORMAL, help);
	write_count(p, a, "steps", s->past.marks, NULL);
}

static void write_probe(struct page *p, const struct summary_row *s)
{
	page_heading(p, "Probe");
	page_wrap(p, 2, STYLE_NORMAL, *s->probe ? s->probe : "nothing is known of it yet");
}

static void write_error(struct page *p, const char *error)
{
	if (!*error)
		return;
	page_heading(p, "Error of the source");
	page_wrap(p, 2, STYLE_BAD, error);
}

static void draw(struct app *a, struct area area)
{
	const struct summary_row *s = a->snapshot ? &a->snapshot->summary : NULL;
	struct page *p = &a->page;
	bool two = area.width >= TWO_COLUMNS;
	int left = two ? area.width * 3 / 5 : area.width;

	page_begin(p, area.width, a->canvas.utf8);
	page_column(p, 1, left - 2, 0);
	if (s) {
		write_loss(p, a, &s->loss);
		write_probe(p, s);
		write_error(p, a->snapshot->error);
	} else {
		page_wrap(p, 0, STYLE_DIM, "nothing has been measured yet");
	}
	if (two)
		page_column(p, left, area.width - left - 1, 0);
	if (s) {
		write_totals(p, a, s);
		write_others(p, a, s);
		write_past(p, a, a->snapshot);
	}
	write_usage(p, a);
	page_draw(p, &a->canvas, area);
}

const struct view view_health = {
	.name = "health",
	.title = "Health",
	.help = "what was lost and what cannot be seen",
	.key = '7',
	.draw = draw,
	.move = view_page_move,
};
