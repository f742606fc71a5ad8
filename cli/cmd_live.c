/* SPDX-License-Identifier: MIT
 *
 * socklens live: the dashboard. curses keeps the main thread, the engine gets a second one, because a
 * terminal that stops reading blocks write(2) and must not stop the capture.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/config.h"
#include "cli/config_file.h"
#include "cli/export.h"
#include "cli/message.h"
#include "cli/recording.h"
#include "cli/session.h"
#include "cli/watch.h"
#include "tui/dashboard.h"

#define REPORT_FOR_NS 5000000000LL	 /* without a terminal */
#define KEEP_CLOSED_NS 900000000000LL /* history of a live dashboard: 15 minutes */
#define FADE_NS 30000000000LL	      /* closed flows stay on a live screen so long */

struct engine_thread {
	struct engine *engine;
	pthread_t thread;
	struct err error;
	int status;
};

static void *engine_main(void *ctx)
{
	struct engine_thread *t = ctx;

	t->status = engine_run(t->engine, &t->error);
	return NULL;
}

/* Signals are the screen's: it must restore the terminal. The engine's thread takes none. */
static int engine_start(struct engine_thread *t)
{
	sigset_t all, before;
	int status;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	status = pthread_create(&t->thread, NULL, engine_main, t);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -status;
}

static void ask(void *ctx, const struct query *q)
{
	engine_ask(ctx, q);
}

static struct snapshot *take(void *ctx)
{
	return engine_take(ctx);
}

static int show(struct engine *en, const struct dashboard_options *o)
{
	struct engine_thread t = {.engine = en};
	struct dashboard_ops ops = {
		.ask = ask,
		.take = take,
		.answer_fd = engine_answer_fd(en),
		.ctx = en,
	};
	struct err e = {""};
	int status = engine_start(&t);

	if (status < 0) {
		message("cannot start a thread: %s", strerror(-status));
		return EXIT_FAILED;
	}
	status = dashboard_run(&ops, o, &e);
	engine_stop(en);
	pthread_join(t.thread, NULL);
	if (status < 0)
		message("%s", e.text);
	if (t.status < 0)
		message("%s", t.error.text);
	if (t.status == -EBADMSG)
		return EXIT_DAMAGED;
	return status < 0 || t.status < 0 ? EXIT_FAILED : EXIT_DONE;
}

/* What the screen's keys do to the engine. */
struct desk {
	struct engine *engine;
	const struct settings *settings;
};

static int record_to(void *ctx, const char *path, struct err *e)
{
	struct desk *d = ctx;

	return recording_switch(d->engine, path, d->settings, e);
}

static int report_instead(const struct settings *s)
{
	struct settings report = *s;

	if (!report.file_count && !report.run_for_ns) {
		message("no terminal: reporting 5 seconds of traffic instead of the dashboard");
		report.run_for_ns = REPORT_FOR_NS;
	}
	return cmd_report(&report);
}

/* The sample shows what socklens does to someone who may not capture. */
static int open_sample(struct engine **en, const struct settings *s,
		       const struct session_options *so, struct err *e)
{
	struct settings sample = *s;

	sample.files[0] = s->sample;
	sample.file_count = 1;
	sample.filter = NULL;
	return session_open(en, &sample, so, e);
}

/* Closed flows of a capture stay: it is to be read, not watched. */
static int64_t fade_ns(const struct config *c, bool live)
{
	if (c->fade_ns)
		return c->fade_ns;
	return live ? FADE_NS : -1;
}

static struct dashboard_options screen_options(const struct settings *s, const struct config *c,
					       bool live)
{
	return (struct dashboard_options){
		.source = live ? (s->interface ? s->interface : "any")
			       : (s->file_count ? s->files[0] : s->sample),
		.live = live,
		.theme = s->theme ? s->theme : c->theme,
		.mouse = c->mouse && !s->no_mouse,
		.ascii = c->ascii || s->ascii,
		.fade_ns = fade_ns(c, live),
		.keys = &c->keys,
		.export = export_rows,
		.record = record_to,
		.payload = s->payload,
		.choices = &c->choices,
		.keep = config_keep,
	};
}

/* With a recording from the start, if that was asked for. *live is false when the sample is opened. */
static int open_engine(struct engine **en, const struct settings *s, struct session_options *so,
		       bool *live, struct err *e)
{
	struct recording *rec;
	int status = recording_prepare(&rec, s, e);

	if (status < 0)
		return status;
	status = session_open(en, s, so, e);
	if (status == -EPERM && s->sample && *live) {
		message("%s; opening %s instead", e->text, s->sample);
		recording_cancel(rec);
		rec = NULL;
		so->keep_closed_ns = INT64_MAX;
		*live = false;
		status = open_sample(en, s, so, e);
	}
	if (status < 0) {
		recording_cancel(rec);
		return status;
	}
	status = recording_start(rec, *en, e);
	if (status < 0)
		engine_free(*en);
	return status;
}

int cmd_live(const struct settings *s)
{
	bool live = s->file_count == 0;
	struct launch command = {0};
	struct session_options so = {
		.frames = true,
		.screen = true,
		.launch = &command,
		.all_families = true, /* the view of sockets lists every one */
		.stay = true,
		.keep_closed_ns = live ? KEEP_CLOSED_NS : INT64_MAX,
	};
	struct dashboard_options screen;
	struct desk desk = {.settings = s};
	struct record_row record;
	struct watch *watch = NULL;
	struct config config;
	struct err wrong = {""}, e;
	int status, code;

	if (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO))
		return report_instead(s);
	if (s->rule_count && isatty(STDERR_FILENO)) {
		message("--when: the screen is in the way of what it says; send it to a file with 2>FILE");
		return EXIT_USAGE;
	}
	(void)config_read(&config, &wrong); /* said on the screen */
	status = watch_new(&watch, s, &e);
	if (status == 0)
		status = open_engine(&desk.engine, s, &so, &live, &e);
	if (status < 0) {
		message("%s", e.text);
		watch_free(watch);
		return session_exit_code(status);
	}
	if (watch) {
		watch_engine(watch, desk.engine);
		engine_on_flow(desk.engine, watch_flow, watch);
	}
	screen = screen_options(s, &config, live);
	screen.notice = wrong.text;
	screen.export_ctx = &desk;
	code = show(desk.engine, &screen);
	engine_recording(desk.engine, &record);
	if (!recording_tell(&record) && code == EXIT_DONE)
		code = EXIT_FAILED;
	if (watch_end(watch, &e) < 0)
		message("%s", e.text);
	watch_free(watch);
	engine_free(desk.engine);
	return launch_end(&command, code);
}
