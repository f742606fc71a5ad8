/* SPDX-License-Identifier: MIT
 *
 * socklens report: flows as rows of a format, when they end and at the end.
 */
#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/session.h"
#include "flow/filter.h"
#include "report/exporter.h"

struct report {
	struct engine *engine;
	const struct exporter *exporter;
	struct exporter_options options;
	struct filter *filter; /* NULL = every flow */
	struct output out;
};

static int terminal_columns(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static void on_flow(void *ctx, const struct flow_row *row)
{
	struct report *r = ctx;

	if (r->filter && !filter_holds(r->filter, row))
		return;
	r->exporter->flow(&r->out.buf, &r->options, row);
	if (!output_flush(&r->out, false))
		engine_stop(r->engine);
}

static void on_socket(void *ctx, const struct socket_row *row)
{
	struct report *r = ctx;

	r->exporter->socket(&r->out.buf, &r->options, row);
	if (!output_flush(&r->out, false))
		engine_stop(r->engine);
}

/* A note for whoever watched it run; data stays on stdout. */
static void tell_end(const struct summary_row *sum)
{
	message("%lld packets captured, %lld flows, %llu lost", (long long)sum->packets,
		(long long)sum->flows, (unsigned long long)loss_sum(&sum->loss));
}

static int exit_code(int status, const struct err *e, const struct output *out)
{
	if (out->error && out->error != EPIPE) {
		message("cannot write the report: %s", strerror(out->error));
		return EXIT_FAILED;
	}
	if (status < 0)
		message("%s", e->text);
	if (status == -EBADMSG)
		return EXIT_DAMAGED;
	return status < 0 ? EXIT_FAILED : EXIT_DONE;
}

static int run(struct report *r, bool live)
{
	struct summary_row sum;
	struct err e = {""};
	int status;

	session_signals(r->engine);
	engine_on_flow(r->engine, on_flow, r);
	if (r->exporter->socket)
		engine_on_socket(r->engine, on_socket, r);
	r->exporter->begin(&r->out.buf, &r->options);
	status = engine_run(r->engine, &e);
	engine_finish(r->engine, &sum);
	r->exporter->end(&r->out.buf, &r->options, &sum);
	output_flush(&r->out, true);
	if (live)
		tell_end(&sum);
	if (r->filter && filter_gave_up(r->filter))
		message("--filter: %llu texts took too long for their regular expression",
			(unsigned long long)filter_gave_up(r->filter));
	return exit_code(status, &e, &r->out);
}

static const struct exporter *choose_exporter(const char *name)
{
	const struct exporter *x = exporter_find(name ? name : "text");
	const struct exporter *all;
	char names[160] = "";
	unsigned n;

	if (x)
		return x;
	all = exporters(&n);
	for (unsigned i = 0; i < n; i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), " %s", all[i].name);
	message("--format %s: there are%s", name, names);
	return NULL;
}

int cmd_report(const struct settings *s)
{
	struct session_options so = {.frames = true};
	struct report r = {
		.exporter = choose_exporter(s->format),
		.options = {
			.human = true,
			.names = !s->numeric,
			.columns = terminal_columns(STDOUT_FILENO),
			.utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8"),
			.csv_raw = s->csv_raw,
		},
	};
	struct err e;
	int status = 0, code;

	if (!r.exporter)
		return EXIT_USAGE;
	if (s->row_filter)
		status = filter_compile(&r.filter, &flow_filter_table, s->row_filter, NULL, &e);
	if (status == 0)
		status = session_open(&r.engine, s, &so, &e);
	if (status < 0) {
		message("%s", e.text);
		filter_free(r.filter);
		return session_exit_code(status);
	}
	output_init(&r.out, STDOUT_FILENO);
	code = run(&r, s->file_count == 0);
	output_done(&r.out);
	filter_free(r.filter);
	engine_free(r.engine);
	return code;
}
