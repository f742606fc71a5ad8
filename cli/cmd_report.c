/* SPDX-License-Identifier: MIT
 *
 * socklens report: flows as rows of a format, when they end and at the end.
 */
#include <errno.h>
#include <langinfo.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/jobs.h"
#include "cli/message.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/recording.h"
#include "cli/session.h"
#include "cli/watch.h"
#include "report/job.h"

struct report {
	struct launch command;
	struct engine *engine;
	struct jobs *jobs; /* NULL: captures are read as one */
	struct job *job;
	struct watch *watch; /* NULL: no --when */
	struct progress progress;
	struct output out;
};

static int terminal_columns(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* --- rows ------------------------------------------------------------------------------------- */

static void flush(struct report *r)
{
	if (!output_flush(&r->out, false))
		engine_stop(r->engine);
}

static void on_flow(void *ctx, const struct flow_row *row)
{
	struct report *r = ctx;

	watch_flow(r->watch, row);
	job_flow(r->job, &r->out.buf, row);
	flush(r);
}

static void on_socket(void *ctx, const struct socket_row *row)
{
	struct report *r = ctx;

	job_socket(r->job, &r->out.buf, row);
	flush(r);
}

static void on_live_flow(void *ctx, const struct flow_row *row)
{
	struct report *r = ctx;

	job_live(r->job, row);
}

static void on_slice(void *ctx, int64_t start_ns)
{
	struct report *r = ctx;

	engine_each_flow(r->engine, on_live_flow, r);
	job_slice(r->job, &r->out.buf, start_ns);
	flush(r);
}

static void on_turn(void *ctx)
{
	struct report *r = ctx;

	job_tick(r->job);
	progress_show(&r->progress);
}

static struct flow_frames *frames_of(void *ctx, uint64_t id)
{
	return engine_flow_frames(ctx, id);
}

/* --- a run ------------------------------------------------------------------------------------ */

/* A note for whoever watched it run; data stays on stdout. */
static void tell_end(const struct summary_row *sum)
{
	message("%lld packets captured, %lld flows, %llu lost", (long long)sum->packets,
		(long long)sum->flows, (unsigned long long)loss_sum(&sum->loss));
}

static int exit_code(struct report *r, int status, const struct err *reason)
{
	struct err e;

	int incomplete = job_status(r->job, &e), unrecorded;

	if (incomplete < 0)
		message("%s", e.text);
	unrecorded = watch_end(r->watch, &e);
	if (unrecorded < 0)
		message("%s", e.text);
	if (r->out.error && r->out.error != EPIPE) {
		message("cannot write the report: %s", strerror(r->out.error));
		return EXIT_FAILED;
	}
	if (status < 0)
		message("%s", reason->text);
	if (status == -EBADMSG)
		return EXIT_DAMAGED;
	return status < 0 || incomplete < 0 || unrecorded < 0 ? EXIT_FAILED : EXIT_DONE;
}

static void engine_read(const void *engine, uint64_t *done, uint64_t *size)
{
	engine_progress(engine, done, size);
}

static int run_engine(struct report *r, struct summary_row *sum, struct err *e)
{
	int status;

	engine_on_flow(r->engine, on_flow, r);
	if (job_wants_sockets(r->job))
		engine_on_socket(r->engine, on_socket, r);
	progress_start(&r->progress, engine_read, r->engine);
	engine_on_turn(r->engine, on_turn, r);
	status = engine_run(r->engine, e);
	engine_finish(r->engine, sum);
	return status;
}

static int run_jobs(struct report *r, struct summary_row *sum, struct err *e)
{
	struct jobs_ops ops = {
		.flow = on_flow,
		.socket = job_wants_sockets(r->job) ? on_socket : NULL,
		.turn = on_turn,
		.ctx = r,
	};

	progress_start(&r->progress, jobs_progress, r->jobs);
	return jobs_run(r->jobs, r->engine, &ops, sum, e);
}

static int run(struct report *r, bool live)
{
	struct summary_row sum;
	struct record_row record;
	struct err e = {""};
	int status;

	session_signals(r->engine);
	job_begin(r->job, &r->out.buf);
	status = r->jobs ? run_jobs(r, &sum, &e) : run_engine(r, &sum, &e);
	engine_recording(r->engine, &record);
	progress_end(&r->progress);
	while (job_rest(r->job, &r->out.buf) && output_flush(&r->out, false))
		;
	job_end(r->job, &r->out.buf, &sum);
	output_flush(&r->out, true);
	output_done(&r->out);
	if (live)
		tell_end(&sum);
	if (!recording_tell(&record) && status == 0)
		return EXIT_FAILED;
	return exit_code(r, status, &e);
}

/* Two things for one place; and what goes through all captures cannot be done to each on its own. */
static int check_settings(const struct settings *s, struct err *e)
{
	if (s->record && !strcmp(s->record, "-") && !s->output)
		return err_set(e, -EINVAL, "-w -: the report goes to standard output; give it a file by -o");
	if (s->jobs && !s->file_count)
		return err_set(e, -EINVAL, "--jobs: it is captures that are read side by side; name some");
	if (s->jobs && s->window.slice_ns)
		return err_set(e, -EINVAL, "--jobs: --interval reads all captures as one; leave one of them out");
	if (s->jobs && s->max_packets)
		return err_set(e, -EINVAL, "--jobs: -c counts through all captures; leave one of them out");
	return 0;
}

/* What needs the caller's privileges is opened first: the output, then sources and probe. */
static int open_report(struct report *r, const struct settings *s, struct err *e)
{
	struct job_options jo = {
		.format = s->format,
		.filter = s->row_filter,
		.group_by = s->group_by,
		.by = s->by,
		.fields = s->fields,
		.top = s->top,
		.intervals = s->window.slice_ns,
		.exporter = {
			.human = true,
			.names = !s->numeric,
			.columns = s->output ? 0 : terminal_columns(STDOUT_FILENO),
			.utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8"),
			.csv_raw = s->csv_raw,
			.path = s->output,
		},
	};
	struct session_options so = {.frames = true, .launch = &r->command};
	struct recording *recording = NULL;
	int status = check_settings(s, e);

	if (status == 0)
		status = job_new(&r->job, &jo, e);
	if (status == 0 && s->jobs)
		status = jobs_new(&r->jobs, s->file_count, s->jobs, e);

	bool own_file = status == 0 && job_own_file(r->job);

	so.writes_files = own_file || s->record;
	if (status == 0 && s->output && !own_file)
		status = output_create(&r->out, s->output, e);
	else
		output_init(&r->out, STDOUT_FILENO);
	if (status == 0)
		status = watch_new(&r->watch, s, e);
	so.keep_frames = status == 0 && !r->jobs && job_wants_frames(r->job);
	if (status == 0)
		status = recording_prepare(&recording, s, e);
	if (status == 0)
		status = session_open(&r->engine, s, &so, e);
	if (status == 0)
		status = recording_start(recording, r->engine, e);
	else
		recording_cancel(recording);
	if (status < 0) {
		r->out.error = -status; /* no file of this */
		output_done(&r->out);
		return status;
	}
	watch_engine(r->watch, r->engine);
	if (so.keep_frames)
		job_set_frames(r->job, frames_of, r->engine);
	if (s->window.slice_ns)
		engine_on_slice(r->engine, on_slice, r);
	return 0;
}

int cmd_report(const struct settings *s)
{
	struct report r = {0};
	struct err e;
	int status = open_report(&r, s, &e), code;

	if (status < 0) {
		message("%s", e.text);
		code = session_exit_code(status);
	} else {
		code = run(&r, s->file_count == 0);
	}
	job_free(r.job);
	jobs_free(r.jobs);
	watch_free(r.watch);
	engine_free(r.engine);
	return launch_end(&r.command, code);
}
