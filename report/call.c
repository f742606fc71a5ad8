/* SPDX-License-Identifier: MIT
 *
 * The table of formats of calls, and the one for people: a line as strace would write it, then the flow
 * and its frames.
 */
#include "report/call.h"

#include <string.h>
#include <sys/socket.h>

#include "base/addr.h"
#include "base/fmt.h"
#include "base/vis.h"
#include "decode/packet.h"
#include "report/call_args.h"
#include "report/call_names.h"

static const struct call_format formats[] = {
	{"text", call_text, NULL},
	{"ndjson", call_ndjson, call_ndjson_end},
};

const struct call_format *call_format_find(const char *name)
{
	for (unsigned i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	return NULL;
}

const char *call_format_names(void)
{
	return "text, ndjson";
}

/* --- one line ----------------------------------------------------------------------------------- */

static void put_process(struct buf *b, const struct sock_event *ev)
{
	char name[VIS_MAX(SOCK_COMM_LEN) + 1];

	vis_str(name, sizeof(name), ev->comm, SOCK_COMM_LEN);
	buf_printf(b, "%s[%u", name, ev->pid);
	if (ev->tid != ev->pid)
		buf_printf(b, "/%u", ev->tid);
	buf_puts(b, "] ");
}

static void put_call(struct buf *b, const struct call_row *row)
{
	struct call_arg_text arg;
	size_t at;

	buf_puts(b, row->name);
	buf_putc(b, '(');
	for (unsigned i = 0;; i++) {
		at = b->len;
		if (i)
			buf_puts(b, ", ");
		if (!call_arg(b, &arg, row, i)) {
			b->len = at;
			break;
		}
	}
	buf_puts(b, ") = ");
}

static void put_result(struct buf *b, const struct call_event *c)
{
	const char *error = call_errno(c->ev.call.result);
	char took[FMT_MAX];

	if (c->flags & CALL_FLAG_UNFINISHED)
		buf_putc(b, '?');
	else if (error)
		buf_printf(b, "-1 %s", error);
	else
		buf_put_i64(b, c->ev.call.result);
	fmt_duration(took, (int64_t)c->ev.call.duration_ns);
	if (c->flags & CALL_FLAG_RESUMED)
		buf_puts(b, " <resumed>");
	else if (c->flags & CALL_FLAG_UNFINISHED)
		buf_printf(b, " <unfinished, %s>", took);
	else
		buf_printf(b, " <%s>", took);
}

static const char *type_name(const struct sock_event *ev)
{
	switch (ev->type) {
	case SOCK_STREAM: return " stream";
	case SOCK_DGRAM: return " dgram";
	case SOCK_SEQPACKET: return " seqpacket";
	case SOCK_RAW: return " raw";
	default: return "";
	}
}

static void put_other_socket(struct buf *b, const struct sock_event *ev)
{
	const char *name = name_of(NAMES_DOMAIN, ev->family);

	buf_puts(b, "  ");
	for (const char *c = name ? name + strlen("AF_") : "socket"; *c; c++)
		buf_putc(b, *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c);
	buf_puts(b, type_name(ev));
}

static void put_flow(struct buf *b, const struct call_row *row)
{
	const struct call_event *c = row->event;
	const struct sock_event *ev = &c->ev;
	struct endpoint local = {addr_v6(ev->local), ev->local_port};
	char text[ENDPOINT_TEXT_MAX];
	const char *proto = proto_name((uint8_t)ev->proto);

	if (!(c->flags & CALL_FLAG_SOCKET))
		return;
	if (ev->family != AF_INET && ev->family != AF_INET6) {
		put_other_socket(b, ev);
		return;
	}
	if (!ev->local_port && !row->remote.port)
		return;
	endpoint_format(text, &local);
	buf_printf(b, "  %s %s", ev->proto < 256 && proto ? proto : "mptcp", text);
	if (!row->remote.port)
		return;
	endpoint_format(text, &row->remote);
	buf_printf(b, " -> %s", text);
}

static void put_frames(struct buf *b, const struct call_options *o, const struct call_frames *f)
{
	char delay[FMT_MAX];
	bool before = f->delay_ns < 0;

	if (!f->way)
		return;
	fmt_duration(delay, before ? -f->delay_ns : f->delay_ns);
	if (f->way == CALL_WAY_OUT)
		buf_printf(b, "  %s %u frame%s, first %c%s", o->utf8 ? "→" : "=>", f->count,
			   f->count == 1 ? "" : "s", before ? '-' : '+', delay);
	else
		buf_printf(b, "  %s %u frame%s, last %c%s", o->utf8 ? "←" : "<=", f->count,
			   f->count == 1 ? "" : "s", before ? '+' : '-', delay);
}

void call_text(struct buf *out, const struct call_options *o, const struct call_row *row)
{
	const struct sock_event *ev = &row->event->ev;
	char when[FMT_MAX];

	fmt_time_of_day(when, (int64_t)ev->time_ns);
	buf_printf(out, "%s ", when);
	put_process(out, ev);
	put_call(out, row);
	put_result(out, row->event);
	put_flow(out, row);
	put_frames(out, o, &row->frames);
	buf_putc(out, '\n');
}
