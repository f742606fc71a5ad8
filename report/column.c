/* SPDX-License-Identifier: MIT */
#include "report/column.h"

#include <string.h>

#include "base/fmt.h"
#include "flow/rows/end_text.h"
#include "flow/rows/field.h"

static size_t put_text(char *out, const char *text)
{
	return (size_t)(stpcpy(out, text) - out);
}

static size_t put_number(char *out, int64_t v, size_t (*unit)(char *, uint64_t), bool human)
{
	if (v < 0) /* ROW_ABSENT; nothing here counts below zero */
		return 0;
	return human ? unit(out, (uint64_t)v) : fmt_u64(out, (uint64_t)v);
}

static size_t put_duration(char *out, int64_t ns, bool human)
{
	if (ns < 0)
		return 0;
	return human ? fmt_duration(out, ns) : fmt_u64(out, (uint64_t)ns);
}

/* "example.org:443"; of a name beyond all use the end, which tells most. */
static size_t put_named(char *out, const struct flow_row *row, const struct flow_end_row *end)
{
	enum { NAME = 300, KEPT = NAME - 3 };
	const char *name = row->texts + end->name;
	size_t len = end->name ? strlen(name) : 0;
	char *w = out;

	if (!len)
		return 0;
	if (len > NAME) {
		name += len - KEPT;
		while (((uint8_t)*name & 0xc0) == 0x80) /* not within a character */
			name++;
		w = stpcpy(w, "...");
	}
	w = stpcpy(w, name);
	if (end->port != ROW_ABSENT) {
		*w++ = ':';
		w += fmt_u64(w, (uint64_t)end->port);
	}
	return (size_t)(w - out);
}

/* "curl/1234", "~named/53" when only the local port matched, "(no_probe)" when unknown. */
static size_t put_process(char *out, const struct process_row *p)
{
	char *w = out;

	if (p->match == MATCH_NONE) {
		if (p->reason == UNBOUND_NONE)
			return 0;
		w = stpcpy(stpcpy(stpcpy(w, "("), unbound_name(p->reason)), ")");
		return (size_t)(w - out);
	}
	if (p->match == MATCH_WILDCARD)
		*w++ = '~';
	w = stpcpy(w, *p->name ? p->name : "?");
	if (p->pid != ROW_ABSENT) {
		*w++ = '/';
		w += fmt_u64(w, (uint64_t)p->pid);
	}
	return (size_t)(w - out);
}

/* --- the cells -------------------------------------------------------------------------------- */

static size_t cell_start(char *out, const struct flow_row *row, bool human)
{
	if (row->start_ns == ROW_ABSENT)
		return 0;
	return human ? fmt_time_of_day(out, row->start_ns) : fmt_time_rfc3339(out, row->start_ns);
}

static size_t cell_proto(char *out, const struct flow_row *row, bool human)
{
	const char *name = proto_name(row->proto);

	(void)human;
	return name ? put_text(out, name) : fmt_u64(out, row->proto);
}

static size_t cell_src(char *out, const struct flow_row *row, bool human)
{
	(void)human;
	return end_address(out, &row->src);
}

static size_t cell_dst(char *out, const struct flow_row *row, bool human)
{
	(void)human;
	return end_address(out, &row->dst);
}

static size_t named_src(char *out, const struct flow_row *row)
{
	return put_named(out, row, &row->src);
}

static size_t named_dst(char *out, const struct flow_row *row)
{
	return put_named(out, row, &row->dst);
}

static size_t cell_src_process(char *out, const struct flow_row *row, bool human)
{
	(void)human;
	return put_process(out, &row->src.process);
}

static size_t cell_dst_process(char *out, const struct flow_row *row, bool human)
{
	(void)human;
	return put_process(out, &row->dst.process);
}

/* Of both directions; absent when either is. */
static int64_t sum_of(int64_t src, int64_t dst)
{
	return src == ROW_ABSENT || dst == ROW_ABSENT ? ROW_ABSENT : src + dst;
}

static size_t cell_packets(char *out, const struct flow_row *row, bool human)
{
	return put_number(out, sum_of(row->src.packets, row->dst.packets), fmt_count, human);
}

