/* SPDX-License-Identifier: MIT
 *
 * One page that needs nothing else: figures, charts as SVG, tables that sort. Flows are added up as
 * they come; the page is written at the end. Nothing of a name reaches it but as text.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fmt.h"
#include "base/hash.h"
#include "flow/rows/group.h"
#include "report/formats.h"
#include "report/html_page.h"
#include "report/quote.h"
#include "report/timeline.h"
#include "report/top.h"
#include "report/totals.h"

enum { FLOWS = 200, WORST = 50, GROUP_ROWS = 100, CHART_ROWS = 8 };

/* What flows are added up by; the first three have charts. */
static const struct by {
	const char *key, *title;
} bys[] = {{"process", "Processes"}, {"host", "Hosts"}, {"app", "Applications"}, {"name", "Names"}};
enum { BYS = sizeof(bys) / sizeof(bys[0]), CHARTS = 3 };

struct html {
	struct groups *groups[BYS];
	struct top *largest, *worst; /* by bytes, by segments sent again */
	struct filter_number bytes;  /* of groups */
	struct timeline timeline;
};

/* --- life ------------------------------------------------------------------------------------- */

int html_close(struct exporter_options *o, struct err *e)
{
	struct html *h = o->state;

	(void)e;
	for (unsigned i = 0; i < BYS; i++)
		groups_free(h->groups[i]);
	top_free(h->largest);
	top_free(h->worst);
	free(h);
	o->state = NULL;
	return 0;
}

int html_open(struct exporter_options *o, struct err *e)
{
	struct filter_number bytes, again;
	struct html *h = calloc(1, sizeof(*h));
	int status = h ? 0 : -ENOMEM;

	if (!h)
		return err_set(e, -ENOMEM, "out of memory");
	o->state = h;
	filter_number_find(&h->bytes, &group_table, "bytes");
	filter_number_find(&bytes, &flow_filter_table, "bytes");
	filter_number_find(&again, &flow_filter_table, "retx");
	h->largest = top_new(FLOWS, &bytes);
	h->worst = top_new(WORST, &again);
	for (unsigned i = 0; status == 0 && i < BYS; i++)
		status = groups_new(&h->groups[i], bys[i].key, hash_random_seed(), e);
	if (status == 0 && h->largest && h->worst)
		return 0;
	html_close(o, NULL);
	return err_set(e, -ENOMEM, "out of memory");
}

void html_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row)
{
	struct html *h = o->state;

	(void)out;
	for (unsigned i = 0; i < BYS; i++)
		groups_add(h->groups[i], row, NULL);
	top_add(h->largest, row);
	if (row->src.tcp[TCP_COUNT_RETRANSMISSION] > 0 ||
	    row->dst.tcp[TCP_COUNT_RETRANSMISSION] > 0 || flow_failed(row))
		top_add(h->worst, row);
	timeline_add(&h->timeline, row->start_ns, row->end_ns, row->src.bytes + row->dst.bytes);
}

/* --- charts ----------------------------------------------------------------------------------- */

static void put_time(struct buf *out, int64_t ns)
{
	char text[FMT_MAX];

	fmt_time_of_day(text, ns);
	buf_put(out, text, 8);
}

/* "1.2 kbit/s" */
static void put_rate(struct buf *out, double bytes, int64_t ns)
{
	char text[FMT_MAX];
	size_t digits;

	fmt_rate(text, (uint64_t)(bytes * 8e9 / (double)ns));
	digits = strspn(text, "0123456789.");
	buf_put(out, text, digits);
	buf_putc(out, ' ');
	buf_puts(out, text[digits] == 'b' ? "" : text + digits);
	buf_puts(out, "bit/s");
}

