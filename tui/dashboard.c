/* SPDX-License-Identifier: MIT
 *
 * Everything that needs a clock, a terminal or a descriptor; what it means is in app.c.
 */
#include "tui/dashboard.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "tui/app.h"
#include "tui/signals.h"
#include "tui/term.h"

enum { TURN_MS = 100 }; /* ask and repaint at most ten times a second */
enum { QUIET_ANSWERS = 5, QUIET_TURNS = 4 }; /* so many without news: ask less often until there are some */
enum { HOLES_MS = 20 }; /* so long the old screen stays when rows of the new one are missing */
#define TURN_NS (TURN_MS * INT64_C(1000000))

struct dashboard {
	const struct dashboard_ops *ops;
	struct app app;
	struct term *term;
	int signals_fd;
	bool stale;	/* the screen shows less than what is known */
	bool paint_now; /* a key came, or the answer to what it asked */
	bool ask_now;	/* a key came */
	bool awaited;	/* the next answer is what a key asked for */
	int64_t painted_ns, asked_ns;
	int64_t incomplete_ns; /* since when rows to be shown are missing; 0 = none are */
	struct query asked;    /* last question */
	int64_t news;	       /* packets, and events where they count, of the last answer */
	int quiet;	       /* answers in a row that had none */
};

/* --- what came ------------------------------------------------------------------------------ */

static void on_signal(struct dashboard *d, int signal)
{
	switch (signal) {
	case SIGWINCH: term_resized(d->term); break;
	case SIGTSTP: d->app.suspend = true; break;
	case SIGCONT:
		term_resized(d->term);
		term_repaint(d->term);
		break;
	default: d->app.quit = true; break;
	}
}

static void read_signals(struct dashboard *d)
{
	int signal;

	while ((signal = signals_next(d->signals_fd)))
		on_signal(d, signal);
}

static void read_keys(struct dashboard *d)
{
	struct input in;

	while (!d->app.quit && term_read(d->term, &in)) {
		app_input(&d->app, &in);
		d->stale = d->paint_now = d->ask_now = true;
	}
}

/*
 * Where flows are listed their packets are news. What happens to sockets is told of the whole machine, and
 * does not change flows that are silent but for an owner now and then, which the next answer has.
 */
static void count_quiet(struct dashboard *d, const struct snapshot *s)
{
	bool events = s->of != QUERY_FLOWS && s->summary.events > 0;
	int64_t news = s->summary.packets + (events ? s->summary.events : 0);

	d->quiet = news != d->news ? 0 : d->quiet < QUIET_ANSWERS ? d->quiet + 1 : d->quiet;
	d->news = news;
}

static void read_answer(struct dashboard *d)
{
	struct snapshot *s = d->ops->take(d->ops->ctx);
	enum errand_kind errand = d->app.errand.kind;

	if (!s)
		return;
	count_quiet(d, s);
	app_take(&d->app, s);
	/* Whoever exports again asks the same again, and wants it answered. */
	if (errand && !d->app.errand.kind)
		memset(&d->asked, 0, sizeof(d->asked));
	d->stale = true;
	d->paint_now |= d->awaited;
	d->awaited = false;
	/* The cursor's row went elsewhere: its surroundings are wanted at once. */
	d->ask_now |= !app_complete(&d->app);
}

/* --- what is due ---------------------------------------------------------------------------- */