static size_t cell_src_bytes(char *out, const struct flow_row *row, bool human)
{
	return put_number(out, row->src.bytes, fmt_bytes, human);
}

static size_t cell_dst_bytes(char *out, const struct flow_row *row, bool human)
{
	return put_number(out, row->dst.bytes, fmt_bytes, human);
}

static size_t cell_state(char *out, const struct flow_row *row, bool human)
{
	(void)human;
	return put_text(out, row->state);
}

static size_t cell_duration(char *out, const struct flow_row *row, bool human)
{
	return put_duration(out, row->duration_ns, human);
}

/* The average over the flow, or the handshake's while there is nothing else. */
static size_t cell_rtt(char *out, const struct flow_row *row, bool human)
{
	bool measured = row->rtt_ns.avg != ROW_ABSENT;

	return put_duration(out, measured ? row->rtt_ns.avg : row->rtt_ns.handshake, human);
}

static size_t cell_retransmissions(char *out, const struct flow_row *row, bool human)
{
	int64_t src = row->src.tcp[TCP_COUNT_RETRANSMISSION];
	int64_t dst = row->dst.tcp[TCP_COUNT_RETRANSMISSION];

	return put_number(out, sum_of(src, dst), fmt_count, human);
}

static size_t cell_app(char *out, const struct flow_row *row, bool human)
{
	(void)human;
	return put_text(out, row->app);
}

/* The first of the names that says most, or what an ICMP flow is about. */
static size_t cell_name(char *out, const struct flow_row *row, bool human)
{
	static const enum fact_kind telling[] = {FACT_SNI, FACT_HOST, FACT_DNS};
	const char *name = "";
	char *w = out;

	(void)human;
	for (unsigned i = 0; !*name && i < sizeof(telling) / sizeof(telling[0]); i++)
		name = row_fact(row, telling[i]);
	if (!*name && row->dst.name)
		name = row->texts + row->dst.name;
	if (*name || row->icmp_type == ROW_ABSENT) {
		size_t n = strcspn(name, (const char[]){FIELD_LIST_SEPARATOR, '\0'});

		memcpy(out, name, n < COLUMN_TEXT_MAX ? n : COLUMN_TEXT_MAX);
		return n < COLUMN_TEXT_MAX ? n : COLUMN_TEXT_MAX;
	}
	w = stpcpy(w, "type ");
	w += fmt_u64(w, (uint64_t)row->icmp_type);
	if (row->icmp_code != ROW_ABSENT) {
		w = stpcpy(w, " code ");
		w += fmt_u64(w, (uint64_t)row->icmp_code);
	}
	return (size_t)(w - out);
}

static const struct column table[] = {
	{"START", 15, 15, 12, false, cell_start, NULL},
	{"PROTO", 5, 5, 2, false, cell_proto, NULL},
	{"SOURCE", 21, 47, 0, false, cell_src, named_src},
	{"DESTINATION", 21, 47, 1, false, cell_dst, named_dst},
	{"SRC PROCESS", 14, 23, 3, false, cell_src_process, NULL},
	{"DST PROCESS", 14, 23, 4, false, cell_dst_process, NULL},
	{"SENT", 5, 5, 5, true, cell_src_bytes, NULL},
	{"RECVD", 5, 5, 6, true, cell_dst_bytes, NULL},
	{"STATE", 6, 6, 7, false, cell_state, NULL},
	{"DUR", 6, 6, 8, true, cell_duration, NULL},
	{"RTT", 6, 6, 10, true, cell_rtt, NULL},
	{"RETX", 4, 4, 9, true, cell_retransmissions, NULL},
	{"PKTS", 5, 5, 13, true, cell_packets, NULL},
	{"APP", 6, 6, 14, false, cell_app, NULL},
	{"NAME", 20, 64, 11, false, cell_name, NULL},
};
_Static_assert(sizeof(table) / sizeof(table[0]) == COLUMN_COUNT, "COLUMN_COUNT counts the rows");

const struct column *columns(unsigned *count)
{
	*count = COLUMN_COUNT;
	return table;
}

size_t column_text(const struct column *c, char *out, const struct flow_row *row, bool human, bool names)
{
	size_t n = names && human && c->named ? c->named(out, row) : 0;

	return n ? n : c->cell(out, row, human);
}
