/* SPDX-License-Identifier: MIT
 *
 * One page that needs nothing else: figures, charts as SVG, ladders, tables that sort. Flows are
 * added up as they come; the page is written at the end. Nothing of a name reaches it but as text.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fmt.h"
#include "base/hash.h"
#include "flow/rows/group.h"
#include "flow/rows/problem.h"
#include "report/formats.h"
#include "report/html_chart.h"
#include "report/html_ladder.h"
#include "report/html_page.h"
#include "report/html_table.h"
#include "report/quote.h"
#include "report/timeline.h"
#include "report/top.h"
#include "report/totals.h"

enum { FLOWS = 200, WORST = 50, GROUP_ROWS = 100, CHART_ROWS = 7, PROBLEMS_MAX = 16 };

/* What flows are added up by; the first three have charts. */
static const struct by {
	const char *key, *title;
} bys[] = {{"process", "Processes"}, {"host", "Hosts"}, {"app", "Applications"}, {"name", "Names"}};
enum { BYS = sizeof(bys) / sizeof(bys[0]), CHARTS = 3 };

struct html {
	struct groups *groups[BYS];
	struct top *largest, *worst; /* by bytes, by segments sent again */
	struct filter_number bytes;  /* of groups */
	struct timeline sent, answered;
	struct histogram rtt;
	struct ladders ladders;
	int64_t problems[PROBLEMS_MAX]; /* flows by the worst that is wrong with them */
	int64_t flows;
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
	ladders_done(&h->ladders);
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

static void count_problem(struct html *h, const struct flow_row *row)
{
	unsigned n;
	const struct problem *all = problems(&n);

	for (unsigned i = 0; i < n && i < PROBLEMS_MAX; i++)
		h->problems[i] += !strcmp(all[i].word, row->problem);
}

void html_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row)
{
	struct html *h = o->state;
	bool again = row->src.tcp[TCP_COUNT_RETRANSMISSION] > 0 ||
		     row->dst.tcp[TCP_COUNT_RETRANSMISSION] > 0;

	(void)out;
	h->flows++;
	for (unsigned i = 0; i < BYS; i++)
		groups_add(h->groups[i], row, NULL);
	top_add(h->largest, row);
	if (again || *row->problem)
		top_add(h->worst, row);
	count_problem(h, row);
	ladders_add(&h->ladders, o, row);
	if (row->rtt_ns.avg != ROW_ABSENT)
		histogram_add(&h->rtt, (uint64_t)row->rtt_ns.avg);
	timeline_add(&h->sent, row->start_ns, row->end_ns, row->src.bytes);
	timeline_add(&h->answered, row->start_ns, row->end_ns, row->dst.bytes);
}

/* --- charts ----------------------------------------------------------------------------------- */

/* A capture that names no process has no chart of them. */
static bool is_unknown(const struct html *h, unsigned which)
{
	return groups_count(h->groups[which]) == 1 &&
	       !strcmp(groups_at(h->groups[which], 0)->key, "(unknown)");
}

static void put_talkers(struct buf *out, struct html *h, unsigned which)
{
	const struct group_row *g = groups_get(h->groups[which], &h->bytes, 0);
	double most = g ? (double)g->bytes : 0;
	unsigned n = groups_count(h->groups[which]);

	if (is_unknown(h, which))
		return;
	buf_printf(out, "<section><h2>%s</h2>", bys[which].title);
	chart_bars_begin(out, "bytes", n < CHART_ROWS ? n : CHART_ROWS);
	for (unsigned i = 0; i < CHART_ROWS && (g = groups_get(h->groups[which], &h->bytes, i));
	     i++) {
		char bytes[FMT_MAX];

		fmt_bytes(bytes, (uint64_t)g->bytes);
		chart_bar(out, i, &(struct chart_bar){g->key, bytes, (double)g->bytes, most});
	}
	chart_bars_end(out);
	buf_puts(out, "</section>\n");
}

static void put_problems(struct buf *out, const struct html *h)
{
	unsigned n, bars = 0;
	const struct problem *all = problems(&n);
	int64_t most = 0;

	for (unsigned i = 0; i < n && i < PROBLEMS_MAX; i++) {
		most = h->problems[i] > most ? h->problems[i] : most;
		bars += h->problems[i] > 0;
	}
	buf_puts(out, "<section><h2>Problems</h2>");
	if (!bars)
		buf_puts(out, "<p>No flow failed, was reset or lost much.</p>");
	chart_bars_begin(out, "flows with a problem", bars);
	bars = 0;
	for (unsigned i = 0; i < n && i < PROBLEMS_MAX; i++) {
		char count[FMT_MAX];

		fmt_count(count, (uint64_t)h->problems[i]);
		if (h->problems[i])
			chart_bar(out, bars++,
				  &(struct chart_bar){all[i].word, count, (double)h->problems[i],
						      (double)most});
	}
	chart_bars_end(out);
	buf_puts(out, "</section>\n");
}

