/* SPDX-License-Identifier: MIT
 *
 * One row a metric. Reference: prometheus.io/docs/instrumenting/exposition_formats.
 */
#include "report/agent/metrics.h"

#include <stdlib.h>

#include "report/agent/series.h"

#define TURN_NS 60000000000ll

/* --- histograms ------------------------------------------------------------------------------- */

static const double bounds_s[] = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
				  0.05,	  0.1,	   0.25,   0.5,	  1,	  2.5,	 5,    10};
enum { BOUNDS = sizeof(bounds_s) / sizeof(bounds_s[0]) };

struct distribution {
	uint64_t count[BOUNDS + 1]; /* of each bucket by itself; the last has no bound */
	double sum_s;
};

static const struct {
	const char *name, *help;
	size_t offset; /* of an int64_t in the row: ns, or ROW_ABSENT */
} delays[] = {
	{"socklens_handshake_rtt_seconds",
	 "Round trip of TCP's handshake, one value a flow that has ended",
	 offsetof(struct flow_row, rtt_ns.handshake)},
	{"socklens_rtt_seconds", "Average round trip of data, one value a flow that has ended",
	 offsetof(struct flow_row, rtt_ns.avg)},
	{"socklens_connect_delay_seconds",
	 "connect until connected, one value a flow that has ended",
	 offsetof(struct flow_row, src.delay.connect)},
	{"socklens_accept_delay_seconds",
	 "Wait in the accept queue, one value a flow that has ended",
	 offsetof(struct flow_row, dst.delay.accept)},
	{"socklens_answer_delay_seconds",
	 "Average time a server took to answer, one value a flow that has ended",
	 offsetof(struct flow_row, dst.delay.think_avg)},
	{"socklens_dns_delay_seconds",
	 "Average DNS query to response, one value a flow that has ended",
	 offsetof(struct flow_row, dns.delay_avg_ns)},
	{"socklens_http_delay_seconds",
	 "Average HTTP request to response, one value a flow that has ended",
	 offsetof(struct flow_row, http.delay_avg_ns)},
};
enum { DELAYS = sizeof(delays) / sizeof(delays[0]) };

static void distribution_add(struct distribution *d, int64_t ns)
{
	double s = (double)ns / 1e9;
	unsigned i = 0;

	while (i < BOUNDS && s > bounds_s[i])
		i++;
	d->count[i]++;
	d->sum_s += s;
}

/* --- counting --------------------------------------------------------------------------------- */

struct metrics {
	struct series_table *series;
	struct distribution delays[DELAYS];
	int64_t turned_ns;
};

struct metrics *metrics_new(unsigned series)
{
	struct metrics *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->series = series_table_new(series);
	if (m->series)
		return m;
	free(m);
	return NULL;
}

void metrics_free(struct metrics *m)
{
	if (!m)
		return;
	series_table_free(m->series);
	free(m);
}

void metrics_part(struct metrics *m, const struct part *p)
{
	series_add(m->series, p);
	for (unsigned i = 0; i < DELAYS && p->last; i++) {
		int64_t ns =
			*(const int64_t *)(const void *)((const char *)p->row + delays[i].offset);

		if (ns != ROW_ABSENT)
			distribution_add(&m->delays[i], ns);
	}
}

void metrics_advance(struct metrics *m, int64_t now_ns)
{
	if (!m->turned_ns)
		m->turned_ns = now_ns;
	for (; now_ns - m->turned_ns >= TURN_NS; m->turned_ns += TURN_NS) {
		if (now_ns - m->turned_ns > 100 * TURN_NS) /* a gap in the data */
			m->turned_ns = now_ns - TURN_NS;
		series_turn(m->series);
	}
}

/* --- text ------------------------------------------------------------------------------------- */

static void put_head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Names are printable already (base/vis.h): what is left are the quote and the backslash. */
static void put_label(struct buf *out, const char *text)
{
	buf_putc(out, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_putc(out, '\\');
		if (*text == '\n')
			buf_puts(out, "\\n");
		else
			buf_putc(out, *text);
	}
	buf_putc(out, '"');
}