static void measure_usage(struct app_usage *u)
{
	struct rusage r;
	FILE *f = fopen("/proc/self/statm", "re");
	long pages;

	u->resident_bytes = ROW_ABSENT;
	if (f && fscanf(f, "%*d %ld", &pages) == 1)
		u->resident_bytes = pages * sysconf(_SC_PAGESIZE);
	if (f)
		fclose(f);
	getrusage(RUSAGE_SELF, &r);
	u->cpu_ns = (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * INT64_C(1000000000) +
		    (r.ru_utime.tv_usec + r.ru_stime.tv_usec) * INT64_C(1000);
}

/* A file that has been read to its end changes no more, nor does the past: ask only what is new. */
static bool is_news(const struct dashboard *d, const struct query *q, bool due)
{
	const struct snapshot *s = d->app.snapshot;

	return memcmp(q, &d->asked, sizeof(*q)) != 0 ||
	       (due && !q->at_ns && (!s || !s->finished));
}

static void ask(struct dashboard *d, int64_t now_ns)
{
	int64_t turn_ns = d->quiet < QUIET_ANSWERS ? TURN_NS : QUIET_TURNS * TURN_NS;
	bool now = d->ask_now, due = now_ns - d->asked_ns >= turn_ns;
	struct query q;

	if (!now && !due)
		return;
	d->ask_now = false;
	if (!app_query(&d->app, &q) || !is_news(d, &q, due))
		return;
	d->awaited |= now;
	d->asked_ns = now_ns;
	d->asked = q;
	q.urgent = now;
	d->ops->ask(d->ops->ctx, &q);
}

/* Rather the old screen a moment longer than one with holes. */
static bool waits_for_rows(struct dashboard *d, int64_t now_ns)
{
	if (app_complete(&d->app))
		d->incomplete_ns = 0;
	else if (!d->incomplete_ns)
		d->incomplete_ns = now_ns;
	return d->incomplete_ns && now_ns - d->incomplete_ns < HOLES_MS * INT64_C(1000000);
}

static void paint(struct dashboard *d, int64_t now_ns)
{
	if (d->app.repaint)
		term_repaint(d->term);
	d->app.repaint = false;
	if (!d->stale || (!d->paint_now && now_ns - d->painted_ns < TURN_NS) ||
	    waits_for_rows(d, now_ns))
		return;
	if (d->app.view == &view_health)
		measure_usage(&d->app.usage);
	app_draw(&d->app);
	term_show(d->term, &d->app.canvas);
	d->stale = d->paint_now = false;
	d->painted_ns = now_ns;
}

static void copy(struct dashboard *d)
{
	if (*d->app.copy)
		term_copy(d->term, d->app.copy);
	d->app.copy[0] = '\0';
}

static void suspend(struct dashboard *d)
{
	d->app.suspend = false;
	term_suspend(d->term);
	d->stale = d->paint_now = true;
}

/* --- loop ----------------------------------------------------------------------------------- */

static int run(struct dashboard *d)
{
	struct pollfd fds[] = {
		{.fd = term_fd(d->term), .events = POLLIN},
		{.fd = d->ops->answer_fd, .events = POLLIN},
		{.fd = d->signals_fd, .events = POLLIN},
	};

	d->stale = d->paint_now = d->ask_now = true; /* the first screen does not wait for data */
	while (!d->app.quit) {
		int64_t now_ns = clock_now_mono_ns();

		app_tick(&d->app, now_ns);
		ask(d, now_ns);
		paint(d, now_ns);
		if (poll(fds, 3, d->incomplete_ns ? HOLES_MS : TURN_MS) < 0) {
			if (errno != EINTR)
				return -errno;
			fds[0].revents = 0;
		}
		read_signals(d);
		if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
			return 0; /* the terminal is gone, and the user with it */
		read_keys(d);
		copy(d);
		read_answer(d);
		if (d->app.suspend)
			suspend(d);
	}
	return 0;
}

static int start_app(struct dashboard *d, const struct dashboard_options *o)
{
	struct app_options options = {
		.source = o->source,
		.live = o->live,
		.utf8 = term_utf8(d->term),
		.fade_ns = o->fade_ns,
		.keys = o->keys,
		.notice = o->notice,
		.export = o->export,
		.record = o->record,
		.export_ctx = o->export_ctx,
		.payload = o->payload,
		.choices = o->choices,
		.keep = o->keep,
	};
	int width, height;

	term_size(d->term, &width, &height);
	return app_init(&d->app, &options, width, height);
}

int dashboard_run(const struct dashboard_ops *ops, const struct dashboard_options *o, struct err *e)
{
	const char *no_colour = getenv("NO_COLOR");
	struct term_options options = {.mouse = o->mouse, .ascii = o->ascii};
	struct dashboard *d;
	char names[96];
	int r;

	options.theme = theme_find(o->theme, no_colour && *no_colour);
	if (!options.theme)
		return err_set(e, -EINVAL, "there is no theme \"%.40s\": there are %s", o->theme,
			       theme_names(names, sizeof(names)));
	d = calloc(1, sizeof(*d));
	if (!d)
		return err_set(e, -ENOMEM, "out of memory for the dashboard");
	d->ops = ops;
	r = d->signals_fd = signals_start();
	if (r < 0) {
		err_set(e, r, "no descriptors left for the dashboard");
		goto out_free;
	}
	r = term_start(&d->term, &options, e);
	if (r)
		goto out_signals;
	r = start_app(d, o);
	if (r)
		err_set(e, r, "out of memory for the screen");
	else
		r = run(d);
	app_done(&d->app);
	term_stop(d->term);
out_signals:
	signals_stop();
out_free:
	free(d);
	return r;
}