/* The bins that hold something, from the first to the last. */
static void put_timeline(struct buf *out, const struct timeline *t)
{
	int first = 0, last = TIMELINE_BINS - 1;
	double most = 1, wide;

	while (first < last && t->bins[first] <= 0)
		first++;
	while (last > first && t->bins[last] <= 0)
		last--;
	for (int i = first; i <= last; i++)
		most = t->bins[i] > most ? t->bins[i] : most;
	wide = 1000.0 / (last - first + 1);
	buf_puts(
		out,
		"<svg viewBox=\"0 0 1000 190\" role=\"img\" aria-label=\"bits a second over time\">"
		"<text class=\"dim\" x=\"0\" y=\"12\">");
	put_rate(out, most, t->width_ns);
	buf_puts(out,
		 "</text><line class=\"axis\" x1=\"0\" y1=\"170\" x2=\"1000\" y2=\"170\"/>\n");
	for (int i = first; i <= last; i++) {
		double high = t->bins[i] / most * 150;

		if (t->bins[i] <= 0)
			continue;
		buf_printf(out,
			   "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
			   "height=\"%.1f\"><title>",
			   (i - first) * wide, 170 - high, wide > 2 ? wide - 1 : wide, high);
		put_time(out, t->start_ns + i * t->width_ns);
		buf_putc(out, ' ');
		put_rate(out, t->bins[i], t->width_ns);
		buf_puts(out, "</title></rect>\n");
	}
	buf_puts(out, "<text class=\"dim\" x=\"0\" y=\"186\">");
	put_time(out, t->start_ns + first * t->width_ns);
	buf_puts(out, " UTC</text><text class=\"dim\" x=\"1000\" y=\"186\" text-anchor=\"end\">");
	put_time(out, t->start_ns + (last + 1) * t->width_ns);
	buf_puts(out, " UTC</text></svg>\n");
}

/* Cut at a whole character, so that names do not run into one another. */
static void put_label(struct buf *out, const char *key)
{
	enum { LABEL = 30 };
	char text[LABEL + 1];
	size_t n = strlen(key);

	if (n > LABEL)
		for (n = LABEL; n && ((uint8_t)key[n] & 0xc0) == 0x80;)
			n--;
	memcpy(text, key, n);
	text[n] = '\0';
	quote_html(out, text);
	buf_puts(out, key[n] ? "…" : "");
}

static void put_bars(struct buf *out, struct html *h, unsigned which)
{
	const struct group_row *g = groups_get(h->groups[which], &h->bytes, 0);
	double most = g && g->bytes > 0 ? (double)g->bytes : 1;

	buf_printf(out,
		   "<section><h2>%s</h2><svg viewBox=\"0 0 400 %d\" role=\"img\" aria-label=\"%s "
		   "by bytes\">\n",
		   bys[which].title, CHART_ROWS * 26, bys[which].title);
	for (unsigned i = 0; i < CHART_ROWS && (g = groups_get(h->groups[which], &h->bytes, i));
	     i++) {
		char bytes[FMT_MAX];

		fmt_bytes(bytes, (uint64_t)g->bytes);
		buf_printf(out, "<text x=\"0\" y=\"%u\">", i * 26 + 11);
		put_label(out, g->key);
		buf_printf(out,
			   "</text><text class=\"dim\" x=\"400\" y=\"%u\" "
			   "text-anchor=\"end\">%s</text>"
			   "<rect class=\"bar\" x=\"0\" y=\"%u\" width=\"%.1f\" height=\"6\"/>\n",
			   i * 26 + 11, bytes, i * 26 + 15, (double)g->bytes / most * 400);
	}
	buf_puts(out, "</svg></section>\n");
}

/* --- tables ----------------------------------------------------------------------------------- */

/* Names of the filter language: what a table shows of rows of its kind. */
struct table {
	const struct filter_table *kind;
	const char *const *names;
	unsigned count;
};

static void put_head(struct buf *out, const struct table *t, const char *title)
{
	buf_printf(out, "<section><h2>%s</h2><div class=\"wide\"><table><thead><tr>\n", title);
	for (unsigned i = 0; i < t->count; i++) {
		const struct field *f = t->kind->find(t->names[i]);

		buf_puts(out, field_is_integer(f) ? "<th class=\"n\"><button title=\""
						  : "<th><button title=\"");
		quote_html(out, f->help);
		buf_puts(out, "\">");
		quote_html(out, f->title);
		buf_puts(out, "</button></th>");
	}
	buf_puts(out, "</tr></thead>\n<tbody>\n");
}

/* The exact value beside the one for people, to sort by. */
static void put_cell(struct buf *out, const struct field *f, const void *row)
{
	char text[FIELD_TEXT_MAX];

	if (!field_is_integer(f)) {
		field_text(f, row, true, text, sizeof(text));
		buf_puts(out, "<td>");
	} else {
		field_text(f, row, false, text, sizeof(text));
		buf_printf(out, "<td class=\"n\" data-v=\"%s\">", text);
		field_text(f, row, true, text, sizeof(text));
	}
	quote_html(out, text);
	buf_puts(out, "</td>");
}