static void put_charts(struct buf *out, struct html *h)
{
	buf_puts(out, "<section><h2>Bits a second</h2><p><span class=\"key up\"></span>sent by "
		      "originators "
		      "<span class=\"key down\"></span>by responders; each flow's bytes are spread "
		      "evenly "
		      "over its life</p>\n");
	chart_timeline(out, &h->sent, &h->answered);
	buf_puts(out, "</section>\n<div class=\"charts\">\n");
	for (unsigned i = 0; i < CHARTS; i++)
		put_talkers(out, h, i);
	put_problems(out, h);
	if (h->rtt.count) {
		buf_puts(out, "<section><h2>Round trips</h2>");
		chart_histogram(out, "flows by round trip", &h->rtt);
		buf_puts(out, "</section>\n");
	}
	buf_puts(out, "</div>\n");
}

static void put_ladders(struct buf *out, const struct html *h)
{
	if (!h->ladders.count)
		return;
	buf_puts(out, "<section><h2>The worst, frame by frame</h2><div class=\"ladders\">\n");
	ladders_put(out, &h->ladders);
	buf_puts(out, "</div></section>\n");
}

/* --- tables ----------------------------------------------------------------------------------- */

static const char *const of_flows[] = {
	"start",
	"problem",
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
static const struct html_table flow_table = {&flow_filter_table, of_flows, COUNT(of_flows), 0};
static const struct html_table groups_table = {&group_table, of_groups, COUNT(of_groups), 0};

static void put_flows(struct buf *out, struct top *top, const char *title)
{
	const struct flow_row *row = top_get(top, 0);
	struct html_table t = flow_table;

	if (!row)
		return;
	for (unsigned i = 0; row; row = top_get(top, ++i))
		html_table_look(&t, row, i == 0);
	html_table_begin(out, &t, title);
	for (unsigned i = 0; (row = top_get(top, i)); i++)
		html_table_row(out, &t, row);
	html_table_end(out);
}

static void put_groups(struct buf *out, struct html *h, unsigned which)
{
	const struct group_row *g;

	if (is_unknown(h, which))
		return;
	html_table_begin(out, &groups_table, bys[which].title);
	for (unsigned i = 0; i < GROUP_ROWS && (g = groups_get(h->groups[which], &h->bytes, i));
	     i++)
		html_table_row(out, &groups_table, g);
	html_table_end(out);
}

/* --- the page --------------------------------------------------------------------------------- */

static void put_card(struct buf *out, const char *what, size_t (*unit)(char *, uint64_t), int64_t v,
		     bool bad)
{
	char text[FMT_MAX];

	unit(text, v < 0 ? 0 : (uint64_t)v);
	buf_printf(out, "<div class=\"card%s\"><strong>%s</strong>%s</div>\n", bad ? " bad" : "",
		   text, what);
}

/* "2026-01-02 03:04:05 to 03:05:10 UTC, 1m05s" */
static void put_period(struct buf *out, const struct summary_row *sum)
{
	char from[FMT_MAX], until[FMT_MAX], length[FMT_MAX];

	if (sum->first_ns == ROW_ABSENT)
		return;
	fmt_time_rfc3339(from, sum->first_ns);
	fmt_time_rfc3339(until, sum->last_ns);
	fmt_duration(length, sum->last_ns - sum->first_ns);
	from[10] = until[10] = ' ';
	until[19] = '\0';
	buf_printf(out, "<p>%.19s to %s UTC, %s</p>\n", from,
		   until + (strncmp(from, until, 10) ? 0 : 11), length);
}

static void put_summary(struct buf *out, const struct html *h, const struct summary_row *sum)
{
	uint64_t lost = loss_sum(&sum->loss);
	int64_t wrong = 0;

	for (unsigned i = 0; i < PROBLEMS_MAX; i++)
		wrong += h->problems[i];
	buf_puts(out, "<header><h1>socklens report</h1>\n");
	put_period(out, sum);
	buf_puts(out, "</header>\n<div class=\"cards\">\n");
	put_card(out, "flows", fmt_count, h->flows, false);
	put_card(out, "packets", fmt_count, sum->packets, false);
	put_card(out, "bytes", fmt_bytes, sum->bytes, false);
	put_card(out, "with a problem", fmt_count, wrong, wrong);
	put_card(out, "lost", fmt_count, (int64_t)lost, lost);
	buf_puts(out, "</div>\n");
}

static void put_totals(struct buf *out, const struct exporter_options *o,
		       const struct summary_row *sum)
{
	struct buf totals;

	buf_init(&totals, 16 << 10);
	totals_put(&totals, o, sum, "");
	buf_puts(out, "<footer class=\"totals\">");
	quote_html(out, buf_text(&totals));
	buf_puts(out, "</footer>\n");
	buf_done(&totals);
}

void html_end(struct buf *out, const struct exporter_options *o, const struct summary_row *sum)
{
	struct html *h = o->state;

	buf_puts(out, HTML_HEAD);
	put_summary(out, h, sum);
	if (h->flows) {
		put_charts(out, h);
		put_ladders(out, h);
		put_flows(out, h->worst, "The worst flows");
		put_flows(out, h->largest, "The largest flows");
		for (unsigned i = 0; i < BYS; i++)
			put_groups(out, h, i);
	}
	put_totals(out, o, sum);
	buf_puts(out, HTML_SCRIPT "</body>\n</html>\n");
}
