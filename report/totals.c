/* SPDX-License-Identifier: MIT */
#include "report/totals.h"

#include <stddef.h>

#include "base/fmt.h"
#include "report/delays.h"

static void put_amount(struct buf *out, size_t (*unit)(char *, uint64_t), uint64_t v, bool human)
{
	char text[FMT_MAX];

	buf_put(out, text, human ? unit(text, v) : fmt_u64(text, v));
}

/* "4 arp": one term of a list that `*between` introduces and separates; nothing for zero. */
static void put_term(struct buf *out, const char **between, uint64_t v, const char *name)
{
	if (!v)
		return;
	buf_puts(out, *between);
	buf_put_u64(out, v);
	buf_putc(out, ' ');
	buf_puts(out, name);
	*between = ", ";
}

static void put_duration(struct buf *out, const struct exporter_options *o, int64_t ns)
{
	char text[FMT_MAX];

	buf_puts(out, " in ");
	if (o->human) {
		buf_put(out, text, fmt_duration(text, ns));
		return;
	}
	buf_put_i64(out, ns);
	buf_puts(out, " ns");
}

static void put_seen(struct buf *out, const struct exporter_options *o,
		     const struct summary_row *sum)
{
	const char *between = "; in no flow: ";

	if (sum->hidden) {
		put_amount(out, fmt_count, (uint64_t)(sum->flows - sum->hidden), o->human);
		buf_puts(out, " of ");
	}
	put_amount(out, fmt_count, (uint64_t)sum->flows, o->human);
	buf_puts(out, sum->flows == 1 ? " flow, " : " flows, ");
	put_amount(out, fmt_count, (uint64_t)sum->packets, o->human);
	buf_puts(out, sum->packets == 1 ? " packet, " : " packets, ");
	put_amount(out, fmt_bytes, (uint64_t)sum->bytes, o->human);
	buf_puts(out, o->human ? "" : " bytes");
	if (sum->first_ns != ROW_ABSENT && sum->last_ns != ROW_ABSENT)
		put_duration(out, o, sum->last_ns - sum->first_ns);
	for (unsigned i = PACKET_IN_FLOW + 1; i < PACKET_OTHER_COUNT; i++)
		put_term(out, &between, (uint64_t)sum->other[i], packet_other_name(i));
	buf_putc(out, '\n');
}

static void put_loss(struct buf *out, const struct loss *loss, const char *prefix)
{
	const char *between = "lost: ";

	if (!loss_sum(loss))
		return;
	buf_puts(out, prefix);
	for (unsigned i = 0; i < LOSS_STAGES; i++)
		put_term(out, &between, loss->count[i], loss_name(i));
	buf_putc(out, '\n');
}

static void put_anomalies(struct buf *out, const struct summary_row *sum, const char *prefix)
{
	const char *between = "anomalies: ";
	size_t before = out->len;

	buf_puts(out, prefix);
	for (unsigned i = 0; i < ANOMALY_COUNT; i++)
		put_term(out, &between, (uint64_t)sum->anomalies[i], packet_anomaly_name(i));
	if (*between == 'a') /* no term came */
		out->len = before;
	else
		buf_putc(out, '\n');
}

void totals_put(struct buf *out, const struct exporter_options *o, const struct summary_row *sum,
		const char *prefix)
{
	buf_puts(out, prefix);
	put_seen(out, o, sum);
	put_loss(out, &sum->loss, prefix);
	put_anomalies(out, sum, prefix);
	delays_put_text(out, o, sum->delays, prefix);
	if (*sum->probe) {
		buf_puts(out, prefix);
		buf_puts(out, "probe: ");
		buf_puts(out, sum->probe);
		buf_putc(out, '\n');
	}
}