enum unit { COUNT, SECONDS };

static void put_value(struct buf *out, uint64_t v, enum unit unit)
{
	if (unit == SECONDS)
		buf_printf(out, " %.9f\n", (double)v / 1e9);
	else
		buf_printf(out, " %llu\n", (unsigned long long)v);
}

/* Of each series: rows that share a name are next to each other. */
static const struct {
	const char *name, *help;
	const char *direction; /* NULL = no such label */
	size_t offset;	       /* in struct series_counts */
	enum unit unit;
} columns[] = {
#define AT(member) offsetof(struct series_counts, member)
	{"socklens_process_bytes_total",
	 "IP bytes of a process' flows; between two processes of this machine for each", "sent",
	 AT(sent_bytes), COUNT},
	{"socklens_process_bytes_total", NULL, "received", AT(received_bytes), COUNT},
	{"socklens_process_packets_total", "Packets of a process' flows", "sent", AT(sent_packets),
	 COUNT},
	{"socklens_process_packets_total", NULL, "received", AT(received_packets), COUNT},
	{"socklens_process_flows_total", "Flows that have ended", NULL, AT(flows), COUNT},
	{"socklens_process_failed_flows_total", "Of them refused, reset at once or never answered",
	 NULL, AT(failed), COUNT},
	{"socklens_process_retransmissions_total", "TCP segments that the process' end sent again",
	 NULL, AT(retransmissions), COUNT},
	{"socklens_process_handshakes_total", "TCP handshakes whose round trip was measured", NULL,
	 AT(handshakes), COUNT},
	{"socklens_process_handshake_rtt_seconds_total", "The sum of their round trips", NULL,
	 AT(handshake_ns), SECONDS},
#undef AT
};

static void put_column(struct buf *out, const struct series_table *t, unsigned column)
{
	const struct series *s;
	unsigned i = 0;

	if (columns[column].help)
		put_head(out, columns[column].name, "counter", columns[column].help);
	while ((s = series_get(t, &i))) {
		const char *at = (const char *)&s->counts + columns[column].offset;

		buf_printf(out, "%s{process=", columns[column].name);
		put_label(out, s->process);
		buf_puts(out, ",protocol=");
		put_label(out, s->protocol);
		if (columns[column].direction)
			buf_printf(out, ",direction=\"%s\"", columns[column].direction);
		buf_putc(out, '}');
		put_value(out, *(const uint64_t *)(const void *)at, columns[column].unit);
	}
}

static void put_delay(struct buf *out, const struct distribution *d, unsigned delay)
{
	const char *name = delays[delay].name;
	uint64_t sum = 0;

	put_head(out, name, "histogram", delays[delay].help);
	for (unsigned i = 0; i < BOUNDS; i++) {
		sum += d->count[i];
		buf_printf(out, "%s_bucket{le=\"%g\"} %llu\n", name, bounds_s[i],
			   (unsigned long long)sum);
	}
	sum += d->count[BOUNDS];
	buf_printf(out, "%s_bucket{le=\"+Inf\"} %llu\n%s_sum %.9f\n%s_count %llu\n", name,
		   (unsigned long long)sum, name, d->sum_s, name, (unsigned long long)sum);
}

static void put_one(struct buf *out, const char *name, const char *type, const char *help,
		    int64_t v)
{
	put_head(out, name, type, help);
	buf_printf(out, "%s %lld\n", name, (long long)v);
}

