/* SPDX-License-Identifier: MIT */
#include "report/delays.h"

#include <stdbool.h>
#include <string.h>

#include "base/fmt.h"
#include "flow/join/delays.h"

/* What is told of each, after count, sum and max. */
static const struct quantile {
	const char *name;
	unsigned per_mille;
} quantiles[] = {{"p50", 500}, {"p90", 900}, {"p99", 990}};

enum { QUANTILES = sizeof(quantiles) / sizeof(quantiles[0]) };

static bool has_values(const struct delay_histograms *d)
{
	for (unsigned i = 0; d && i < DELAY_HISTOGRAMS; i++)
		if (d->of[i].count)
			return true;
	return false;
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void put_buckets(struct buf *out, const struct histogram *h)
{
	const char *between = "";

	buf_puts(out, ",\"buckets\":[");
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		if (!h->buckets[i])
			continue;
		buf_printf(out, "%s[%llu,%llu]", between,
			   (unsigned long long)histogram_bucket_end(i),
			   (unsigned long long)h->buckets[i]);
		between = ",";
	}
	buf_puts(out, "]}");
}

static void put_histogram(struct buf *out, const char *name, const struct histogram *h)
{
	buf_printf(out, "\"%s\":{\"count\":%llu,\"sum_ns\":%llu,\"max_ns\":%llu", name,
		   (unsigned long long)h->count, (unsigned long long)h->sum,
		   (unsigned long long)h->max);
	for (unsigned i = 0; i < QUANTILES; i++)
		buf_printf(out, ",\"%s_ns\":%llu", quantiles[i].name,
			   (unsigned long long)histogram_quantile(h, quantiles[i].per_mille));
	put_buckets(out, h);
}

void delays_put_json(struct buf *out, const struct delay_histograms *d)
{
	const char *between = "";

	if (!has_values(d))
		return;
	buf_puts(out, ",\"histograms\":{");
	for (unsigned i = 0; i < DELAY_HISTOGRAMS; i++) {
		if (!d->of[i].count)
			continue;
		buf_puts(out, between);
		put_histogram(out, delay_name(i), &d->of[i]);
		between = ",";
	}
	buf_putc(out, '}');
}

void delays_put_schema(struct buf *out)
{
	static const char integer[] = "{\"type\":\"integer\"}";

	buf_puts(out, ",\n\"histograms\":{\"type\":\"object\",\"additionalProperties\":false,"
		      "\"properties\":{");
	for (unsigned i = 0; i < DELAY_HISTOGRAMS; i++) {
		buf_printf(out,
			   "%s\n\"%s\":{\"type\":\"object\",\"additionalProperties\":false,"
			   "\"description\":\"%s\",\"properties\":{\"count\":%s,\"sum_ns\":%s,"
			   "\"max_ns\":%s",
			   i ? "," : "", delay_name(i), delay_sentence(i), integer, integer,
			   integer);
		for (unsigned q = 0; q < QUANTILES; q++)
			buf_printf(out, ",\"%s_ns\":%s", quantiles[q].name, integer);
		buf_printf(out,
			   ",\"buckets\":{\"description\":\"[largest value, "
			   "values]\",\"type\":\"array\","
			   "\"items\":{\"type\":\"array\",\"items\":%s}}}}",
			   integer);
	}
	buf_puts(out, "}}");
}

/* --- text ------------------------------------------------------------------------------------- */

static void put_cell(struct buf *out, const char *text)
{
	enum { WIDTH = 10 };
	size_t n = strlen(text);

	for (; n < WIDTH; n++)
		buf_putc(out, ' ');
	buf_puts(out, text);
}

static void put_time(struct buf *out, const struct exporter_options *o, uint64_t ns)
{
	char text[FMT_MAX];

	if (o->human)
		fmt_duration(text, (int64_t)ns);
	else
		fmt_u64(text, ns);
	put_cell(out, text);
}

static void put_line(struct buf *out, const struct exporter_options *o, const char *name,
		     const struct histogram *h)
{
	char text[FMT_MAX];

	buf_printf(out, "%-8s", name);
	fmt_u64(text, h->count);
	put_cell(out, text);
	for (unsigned i = 0; i < QUANTILES; i++)
		put_time(out, o, histogram_quantile(h, quantiles[i].per_mille));
	put_time(out, o, h->max);
	buf_putc(out, '\n');
}

void delays_put_text(struct buf *out, const struct exporter_options *o,
		     const struct delay_histograms *d, const char *prefix)
{
	if (!has_values(d))
		return;
	buf_puts(out, prefix);
	buf_puts(out, o->human ? "delay   " : "delay ns");
	put_cell(out, "count");
	for (unsigned i = 0; i < QUANTILES; i++)
		put_cell(out, quantiles[i].name);
	put_cell(out, "max");
	buf_putc(out, '\n');
	for (unsigned i = 0; i < DELAY_HISTOGRAMS; i++) {
		if (!d->of[i].count)
			continue;
		buf_puts(out, prefix);
		put_line(out, o, delay_name(i), &d->of[i]);
	}
}
