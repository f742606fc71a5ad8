/* SPDX-License-Identifier: MIT */
#include "report/html_chart.h"

#include <string.h>

#include "base/fmt.h"
#include "base/saturate.h"
#include "report/quote.h"

#define MINUTE_NS (60 * INT64_C(1000000000))
#define DAY_NS	  (86400 * INT64_C(1000000000))

/* --- texts ------------------------------------------------------------------------------------ */

static void put_time(struct buf *out, int64_t ns)
{
	char text[FMT_MAX];

	fmt_time_of_day(text, ns);
	buf_put(out, text, 8);
}

/* Of seconds: with milliseconds. */
static void put_moment(struct buf *out, int64_t ns)
{
	char text[FMT_MAX];

	fmt_time_of_day(text, ns);
	buf_put(out, text, 12);
}

/* Of days: "01-02 03:04". */
static void put_date(struct buf *out, int64_t ns)
{
	char text[FMT_MAX];

	fmt_time_rfc3339(text, ns);
	text[10] = ' ';
	buf_put(out, text + 5, 11);
}

/* "1.2 kbit/s" */
static void put_rate(struct buf *out, double bytes, int64_t ns)
{
	char text[FMT_MAX];
	size_t digits;

	fmt_rate(text, (uint64_t)saturate_rate(bytes * 8, (double)ns));
	digits = strspn(text, "0123456789.");
	buf_put(out, text, digits);
	buf_putc(out, ' ');
	buf_puts(out, text[digits] == 'b' ? "" : text + digits);
	buf_puts(out, "bit/s");
}

static void put_text(struct buf *out, double x, double y, const char *anchor)
{
	buf_printf(out, "<text class=\"dim\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y,
		   anchor);
}

static void put_rect(struct buf *out, const char *kind, double x, double y, double w, double h)
{
	buf_printf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.2f\" height=\"%.2f\"/>",
		   kind, x, y, w, h);
}

/* --- over time -------------------------------------------------------------------------------- */

enum { WIDE = 1000, LEFT = 74, TOP = 10, FLOOR = 150, TALL = 176, TICKS = 5 };

/* The bins that hold something, from the first to the last. */
struct span {
	const struct timeline *sent, *answered;
	int first, last;
	double most;
};

static double bin(const struct span *s, int i)
{
	return s->sent->bins[i] + s->answered->bins[i];
}

static struct span span_of(const struct timeline *sent, const struct timeline *answered)
{
	struct span s = {sent, answered, 0, TIMELINE_BINS - 1, 1};

	while (s.first < s.last && bin(&s, s.first) <= 0)
		s.first++;
	while (s.last > s.first && bin(&s, s.last) <= 0)
		s.last--;
	for (int i = s.first; i <= s.last; i++)
		s.most = bin(&s, i) > s.most ? bin(&s, i) : s.most;
	return s;
}

static void put_rates(struct buf *out, const struct span *s)
{
	for (int i = 0; i <= 2; i++) {
		double y = FLOOR - i * (FLOOR - TOP) / 2.0;

		buf_printf(out,
			   "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>",
			   LEFT, y, WIDE, y);
		put_text(out, LEFT - 8, y + 4, "end");
		put_rate(out, s->most * i / 2, s->sent->width_ns);
		buf_puts(out, "</text>\n");
	}
}

static void put_times(struct buf *out, const struct span *s)
{
	static const char *const anchors[] = {"start", "middle", "middle", "middle", "end"};
	int64_t from = s->sent->start_ns + s->first * s->sent->width_ns;
	int64_t length = (s->last - s->first + 1) * s->sent->width_ns;
	void (*put)(struct buf *, int64_t) = length >= DAY_NS	      ? put_date
					     : length < MINUTE_NS / 6 ? put_moment
								      : put_time;

	for (int i = 0; i < TICKS; i++) {
		put_text(out, LEFT + i * (WIDE - LEFT) / (TICKS - 1.0), TALL - 6, anchors[i]);
		put(out, from + length * i / (TICKS - 1));
		buf_puts(out, "</text>\n");
	}
}

static void put_bin(struct buf *out, const struct span *s, int i)
{
	double wide = (double)(WIDE - LEFT) / (s->last - s->first + 1),
	       x = LEFT + (i - s->first) * wide;
	double up = s->sent->bins[i] / s->most * (FLOOR - TOP);
	double down = s->answered->bins[i] / s->most * (FLOOR - TOP);
	double bar = wide > 3 ? wide - 1 : wide;

	if (bin(s, i) <= 0)
		return;
	buf_puts(out, "<g>");
	put_rect(out, "up", x, FLOOR - up, bar, up);
	put_rect(out, "down", x, FLOOR - up - down, bar, down);
	buf_puts(out, "<title>");
	put_time(out, s->sent->start_ns + i * s->sent->width_ns);
	buf_puts(out, " UTC, sent ");
	put_rate(out, s->sent->bins[i], s->sent->width_ns);
	buf_puts(out, ", answered ");
	put_rate(out, s->answered->bins[i], s->sent->width_ns);
	buf_puts(out, "</title></g>\n");
}

