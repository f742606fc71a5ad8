/* SPDX-License-Identifier: MIT
 *
 * Traced calls, one JSON object a line (docs/TRACE.md names the fields), and a summary last.
 */
#include <string.h>
#include <sys/socket.h>

#include "base/addr.h"
#include "base/fmt.h"
#include "base/vis.h"
#include "decode/packet.h"
#include "report/call.h"
#include "report/call_args.h"
#include "report/call_names.h"
#include "report/record.h"

enum { ARG_TEXT_MAX = 1024 };

/* Texts are printable already: only what JSON itself uses is left to escape. */
static void put_string(struct buf *b, const char *text, size_t n)
{
	buf_putc(b, '"');
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '"' || text[i] == '\\')
			buf_putc(b, '\\');
		buf_putc(b, text[i]);
	}
	buf_putc(b, '"');
}

static void put_text(struct buf *b, const char *key, const char *text)
{
	buf_printf(b, ",\"%s\":", key);
	put_string(b, text, strlen(text));
}

static void put_number(struct buf *b, const char *key, int64_t v)
{
	buf_printf(b, ",\"%s\":", key);
	buf_put_i64(b, v);
}

static void put_process(struct buf *b, const struct sock_event *ev)
{
	char comm[VIS_MAX(SOCK_COMM_LEN) + 1];

	vis_str(comm, sizeof(comm), ev->comm, SOCK_COMM_LEN);
	put_number(b, "pid", ev->pid);
	put_number(b, "tid", ev->tid);
	put_number(b, "uid", ev->uid);
	put_text(b, "comm", comm);
	put_number(b, "cgroup", (int64_t)ev->cgroup);
}

static void put_args(struct buf *b, const struct call_row *row)
{
	const char *between = "";
	struct call_arg_text arg;
	struct buf text;

	buf_init(&text, ARG_TEXT_MAX);
	buf_puts(b, ",\"args\":{");
	for (unsigned i = 0; buf_reset(&text), call_arg(&text, &arg, row, i); i++) {
		if (!arg.shown)
			continue;
		buf_printf(b, "%s\"%s\":", between, arg.name);
		if (arg.number)
			buf_puts(b, buf_text(&text));
		else
			put_string(b, text.p, text.len);
		between = ",";
	}
	buf_putc(b, '}');
	buf_done(&text);
}

static void put_result(struct buf *b, const struct call_event *c)
{
	const char *error = call_errno(c->ev.call.result);

	if (c->flags & CALL_FLAG_UNFINISHED)
		buf_puts(b, ",\"unfinished\":true");
	else
		put_number(b, "result", error ? -1 : c->ev.call.result);
	if (error)
		put_text(b, "errno", error);
	if (c->flags & CALL_FLAG_RESUMED)
		buf_puts(b, ",\"resumed\":true");
	else
		put_number(b, "duration_ns", (int64_t)c->ev.call.duration_ns);
}

static void put_end(struct buf *b, const char *key, const struct endpoint *end)
{
	char text[ADDR_TEXT_MAX];

	addr_format(text, &end->addr);
	buf_printf(b, ",\"%s\":{\"ip\":\"%s\",\"port\":%u}", key, text, end->port);
}

static void put_ends(struct buf *b, const struct call_row *row)
{
	const struct sock_event *ev = &row->event->ev;
	struct endpoint local = {addr_v6(ev->local), ev->local_port};

	if (local.port || row->remote.port)
		put_end(b, "local", &local);
	if (row->remote.port)
		put_end(b, "remote", &row->remote);
}

static void put_socket(struct buf *b, const struct call_row *row)
{
	const struct call_event *c = row->event;
	const struct sock_event *ev = &c->ev;
	const char *family = name_of(NAMES_DOMAIN, ev->family), *type = name_of(NAMES_TYPE, ev->type);
	const char *proto = ev->proto < 256 ? proto_name((uint8_t)ev->proto) : NULL;
	bool inet = ev->family == AF_INET || ev->family == AF_INET6;
	char cookie[FMT_MAX];

	if (!(c->flags & CALL_FLAG_SOCKET))
		return;
	fmt_hex(cookie, ev->cookie);
	buf_printf(b, ",\"socket\":{\"id\":\"%s\"", cookie);
	put_text(b, "family", family ? family : "unknown");
	put_text(b, "type", type ? type : "unknown");
	if (inet && proto)
		put_text(b, "proto", proto);
	else
		put_number(b, "protocol", ev->proto);
	put_number(b, "netns", ev->netns);
	if (ev->proto == PROTO_TCP)
		put_number(b, "state", ev->tcp_state);
	if (inet)
		put_ends(b, row);
	if (c->flags & CALL_FLAG_BYTES) {
		put_number(b, "seq", c->seq);
		put_number(b, "seq_end", c->seq_end);
	}
	buf_putc(b, '}');
}

static void put_frames(struct buf *b, const struct call_frames *f)
{
	if (!f->way)
		return;
	buf_printf(b, ",\"frames\":{\"way\":\"%s\",\"count\":%u,\"bytes\":%llu,\"delay_ns\":%lld}",
		   f->way == CALL_WAY_OUT ? "out" : "in", f->count, (unsigned long long)f->bytes,
		   (long long)f->delay_ns);
}

void call_ndjson(struct buf *out, const struct call_options *o, const struct call_row *row)
{
	const struct call_event *c = row->event;
	char when[FMT_MAX];

	(void)o;
	fmt_time_rfc3339(when, (int64_t)c->ev.time_ns);
	buf_printf(out, "{\"type\":\"call\",\"time\":\"%s\",\"call\":\"%s\"", when, row->name);
	put_process(out, &c->ev);
	if (c->ev.fd >= 0)
		put_number(out, "fd", c->ev.fd);
	put_args(out, row);
	put_result(out, c);
	put_socket(out, row);
	put_frames(out, &row->frames);
	buf_puts(out, "}\n");
}

void call_ndjson_end(struct buf *out, const struct call_summary *sum, const struct loss *loss)
{
	buf_puts(out, "{\"type\":\"summary\"");
	put_number(out, "schema", RECORD_SCHEMA);
	put_number(out, "calls", (int64_t)sum->calls);
	put_number(out, "failed", (int64_t)sum->failed);
	put_number(out, "unfinished", (int64_t)sum->unfinished);
	buf_puts(out, ",\"loss\":{");
	for (int i = 0; i < LOSS_STAGES; i++)
		buf_printf(out, "%s\"%s\":%llu", i ? "," : "", loss_name((enum loss_stage)i),
			   (unsigned long long)loss->count[i]);
	buf_puts(out, "}}\n");
}
