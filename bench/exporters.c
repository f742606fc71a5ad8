/* SPDX-License-Identifier: MIT
 *
 * What it costs to write a flow: the same rows go to every exporter, and to one that writes
 * nothing. Usage: exporters [ROWS [FORMAT]]; prints a line an exporter: name, CPU seconds, records
 * a second, bytes a record. The rows are TCP flows of two packets, as in the workload churn.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "flow/rows/field.h"
#include "report/exporter.h"

enum { FLUSH_AT = 64 << 10, BUF_CAP = 1 << 20 };

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void null_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row)
{
	(void)out;
	(void)o;
	(void)row;
}

static const struct exporter null_exporter = {.name = "null", .flow = null_flow};

static void first_end(struct flow_end_row *e)
{
	e->packets = 1;
	e->bytes = 62;
	e->ip_bytes = 48;
	e->payload_bytes = e->fragments = e->retransmitted_bytes = e->missing_bytes = 0;
	memset(e->tcp, 0, sizeof(e->tcp));
	memset(&e->sack, 0, sizeof(e->sack));
	memset(&e->reordering, 0, sizeof(e->reordering));
	strcpy(e->delivery, "unknown");
	strcpy(e->delivery_reason, "cut");
	e->undelivered_bytes = e->in_flight_max = 0;
	e->window.zero_ns = e->window.full_ns = 0;
	e->rtt_ns.samples = 0;
	e->process.reason = UNBOUND_NO_PROBE;
	e->no_socket = true;
}

static void first_row(struct flow_row *row)
{
	unsigned count;
	const struct field *f = fields(&count);
	int64_t absent = ROW_ABSENT;

	memset(row, 0, sizeof(*row));
	row_clear_texts(row);
	for (unsigned i = 0; i < count; i++)
		if (field_is_integer(&f[i]))
			memcpy((char *)row + f[i].offset, &absent, sizeof(absent));
	first_end(&row->src);
	first_end(&row->dst);
	row->proto = PROTO_TCP;
	row->plain = true;
	row->ip_version = 4;
	row->icmp_errors = 0;
	row->rtt_ns.samples = row->dst.rtt_ns.samples = 1;
	strcpy(row->community_id, "1:Jq6gS6n7iPMT+U0ytNM8V5e7/R4=");
	strcpy(row->state, "S1");
	strcpy(row->history, "Sh");
	strcpy(row->end_reason, "end");
}

/* What differs from flow to flow, with as many digits as in a capture. */
static void next_row(struct flow_row *row, uint64_t i)
{
	uint64_t random = i * 0x9e3779b97f4a7c15;

	row->id = i << 32 | 1;
	row->start_ns = 1700000000000000000 + (int64_t)i * 1000;
	row->duration_ns = (int64_t)(random >> 34);
	row->end_ns = row->start_ns + row->duration_ns;
	row->rtt_ns.min = row->rtt_ns.avg = row->rtt_ns.max = row->duration_ns;
	row->dst.rtt_ns.min = row->dst.rtt_ns.avg = row->dst.rtt_ns.max = row->duration_ns;
	row->src.addr = addr_v4((const uint8_t[]){10, 0, (uint8_t)(random >> 8), (uint8_t)random});
	row->dst.addr = addr_v4((const uint8_t[]){198, 51, 100, (uint8_t)(random >> 16)});
	row->src.port = 32768 + (int64_t)(random >> 40 & 0x3fff);
	row->dst.port = 443;
	row->community_id[2 + (random >> 32) % 27] = (char)('A' + random % 26);
}

static void run(const struct exporter *x, uint64_t rows)
{
	struct exporter_options options = {.path = "exporters.out"};
	static struct flow_row row;
	struct buf out;
	uint64_t bytes = 0;
	double start, seconds;

	buf_init(&out, BUF_CAP);
	first_row(&row);
	if (x->open && x->open(&options, NULL) < 0)
		return;
	start = cpu_seconds();
	for (uint64_t i = 0; i < rows; i++) {
		next_row(&row, i);
		x->flow(&out, &options, &row);
		if (out.len < FLUSH_AT && i + 1 < rows)
			continue;
		bytes += out.len;
		buf_reset(&out);
	}
	if (x->close)
		x->close(&options, NULL);
	seconds = cpu_seconds() - start;
	printf("%s %.4f %.0f %.0f\n", x->name, seconds, (double)rows / seconds,
	       (double)bytes / (double)rows);
	buf_done(&out);
	remove(options.path);
}

int main(int argc, char **argv)
{
	uint64_t rows = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
	unsigned count;
	const struct exporter *all = exporters(&count);

	run(&null_exporter, rows);
	for (unsigned i = 0; i < count; i++)
		if (argc < 3 || !strcmp(argv[2], all[i].name))
			run(&all[i], rows);
	return 0;
}