static void put_row(struct buf *out, const struct table *t, const void *row)
{
	buf_puts(out, "<tr>");
	for (unsigned i = 0; i < t->count; i++)
		put_cell(out, t->kind->find(t->names[i]), row);
	buf_puts(out, "</tr>\n");
}

static void put_tail(struct buf *out)
{
	buf_puts(out, "</tbody></table></div></section>\n");
}

static const char *const of_flows[] = {
	"start",
	"proto",
	"src.ip",
	"src.port",
	"src.process.name",
	"dst.ip",
	"dst.port",
	"dst.process.name",
	"dst.name",
	"app",
	"state",
	"duration_ns",
	"src.bytes",
	"dst.bytes",
	"rtt_ns.avg",
	"src.tcp.retransmission",
	"dst.tcp.retransmission",
};
static const char *const of_groups[] = {
	"key",	      "flows",		"failed",	   "packets", "bytes",
	"sent_bytes", "received_bytes", "retransmissions", "rtt_avg", "rtt_max"};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
static const struct table flow_table = {&flow_filter_table, of_flows, COUNT(of_flows)};
static const struct table groups_table = {&group_table, of_groups, COUNT(of_groups)};

static void put_flows(struct buf *out, struct top *top, const char *title)
{
	const struct flow_row *row = top_get(top, 0);

	if (!row)
		return;
	put_head(out, &flow_table, title);
	for (unsigned i = 0; row; row = top_get(top, ++i))
		put_row(out, &flow_table, row);
	put_tail(out);
}

static void put_groups(struct buf *out, struct html *h, unsigned which)
{
	const struct group_row *g;

	put_head(out, &groups_table, bys[which].title);
	for (unsigned i = 0; i < GROUP_ROWS && (g = groups_get(h->groups[which], &h->bytes, i));
	     i++)
		put_row(out, &groups_table, g);
	put_tail(out);
}

/* --- the page --------------------------------------------------------------------------------- */

static void put_card(struct buf *out, const char *what, size_t (*unit)(char *, uint64_t), int64_t v)
{
	char text[FMT_MAX];

	unit(text, v < 0 ? 0 : (uint64_t)v);
	buf_printf(out, "<div class=\"card\"><strong>%s</strong>%s</div>", text, what);
}

static void put_summary(struct buf *out, const struct exporter_options *o,
			const struct summary_row *sum)
{
	uint64_t lost = loss_sum(&sum->loss);
	char from[FMT_MAX], until[FMT_MAX];
	struct buf totals;

	buf_puts(out, "<h1>socklens report</h1>\n");
	if (sum->first_ns != ROW_ABSENT) {
		fmt_time_rfc3339(from, sum->first_ns);
		fmt_time_rfc3339(until, sum->last_ns);
		buf_printf(out, "<p>%s to %s</p>\n", from, until);
	}
	buf_puts(out, "<div class=\"cards\">");
	put_card(out, "flows", fmt_count, sum->flows);
	put_card(out, "packets", fmt_count, sum->packets);
	put_card(out, "bytes", fmt_bytes, sum->bytes);
	put_card(out, lost ? "<span class=\"bad\">lost</span>" : "lost", fmt_count, (int64_t)lost);
	buf_puts(out, "</div>\n<p class=\"totals\">");
	buf_init(&totals, 16 << 10);
	totals_put(&totals, o, sum, "");
	quote_html(out, buf_text(&totals));
	buf_done(&totals);
	buf_puts(out, "</p>\n");
}

void html_end(struct buf *out, const struct exporter_options *o, const struct summary_row *sum)
{
	struct html *h = o->state;

	buf_puts(out, HTML_HEAD);
	put_summary(out, o, sum);
	if (h->timeline.width_ns) {
		buf_puts(out, "<section><h2>Bits a second</h2>\n");
		put_timeline(out, &h->timeline);
		buf_puts(out,
			 "<p>Each flow's bytes are spread evenly over its life.</p></section>\n"
			 "<div class=\"charts\">\n");
		for (unsigned i = 0; i < CHARTS; i++)
			put_bars(out, h, i);
		buf_puts(out, "</div>\n");
		put_flows(out, h->worst, "Failed, or sent again: the worst flows");
		put_flows(out, h->largest, "The largest flows");
		for (unsigned i = 0; i < BYS; i++)
			put_groups(out, h, i);
	}
	buf_puts(out, HTML_SCRIPT "</body>\n</html>\n");
}
