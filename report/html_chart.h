/* SPDX-License-Identifier: MIT
 *
 * Charts of the page as inline SVG, in the classes of html_page.h.
 */
#ifndef SOCKLENS_REPORT_HTML_CHART_H
#define SOCKLENS_REPORT_HTML_CHART_H

#include "base/buf.h"
#include "base/histogram.h"
#include "report/timeline.h"

/* Bits a second of originators and, on top of them, of responders; both were told the same times.
 */
void chart_timeline(struct buf *out, const struct timeline *sent, const struct timeline *answered);

/* One bar of a list: its name, how long it is of `most`, and what stands at its end. */
struct chart_bar {
	const char *name, *text;
	double value, most;
};
enum { CHART_BAR_HEIGHT = 28 };
void chart_bars_begin(struct buf *out, const char *label, unsigned bars);
void chart_bar(struct buf *out, unsigned i, const struct chart_bar *bar);
void chart_bars_end(struct buf *out);

/* How many had which time, with the median and the slowest; logarithmic. */
void chart_histogram(struct buf *out, const char *label, const struct histogram *h);

#endif