void chart_timeline(struct buf *out, const struct timeline *sent, const struct timeline *answered)
{
	struct span s = span_of(sent, answered);

	buf_printf(
		out,
		"<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"bits a second over time\">\n",
		WIDE, TALL);
	put_rates(out, &s);
	for (int i = s.first; i <= s.last; i++)
		put_bin(out, &s, i);
	put_times(out, &s);
	buf_puts(out, "</svg>\n");
}

/* --- bars ------------------------------------------------------------------------------------- */

enum { BARS_WIDE = 400, BAR_ROW = CHART_BAR_HEIGHT, LABEL = 34 };

/* Cut at a whole character, so that names do not run into one another. */
static void put_label(struct buf *out, const char *name)
{
	char text[LABEL + 1];
	size_t n = strlen(name);

	if (n > LABEL)
		for (n = LABEL; n && ((uint8_t)name[n] & 0xc0) == 0x80;)
			n--;
	memcpy(text, name, n);
	text[n] = '\0';
	quote_html(out, text);
	buf_puts(out, name[n] ? "…" : "");
}

void chart_bars_begin(struct buf *out, const char *label, unsigned bars)
{
	buf_printf(out, "<svg viewBox=\"0 0 %d %u\" role=\"img\" aria-label=\"%s\">\n", BARS_WIDE,
		   bars * BAR_ROW, label);
}

void chart_bar(struct buf *out, unsigned i, const struct chart_bar *bar)
{
	double wide = bar->most > 0 ? bar->value / bar->most * BARS_WIDE : 0;

	buf_printf(out, "<text x=\"0\" y=\"%u\">", i * BAR_ROW + 12);
	put_label(out, bar->name);
	buf_puts(out, "</text>");
	put_text(out, BARS_WIDE, i * BAR_ROW + 12, "end");
	quote_html(out, bar->text);
	buf_puts(out, "</text>");
	put_rect(out, "track", 0, i * BAR_ROW + 17, BARS_WIDE, 5);
	put_rect(out, "up", 0, i * BAR_ROW + 17, wide < 1.5 ? 1.5 : wide, 5);
	buf_putc(out, '\n');
}

void chart_bars_end(struct buf *out)
{
	buf_puts(out, "</svg>\n");
}

/* --- times ------------------------------------------------------------------------------------ */

enum { HISTOGRAM_TALL = 150, HISTOGRAM_FLOOR = 124, HISTOGRAM_COLUMNS = HISTOGRAM_BUCKETS / 2 };

static uint64_t column(const struct histogram *h, int i)
{
	return h->buckets[2 * i] + h->buckets[2 * i + 1];
}

/* What a bucket begins with is what the first half of its values do not reach. */
static uint64_t bucket_begin(int bucket)
{
	int octave = bucket / HISTOGRAM_STEPS, step = bucket % HISTOGRAM_STEPS;

	return octave ? (uint64_t)(HISTOGRAM_STEPS + step) << (octave - 1) : (uint64_t)step;
}

static void put_duration(struct buf *out, double x, const char *anchor, const char *what,
			 uint64_t ns)
{
	char text[FMT_MAX];

	fmt_duration(text, (int64_t)ns);
	put_text(out, x, HISTOGRAM_TALL - 8, anchor);
	buf_printf(out, "%s%s</text>", what, text);
}

void chart_histogram(struct buf *out, const char *label, const struct histogram *h)
{
	int first = 0, last = HISTOGRAM_COLUMNS - 1;
	uint64_t most = 1;
	double wide;

	while (first < last && !column(h, first))
		first++;
	while (last > first && !column(h, last))
		last--;
	for (int i = first; i <= last; i++)
		most = column(h, i) > most ? column(h, i) : most;
	wide = (double)BARS_WIDE / (last - first + 1);
	wide = wide > 40 ? 40 : wide;
	buf_printf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n", BARS_WIDE,
		   HISTOGRAM_TALL, label);
	buf_printf(out, "<line class=\"grid\" x1=\"0\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n",
		   HISTOGRAM_FLOOR, BARS_WIDE, HISTOGRAM_FLOOR);
	for (int i = first; i <= last; i++) {
		double high = (double)column(h, i) / (double)most * (HISTOGRAM_FLOOR - 6);

		if (column(h, i))
			put_rect(out, "up", (i - first) * wide, HISTOGRAM_FLOOR - high,
				 wide > 3 ? wide - 1 : wide, high);
	}
	put_duration(out, 0, "start", "from ", bucket_begin(2 * first));
	put_duration(out, BARS_WIDE / 2.0, "middle", "median ", histogram_quantile(h, 500));
	put_duration(out, BARS_WIDE, "end", "to ", h->max);
	buf_puts(out, "</svg>\n");
}
