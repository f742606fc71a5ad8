/* SPDX-License-Identifier: MIT
 *
 * socklens trace: one line a socket call as it returns: time, process, call, result, duration, ends.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fmt.h"
#include "base/vis.h"
#include "cli/command.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/session.h"

struct trace {
	struct engine *engine;
	struct output out;
	uint32_t own_pid;
	unsigned long long calls;
};

/* How many arguments each call has. */
static const unsigned char arg_counts[CALL_COUNT] = {
	[CALL_SOCKET] = 3,   [CALL_BIND] = 3,	    [CALL_LISTEN] = 2,	[CALL_CONNECT] = 3,
	[CALL_ACCEPT] = 3,   [CALL_ACCEPT4] = 4,    [CALL_SENDTO] = 6,	[CALL_SENDMSG] = 3,
	[CALL_SENDMMSG] = 4, [CALL_RECVFROM] = 6,   [CALL_RECVMSG] = 3, [CALL_RECVMMSG] = 5,
	[CALL_READ] = 3,     [CALL_READV] = 3,	    [CALL_WRITE] = 3,	[CALL_WRITEV] = 3,
	[CALL_SHUTDOWN] = 2, [CALL_SETSOCKOPT] = 5, [CALL_CLOSE] = 1,
};

static void put_process(struct buf *b, const struct sock_event *ev)
{
	char name[VIS_MAX(SOCK_COMM_LEN) + 1];

	vis_str(name, sizeof(name), ev->comm, SOCK_COMM_LEN);
	buf_printf(b, "%s[%u", name, ev->pid);
	if (ev->tid != ev->pid)
		buf_printf(b, "/%u", ev->tid);
	buf_puts(b, "] ");
}

/* Small numbers are numbers; what cannot be one (a pointer) is shown as an address. */
static void put_arguments(struct buf *b, const struct sock_event *ev)
{
	unsigned n = ev->call.call < CALL_COUNT ? arg_counts[ev->call.call] : 0;

	for (unsigned i = 0; i < n; i++) {
		int64_t v = ev->call.args[i];

		buf_printf(b, v >= -4096 && v < 1ll << 32 ? "%s%lld" : "%s0x%llx", i ? ", " : "",
			   (long long)v);
	}
}

static void put_result(struct buf *b, const struct sock_event *ev)
{
	char took[FMT_MAX];
	int64_t result = ev->call.result;

	if (result < 0)
		buf_printf(b, ") = -1 %s", strerrorname_np((int)-result) ?: "error");
	else
		buf_printf(b, ") = %lld", (long long)result);
	fmt_duration(took, (int64_t)ev->call.duration_ns);
	buf_printf(b, " <%s>", took);
}

static void put_ends(struct buf *b, const struct sock_event *ev)
{
	struct endpoint local = {addr_v6(ev->local), ev->local_port};
	struct endpoint remote = {addr_v6(ev->remote), ev->remote_port};
	char l[ENDPOINT_TEXT_MAX], r[ENDPOINT_TEXT_MAX];

	if (ev->family != AF_INET && ev->family != AF_INET6)
		return;
	endpoint_format(l, &local);
	endpoint_format(r, &remote);
	if (ev->remote_port)
		buf_printf(b, "  %s -> %s", l, r);
	else if (ev->local_port)
		buf_printf(b, "  %s", l);
}

static void on_call(void *ctx, const struct call_event *c)
{
	const struct sock_event *ev = &c->ev;
	struct trace *t = ctx;
	struct buf *b = &t->out.buf;
	char when[FMT_MAX];

	if (ev->pid == t->own_pid)
		return;
	t->calls++;
	fmt_time_of_day(when, (int64_t)ev->time_ns);
	buf_printf(b, "%s ", when);
	put_process(b, ev);
	buf_printf(b, "%s(", sock_call_name(ev->call.call));
	put_arguments(b, ev);
	put_result(b, ev);
	put_ends(b, ev);
	buf_putc(b, '\n');
	if (!output_flush(&t->out, true))
		engine_stop(t->engine);
}

int cmd_trace(const struct settings *s)
{
	struct launch command = {0};
	struct session_options so = {.calls = true, .probe_required = true, .launch = &command};
	struct trace t = {.own_pid = (uint32_t)getpid()};
	struct summary_row sum;
	struct err e;
	int status;

	if (session_open(&t.engine, s, &so, &e) < 0) {
		message("%s", e.text);
		return EXIT_FAILED;
	}
	output_init(&t.out, STDOUT_FILENO);
	session_signals(t.engine);
	engine_on_call(t.engine, on_call, &t);
	status = engine_run(t.engine, &e);
	engine_finish(t.engine, &sum);
	output_flush(&t.out, true);
	if (status < 0)
		message("%s", e.text);
	message("%llu calls, %llu lost", t.calls, (unsigned long long)loss_sum(&sum.loss));
	output_done(&t.out);
	engine_free(t.engine);
	return launch_end(&command, status < 0 ? EXIT_FAILED : EXIT_DONE);
}