static void put_summary(struct buf *out, const struct summary_row *sum)
{
	put_one(out, "socklens_captured_packets_total", "counter", "Frames captured", sum->packets);
	put_one(out, "socklens_captured_bytes_total", "counter", "Bytes of frames on the wire",
		sum->bytes);
	put_one(out, "socklens_flows_total", "counter", "Flows ever seen", sum->flows);
	put_one(out, "socklens_live_flows", "gauge", "Flows that are followed now",
		sum->live_flows);
	put_head(out, "socklens_lost_total", "counter",
		 "What was not seen, by the stage that lost it");
	for (unsigned i = 0; i < LOSS_STAGES; i++)
		buf_printf(out, "socklens_lost_total{stage=\"%s\"} %llu\n", loss_name(i),
			   (unsigned long long)sum->loss.count[i]);
	put_head(out, "socklens_probe_info", "gauge",
		 "How sockets are followed, or why they are not");
	buf_puts(out, "socklens_probe_info{probe=");
	put_label(out, sum->probe);
	buf_puts(out, "} 1\n");
}

/* --- the agent itself ------------------------------------------------------------------------- */

static const struct {
	const char *name, *type, *help;
	size_t offset; /* of a uint64_t in struct metrics_sink */
} sink_columns[] = {
#define AT(member) offsetof(struct metrics_sink, member)
	{"socklens_export_records_total", "counter", "Records that were handed over", AT(sent)},
	{"socklens_export_dropped_records_total", "counter",
	 "Records that found the queue full, or nobody to take them", AT(dropped)},
	{"socklens_export_errors_total", "counter", "Attempts to connect or to send that failed",
	 AT(errors)},
	{"socklens_export_connects_total", "counter", "Connections made, or files opened",
	 AT(connects)},
	{"socklens_export_queue_bytes", "gauge", "Bytes that wait in the queue", AT(queue_bytes)},
	{"socklens_export_queue_size_bytes", "gauge", "Room of the queue", AT(queue_size)},
#undef AT
};
enum { SINK_COLUMNS = sizeof(sink_columns) / sizeof(sink_columns[0]) };

static void put_sinks(struct buf *out, const struct metrics_health *h)
{
	for (unsigned c = 0; c < SINK_COLUMNS && h->sink_count; c++) {
		put_head(out, sink_columns[c].name, sink_columns[c].type, sink_columns[c].help);
		for (unsigned i = 0; i < h->sink_count; i++) {
			const char *at = (const char *)&h->sinks[i] + sink_columns[c].offset;

			buf_printf(out, "%s{sink=\"%s\"}", sink_columns[c].name, h->sinks[i].name);
			put_value(out, *(const uint64_t *)(const void *)at, COUNT);
		}
	}
	if (h->sink_count)
		put_head(out, "socklens_export_connected", "gauge",
			 "1 while there is somebody to send to");
	for (unsigned i = 0; i < h->sink_count; i++)
		buf_printf(out, "socklens_export_connected{sink=\"%s\"} %d\n", h->sinks[i].name,
			   h->sinks[i].connected);
}

static void put_health(struct buf *out, const struct metrics_health *h)
{
	put_one(out, "socklens_flows_not_in_parts_total", "counter",
		"Long flows that were told late: no room to remember what was told",
		(int64_t)h->parts_refused);
	put_head(out, "socklens_build_info", "gauge", "The version that runs");
	buf_printf(out, "socklens_build_info{version=\"%s\"} 1\n", h->version);
	put_head(out, "process_cpu_seconds_total", "counter",
		 "Processor time used, user and system");
	buf_printf(out, "process_cpu_seconds_total %.6f\n", h->cpu_s);
	put_one(out, "process_resident_memory_bytes", "gauge", "Memory in use",
		(int64_t)h->resident_bytes);
	put_head(out, "process_start_time_seconds", "gauge", "Start of the process, since 1970");
	buf_printf(out, "process_start_time_seconds %.3f\n", h->start_s);
}

void metrics_put(struct buf *out, const struct metrics *m, const struct summary_row *sum,
		 const struct metrics_health *health)
{
	for (unsigned i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		put_column(out, m->series, i);
	for (unsigned i = 0; i < DELAYS; i++)
		put_delay(out, &m->delays[i], i);
	put_summary(out, sum);
	put_sinks(out, health);
	put_health(out, health);
}
