/* SPDX-License-Identifier: MIT
 *
 * Zeek's conn.log, as TSV with its header and as JSON lines, and behind its own columns those that
 * Zeek cannot have: process and pid of both ends. Names, types, order and the signs for unset and
 * empty values are those of Zeek's base/protocols/conn and its ASCII writer; zeek-cut reads it.
 *
 * Texts are printable already: a control character is \xNN and a backslash is \\, which is how the
 * ASCII writer escapes them as well.
 */
#include "report/formats.h"

#include <string.h>

#include "base/fmt.h"
#include "flow/rows/field.h"
#include "report/quote.h"

enum { CELL_MAX = 512 };

/* The text of a cell, 0 when unset. */
typedef size_t (*cell_fn)(char *out, const struct flow_row *row);

static size_t put_text(char *out, const char *text)
{
	size_t n = strlen(text);

	if (n >= CELL_MAX)
		n = CELL_MAX - 1;
	memcpy(out, text, n);
	out[n] = '\0';
	return n;
}

static size_t put_number(char *out, int64_t v)
{
	return v < 0 ? 0 : fmt_u64(out, (uint64_t)v); /* ROW_ABSENT; nothing here is below zero */
}

/* Seconds with the microseconds that Zeek's times have. */
static size_t put_seconds(char *out, int64_t ns)
{
	size_t n;

	if (ns < 0)
		return 0;
	n = fmt_u64(out, (uint64_t)ns / 1000000000);
	out[n++] = '.';
	for (int64_t digit = 100000000; digit >= 1000; digit /= 10)
		out[n++] = (char)('0' + ns / digit % 10);
	out[n] = '\0';
	return n;
}

/* --- the cells -------------------------------------------------------------------------------- */

static size_t cell_ts(char *out, const struct flow_row *row)
{
	return put_seconds(out, row->start_ns);
}

/* Zeek's begin with C as well; this one is the record's id. */
static size_t cell_uid(char *out, const struct flow_row *row)
{
	*out = 'C';
	return 1 + fmt_hex(out + 1, row->id);
}

static size_t cell_orig_h(char *out, const struct flow_row *row)
{
	return addr_format(out, &row->src.addr);
}

static size_t cell_resp_h(char *out, const struct flow_row *row)
{
	return addr_format(out, &row->dst.addr);
}

/* Of ICMP the type and the code; of other protocols without ports zero, as Zeek has it. */
static size_t put_port(char *out, int64_t port, int64_t of_icmp)
{
	if (port != ROW_ABSENT)
		return put_number(out, port);
	return put_number(out, of_icmp != ROW_ABSENT ? of_icmp : 0);
}

static size_t cell_orig_p(char *out, const struct flow_row *row)
{
	return put_port(out, row->src.port, row->icmp_type);
}

static size_t cell_resp_p(char *out, const struct flow_row *row)
{
	return put_port(out, row->dst.port, row->icmp_code);
}

static size_t cell_proto(char *out, const struct flow_row *row)
{
	const char *name = proto_name(row->proto);

	if (row->proto == PROTO_ICMPV6)
		name = "icmp";
	return put_text(out, name ? name : "unknown_transport");
}

static size_t cell_service(char *out, const struct flow_row *row)
{
	return put_text(out, strcmp(row->app, "tls") == 0 ? "ssl" : row->app);
}

/* Unset for one packet, as Zeek does. */
static size_t cell_duration(char *out, const struct flow_row *row)
{
	if (row->src.packets + row->dst.packets < 2)
		return 0;
	return put_seconds(out, row->duration_ns);
}

static size_t cell_orig_bytes(char *out, const struct flow_row *row)
{
	return put_number(out, row->src.payload_bytes);
}

static size_t cell_resp_bytes(char *out, const struct flow_row *row)
{
	return put_number(out, row->dst.payload_bytes);
}

static size_t cell_conn_state(char *out, const struct flow_row *row)
{
	return put_text(out, row->state);
}

static size_t cell_missed_bytes(char *out, const struct flow_row *row)
{
	int64_t src = row->src.missing_bytes, dst = row->dst.missing_bytes;

	return put_number(out, (src > 0 ? src : 0) + (dst > 0 ? dst : 0));
}

static size_t cell_history(char *out, const struct flow_row *row)
{
	return put_text(out, row->history);
}

static size_t cell_orig_pkts(char *out, const struct flow_row *row)
{
	return put_number(out, row->src.packets);
}

static size_t cell_orig_ip_bytes(char *out, const struct flow_row *row)
{
	return put_number(out, row->src.ip_bytes);
}

static size_t cell_resp_pkts(char *out, const struct flow_row *row)
{
	return put_number(out, row->dst.packets);
}

static size_t cell_resp_ip_bytes(char *out, const struct flow_row *row)
{
	return put_number(out, row->dst.ip_bytes);
}

