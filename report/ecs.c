/* SPDX-License-Identifier: MIT
 *
 * JSON lines in the names of the Elastic Common Schema 8 (ecs: network, source, destination,
 * process, ...), for a site's log shipper. What ECS has no name for stands under "socklens", in
 * the names of the flow record. The last line is the summary: what was not seen is never silent.
 */
#include "report/formats.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fmt.h"
#include "flow/rows/filter.h"
#include "report/nest.h"
#include "report/quote.h"

#define ECS_VERSION "8.11.0"

enum ecs_kind { ECS_VALUE, ECS_CONSTANT, ECS_CONSTANT_LIST };

/*
 * Rows of one object stand together. The value is a name of the filter language: of several fields
 * the first that is known, of a sum the sum.
 */
static const struct ecs_row {
	const char *path, *value;
	enum ecs_kind kind;
} rows[] = {
	{"@timestamp", "start", ECS_VALUE},
	{"ecs.version", ECS_VERSION, ECS_CONSTANT},
	{"event.kind", "event", ECS_CONSTANT},
	{"event.category", "network", ECS_CONSTANT_LIST},
	{"event.type", "connection", ECS_CONSTANT_LIST},
	{"event.module", "socklens", ECS_CONSTANT},
	{"event.dataset", "socklens.flow", ECS_CONSTANT},
	{"event.id", "id", ECS_VALUE},
	{"event.start", "start", ECS_VALUE},
	{"event.duration", "duration_ns", ECS_VALUE},
	{"event.reason", "end_reason", ECS_VALUE},
	{"network.transport", "proto", ECS_VALUE},
	{"network.protocol", "app", ECS_VALUE},
	{"network.community_id", "community_id", ECS_VALUE},
	{"network.bytes", "bytes", ECS_VALUE},
	{"network.packets", "packets", ECS_VALUE},
	{"source.ip", "src.ip", ECS_VALUE},
	{"source.port", "src.port", ECS_VALUE},
	{"source.domain", "src.name", ECS_VALUE},
	{"source.bytes", "src.bytes", ECS_VALUE},
	{"source.packets", "src.packets", ECS_VALUE},
	{"destination.ip", "dst.ip", ECS_VALUE},
	{"destination.port", "dst.port", ECS_VALUE},
	{"destination.domain", "dst.name", ECS_VALUE},
	{"destination.bytes", "dst.bytes", ECS_VALUE},
	{"destination.packets", "dst.packets", ECS_VALUE},
	{"process.pid", "pid", ECS_VALUE},
	{"process.name", "process", ECS_VALUE},
	{"process.executable", "exe", ECS_VALUE},
	{"process.command_line", "cmdline", ECS_VALUE},
	{"process.thread.id", "tid", ECS_VALUE},
	{"user.id", "uid", ECS_VALUE},
	{"user.name", "user", ECS_VALUE},
	{"container.id", "container", ECS_VALUE},
	{"dns.question.name", "names.dns", ECS_VALUE},
	{"http.request.method", "http.method", ECS_VALUE},
	{"http.response.status_code", "http.status", ECS_VALUE},
	{"url.domain", "names.host", ECS_VALUE},
	{"tls.version", "tls.version", ECS_VALUE},
	{"tls.client.server_name", "names.sni", ECS_VALUE},
	{"tls.client.ja3", "names.ja3", ECS_VALUE},
	{"observer.ingress.interface.name", "interface", ECS_VALUE},
	{"socklens.state", "state", ECS_VALUE},
	{"socklens.history", "history", ECS_VALUE},
	{"socklens.originator", "originator", ECS_VALUE},
	{"socklens.rtt_ns", "rtt", ECS_VALUE},
	{"socklens.vlan", "vlan", ECS_VALUE},
	{"socklens.tunnel", "tunnel", ECS_VALUE},
	{"socklens.src.process.pid", "src.process.pid", ECS_VALUE},
	{"socklens.src.process.name", "src.process.name", ECS_VALUE},
	{"socklens.src.process.match", "src.process.match", ECS_VALUE},
	{"socklens.src.process.reason", "src.process.reason", ECS_VALUE},
	{"socklens.src.payload_bytes", "src.payload_bytes", ECS_VALUE},
	{"socklens.src.retransmission", "src.tcp.retransmission", ECS_VALUE},
	{"socklens.src.missing_bytes", "src.tcp.missing_bytes", ECS_VALUE},
	{"socklens.dst.process.pid", "dst.process.pid", ECS_VALUE},
	{"socklens.dst.process.name", "dst.process.name", ECS_VALUE},
	{"socklens.dst.process.match", "dst.process.match", ECS_VALUE},
	{"socklens.dst.process.reason", "dst.process.reason", ECS_VALUE},
	{"socklens.dst.payload_bytes", "dst.payload_bytes", ECS_VALUE},
	{"socklens.dst.retransmission", "dst.tcp.retransmission", ECS_VALUE},
	{"socklens.dst.missing_bytes", "dst.tcp.missing_bytes", ECS_VALUE},
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* --- values ----------------------------------------------------------------------------------- */

static void put_list(struct buf *out, const char *text, char separator)
{
	char between = '[';

	for (size_t n;; text += n + 1) {
		n = strcspn(text, (const char[]){separator, '\0'});
		buf_putc(out, between);
		quote_json(out, text, n);
		if (!text[n])
			break;
		between = ',';
	}
	buf_putc(out, ']');
}

static bool all_digits(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

static void put_field(struct buf *out, struct nest *s, const char *path, const struct field *f,
		      const struct flow_row *row)
{
	char text[FIELD_TEXT_MAX];
	size_t n;

	nest_to(out, s, path);
	if (f->type == FIELD_LIST) {
		put_list(out, field_chars(f, row), FIELD_LIST_SEPARATOR);
		return;
	}
	n = field_text(f, row, false, text, sizeof(text));
	if (f->type == FIELD_VLANS)
		put_list(out, text, ' ');
	else if (field_is_integer(f) || (!strcmp(f->name, "http.status") && all_digits(text)))
		buf_put(out, text, n);
	else
		quote_json(out, text, n);
}

static void put_sum(struct buf *out, struct nest *s, const char *path,
		    const struct filter_fields *m, const struct flow_row *row)
{
	int64_t sum = 0;

	for (unsigned i = 0; i < m->count; i++) {
		int64_t v = field_int(m->fields[i], row);

		sum += v == ROW_ABSENT ? 0 : v;
	}
	nest_to(out, s, path);
	buf_put_i64(out, sum);
}

static void put_first(struct buf *out, struct nest *s, const char *path,
		      const struct filter_fields *m, const struct flow_row *row)
{
	for (unsigned i = 0; i < m->count; i++) {
		if (!field_present(m->fields[i], row))
			continue;
		put_field(out, s, path, m->fields[i], row);
		break;
	}
}

/* --- the exporter ----------------------------------------------------------------------------- */

/* Fields are looked up once. */
int ecs_open(struct exporter_options *o, struct err *e)
{
	struct filter_fields *m = calloc(ROWS, sizeof(*m));

	if (!m)
		return err_set(e, -ENOMEM, "out of memory");
	for (unsigned i = 0; i < ROWS; i++)
		if (rows[i].kind == ECS_VALUE)
			filter_fields_find(&m[i], &flow_filter_table, rows[i].value);
	o->state = m;
	return 0;
}

int ecs_close(struct exporter_options *o, struct err *e)
{
	(void)e;
	free(o->state);
	o->state = NULL;
	return 0;
}

static void put_constant(struct buf *out, struct nest *s, const struct ecs_row *r)
{
	nest_to(out, s, r->path);
	buf_puts(out, r->kind == ECS_CONSTANT_LIST ? "[" : "");
	quote_json(out, r->value, strlen(r->value));
	buf_puts(out, r->kind == ECS_CONSTANT_LIST ? "]" : "");
}

void ecs_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row)
{
	const struct filter_fields *m = o->state;
	struct nest s = {.opening = "{", .closing = "}"};

	buf_putc(out, '{');
	for (unsigned i = 0; i < ROWS; i++) {
		if (rows[i].kind != ECS_VALUE)
			put_constant(out, &s, &rows[i]);
		else if (m[i].kind == ALIAS_SUM)
			put_sum(out, &s, rows[i].path, &m[i], row);
		else
			put_first(out, &s, rows[i].path, &m[i], row);
	}
	nest_end(out, &s);
	buf_puts(out, "}\n");
}

/* --- the summary ------------------------------------------------------------------------------ */

void ecs_end(struct buf *out, const struct exporter_options *o, const struct summary_row *sum)
{
	char time[FMT_MAX];

	(void)o;
	buf_puts(out, "{");
	if (sum->last_ns != ROW_ABSENT) {
		fmt_time_rfc3339(time, sum->last_ns);
		buf_printf(out, "\"@timestamp\":\"%s\",", time);
	}
	buf_printf(out,
		   "\"ecs\":{\"version\":\"" ECS_VERSION "\"},\"event\":{\"kind\":\"metric\","
		   "\"category\":[\"network\"],\"type\":[\"info\"],\"module\":\"socklens\","
		   "\"dataset\":\"socklens.summary\"},\"socklens\":{\"packets\":%lld,"
		   "\"bytes\":%lld,\"flows\":%lld,\"loss\":{",
		   (long long)sum->packets, (long long)sum->bytes, (long long)sum->flows);
	for (unsigned i = 0; i < LOSS_STAGES; i++)
		buf_printf(out, "%s\"%s\":%llu", i ? "," : "", loss_name(i),
			   (unsigned long long)sum->loss.count[i]);
	buf_puts(out, "}}}\n");
}
