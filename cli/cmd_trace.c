/* SPDX-License-Identifier: MIT
 *
 * socklens trace: one line a socket call as it returns, joined with its flow and, when frames can be
 * captured as well, with the frames that it caused.
 */
#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/launch.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/session.h"
#include "flow/join/call_join.h"
#include "report/call.h"

/* Headers are enough: what the frames carry is known from their lengths. */
enum { TRACE_SNAPLEN = 192 };

struct trace {
	struct engine *engine;
	struct call_join *join;
	const struct call_format *format;
	struct call_options options;
	struct output out;
	struct call_summary sum;
	uint32_t own_pid;
};

static void on_row(void *ctx, const struct call_row *row)
{
	struct trace *t = ctx;

	t->sum.calls++;
	t->sum.failed += row->event->ev.call.result < 0;
	t->sum.unfinished += (row->event->flags & CALL_FLAG_UNFINISHED) != 0;
	t->format->call(&t->out.buf, &t->options, row);
	if (!output_flush(&t->out, false))
		engine_stop(t->engine);
}

static void on_call(void *ctx, const struct call_event *c)
{
	struct trace *t = ctx;

	if (c->ev.pid != t->own_pid)
		call_join_call(t->join, c);
}

static void on_packets(void *ctx, const struct packet *packets, unsigned n)
{
	struct trace *t = ctx;

	call_join_packets(t->join, packets, n);
}

static void on_time(void *ctx, int64_t now_ns)
{
	struct trace *t = ctx;

	call_join_advance(t->join, now_ns);
	if (!output_flush(&t->out, true))
		engine_stop(t->engine);
}

static int run(struct trace *t)
{
	struct summary_row sum;
	struct err e = {""};
	int status;

	session_signals(t->engine);
	engine_on_call(t->engine, on_call, t);
	engine_on_packets(t->engine, on_packets, t);
	engine_on_time(t->engine, on_time, t);
	status = engine_run(t->engine, &e);
	call_join_advance(t->join, INT64_MAX);
	engine_finish(t->engine, &sum);
	if (t->format->end)
		t->format->end(&t->out.buf, &t->sum, &sum.loss);
	output_flush(&t->out, true);
	if (status < 0)
		message("%s", e.text);
	message("%llu calls, %llu failed, %llu unfinished, %llu lost",
		(unsigned long long)t->sum.calls, (unsigned long long)t->sum.failed,
		(unsigned long long)t->sum.unfinished,
		(unsigned long long)sum.loss.count[LOSS_CALLS]);
	return status < 0 ? EXIT_FAILED : EXIT_DONE;
}

static int trace(struct trace *t, struct settings *s)
{
	struct launch command = {0};
	struct session_options so = {
		.frames = true,
		.frames_optional = !s->interface,
		.calls = true,
		.probe_required = true,
		.launch = &command,
	};
	struct call_join_options jo = {.netns = session_netns(), .frames = true};
	struct err e;
	int code;

	if (!s->snaplen)
		s->snaplen = TRACE_SNAPLEN;
	if (session_open(&t->engine, s, &so, &e) < 0) {
		message("%s", e.text);
		return EXIT_FAILED;
	}
	t->join = call_join_new(&jo, on_row, t);
	if (t->join) {
		output_init(&t->out, STDOUT_FILENO);
		code = run(t);
		output_done(&t->out);
	} else {
		message("out of memory");
		code = EXIT_FAILED;
	}
	call_join_free(t->join);
	engine_free(t->engine);
	return launch_end(&command, code);
}

int cmd_trace(const struct settings *s)
{
	struct settings own = *s;
	struct trace t = {
		.format = call_format_find(s->format ? s->format : "text"),
		.options = {.utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8")},
		.own_pid = (uint32_t)getpid(),
	};

	if (!t.format) {
		message("--format %s: there are %s", s->format, call_format_names());
		return EXIT_USAGE;
	}
	return trace(&t, &own);
}