static size_t cell_vlan(char *out, const struct flow_row *row)
{
	return row->vlan_count ? put_number(out, row->vlan[0]) : 0;
}

static size_t cell_inner_vlan(char *out, const struct flow_row *row)
{
	return row->vlan_count > 1 ? put_number(out, row->vlan[1]) : 0;
}

static size_t cell_community_id(char *out, const struct flow_row *row)
{
	return put_text(out, row->community_id);
}

static size_t cell_orig_pid(char *out, const struct flow_row *row)
{
	return put_number(out, row->src.process.pid);
}

static size_t cell_orig_process(char *out, const struct flow_row *row)
{
	return put_text(out, row->src.process.name);
}

static size_t cell_resp_pid(char *out, const struct flow_row *row)
{
	return put_number(out, row->dst.process.pid);
}

static size_t cell_resp_process(char *out, const struct flow_row *row)
{
	return put_text(out, row->dst.process.name);
}

/* What is not ours to know (local_orig, local_resp: the site's networks) is always unset. */
static size_t cell_unset(char *out, const struct flow_row *row)
{
	(void)out;
	(void)row;
	return 0;
}

static const struct column {
	const char *name, *type;
	cell_fn cell;
} columns[] = {
	{"ts", "time", cell_ts},
	{"uid", "string", cell_uid},
	{"id.orig_h", "addr", cell_orig_h},
	{"id.orig_p", "port", cell_orig_p},
	{"id.resp_h", "addr", cell_resp_h},
	{"id.resp_p", "port", cell_resp_p},
	{"proto", "enum", cell_proto},
	{"service", "string", cell_service},
	{"duration", "interval", cell_duration},
	{"orig_bytes", "count", cell_orig_bytes},
	{"resp_bytes", "count", cell_resp_bytes},
	{"conn_state", "string", cell_conn_state},
	{"local_orig", "bool", cell_unset},
	{"local_resp", "bool", cell_unset},
	{"missed_bytes", "count", cell_missed_bytes},
	{"history", "string", cell_history},
	{"orig_pkts", "count", cell_orig_pkts},
	{"orig_ip_bytes", "count", cell_orig_ip_bytes},
	{"resp_pkts", "count", cell_resp_pkts},
	{"resp_ip_bytes", "count", cell_resp_ip_bytes},
	{"tunnel_parents", "set[string]", cell_unset},
	{"vlan", "int", cell_vlan},
	{"inner_vlan", "int", cell_inner_vlan},
	{"community_id", "string", cell_community_id},
	{"orig_pid", "count", cell_orig_pid},
	{"orig_process", "string", cell_orig_process},
	{"resp_pid", "count", cell_resp_pid},
	{"resp_process", "string", cell_resp_process},
};
enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

/* --- TSV -------------------------------------------------------------------------------------- */

static void put_names(struct buf *out, const char *what, bool types)
{
	buf_puts(out, what);
	for (unsigned i = 0; i < COLUMNS; i++) {
		buf_putc(out, '\t');
		buf_puts(out, types ? columns[i].type : columns[i].name);
	}
	buf_putc(out, '\n');
}

void zeek_begin(struct buf *out, const struct exporter_options *o)
{
	(void)o;
	buf_puts(out, "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n"
		      "#unset_field\t-\n#path\tconn\n");
	put_names(out, "#fields", false);
	put_names(out, "#types", true);
}

/* A text that looks like "unset" is told apart by its escape. */
static void put_cell(struct buf *out, const char *text)
{
	buf_puts(out, strcmp(text, "-") == 0 ? "\\x2d" : text);
}

void zeek_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row)
{
	char text[CELL_MAX];

	(void)o;
	for (unsigned i = 0; i < COLUMNS; i++) {
		if (i)
			buf_putc(out, '\t');
		if (columns[i].cell(text, row))
			put_cell(out, text);
		else
			buf_putc(out, '-');
	}
	buf_putc(out, '\n');
}

/* --- JSON lines ------------------------------------------------------------------------------- */

static bool is_number(const struct column *c)
{
	static const char *const types[] = {"time", "interval", "count", "int", "port"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(c->type, types[i]) == 0)
			return true;
	return false;
}

void zeek_json_flow(struct buf *out, const struct exporter_options *o, const struct flow_row *row)
{
	char text[CELL_MAX];
	char between = '{';

	(void)o;
	for (unsigned i = 0; i < COLUMNS; i++) {
		size_t n = columns[i].cell(text, row);

		if (!n)
			continue;
		buf_putc(out, between);
		between = ',';
		quote_json(out, columns[i].name, strlen(columns[i].name));
		buf_putc(out, ':');
		if (is_number(&columns[i]))
			buf_put(out, text, n);
		else
			quote_json(out, text, n);
	}
	buf_puts(out, "}\n");
}
