/* SPDX-License-Identifier: MIT
 *
 * The loop that serves everything the engine owns.
 *
 * Files are read in the order of time as fast as they come (in_order.c); live sources and the probe are served
 * in turns from one epoll set, each with a budget so that none starves the others. The probe's ring
 * buffer is polled on the same timer as everything else, because waking up for each event costs the
 * traced programs more than the events themselves.
 */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/saturate.h"
#include "flow/engine_private.h"
#include "flow/in_order.h"
#include "flow/record_notes.h"

enum {
	FRAME_BUDGET = 8192, /* frames of one source a turn */
	EVENT_BUDGET = 16384,
	TICK_MS = 20,	     /* a socket event waits at most this long in the ring */
	GRACE_NS = 300000000, /* after the end of what was to be followed */
	LATE_NS = 100000000, /* frames may still be in the capture buffer: time trails by this */
};
#define SECOND_NS 1000000000LL

/* --- time ------------------------------------------------------------------------------------- */

static void meter_update(struct engine *en, int64_t now_ns)
{
	struct engine_meter *m = &en->meter;
	int64_t elapsed_ns = now_ns - m->since_ns;

	if (m->since_ns && elapsed_ns > 0) {
		double span_ns = (double)elapsed_ns;

		m->packets_per_s = saturate_rate((double)(en->counts.packets - m->packets), span_ns);
		m->bits_per_s = saturate_rate((double)(en->counts.bytes - m->bytes) * 8, span_ns);
	}
	*m = (struct engine_meter){now_ns, en->counts.packets, en->counts.bytes, m->packets_per_s,
				   m->bits_per_s};
}

static void every_second(struct engine *en, int64_t now_ns)
{
	struct loss lost = {0};

	meter_update(en, now_ns);
	rates_update(&en->rates, en->flows, now_ns);
	engine_mark(en);
	if (en->recorder)
		recorder_flush(en->recorder);
	if (!en->probe)
		return;
	clock_map_measure(&en->clock);
	probe_totals(en->probe, engine_event, en);
	probe_loss(en->probe, &lost);
	correlator_probe_loss(en->correlator, &lost);
}

static bool should_stop(const struct engine *en)
{
	const struct engine_options *o = &en->options;

	return atomic_load(&en->stop) || (o->max_packets && en->counts.packets >= o->max_packets);
}

static unsigned frame_budget(const struct engine *en, unsigned most)
{
	uint64_t max = en->options.max_packets;

	return max && max - en->counts.packets < most ? (unsigned)(max - en->counts.packets) : most;
}

/* --- files ------------------------------------------------------------------------------------ */

/* Of one file there is nothing to put in order. */
static int read_some(struct engine *en, struct in_order *o, unsigned budget, struct err *e)
{
	int n;

	if (en->source_count == 1)
		return source_read(en->sources[0], budget, en->frames, en->frames_ctx, e);
	n = in_order_read(o, budget, en->frames, en->frames_ctx, e);
	en->file_index = in_order_current(o);
	return n;
}

static void read_in_order(struct engine *en, struct in_order *o)
{
	struct err e;
	int n = 0;

	while (n != -ENODATA && !should_stop(en)) {
		n = read_some(en, o, frame_budget(en, FRAME_BUDGET), &e);
		engine_serve(en);
		if (en->on_turn)
			en->on_turn(en->on_turn_ctx);
		if (n < 0 && n != -ENODATA) {
			engine_note_damage(en, n, &e);
			n = en->source_count == 1 ? -ENODATA : 0;
		}
	}
}

static void read_files(struct engine *en)
{
	struct in_order *o = in_order_new(en->sources, en->source_count);
	struct err e;

	flow_table_be_patient(en->flows);
	if (o) {
		in_order_on_note(o, record_note, en);
		if (en->source_count == 1) /* it is read as it is */
			source_on_note(en->sources[0], record_note, en);
		read_in_order(en, o);
	} else {
		engine_note_damage(en, err_set(&e, -ENOMEM, "out of memory"), &e);
	}
	in_order_free(o);
	en->finished = true;
}

/* --- live ------------------------------------------------------------------------------------- */

struct live_loop {
	int epoll_fd, tick_fd, deadline_fd;
	int until_fd; /* borrowed; -1 = none */
	int64_t second_ns;
	bool over;
};

static int watch(int epoll_fd, int fd, uint32_t tag)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.u32 = tag};

	return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &ev) < 0 ? -errno : 0;
}

static int timer_open(int64_t first_ns, int64_t every_ns)
{
	struct itimerspec t = {
		.it_value = {first_ns / SECOND_NS, first_ns % SECOND_NS},
		.it_interval = {every_ns / SECOND_NS, every_ns % SECOND_NS},
	};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd >= 0)
		timerfd_settime(fd, 0, &t, NULL);
	return fd;
}

enum { WATCH_OTHER, WATCH_DEADLINE, WATCH_UNTIL };

/* `ends`: while there is data that may end, by time or with what it follows. */
static int live_open(struct engine *en, struct live_loop *l, bool ends)
{
	int64_t run_for_ns = en->options.run_for_ns;
	int status;

	*l = (struct live_loop){.epoll_fd = epoll_create1(EPOLL_CLOEXEC),
				 .deadline_fd = -1,
				 .until_fd = -1};
	l->tick_fd = timer_open(TICK_MS * 1000000LL, TICK_MS * 1000000LL);
	if (l->epoll_fd < 0 || l->tick_fd < 0)
		return -errno;
	status = watch(l->epoll_fd, l->tick_fd, WATCH_OTHER);
	if (!status)
		status = watch(l->epoll_fd, en->wake_fd, WATCH_OTHER);
	if (!status && ends && run_for_ns) {
		l->deadline_fd = timer_open(run_for_ns, 0);
		status = watch(l->epoll_fd, l->deadline_fd, WATCH_DEADLINE);
	}
	if (!status && ends && en->options.until_fd > 0) {
		l->until_fd = en->options.until_fd;
		status = watch(l->epoll_fd, l->until_fd, WATCH_UNTIL);
	}
	for (unsigned i = 0; !status && i < en->source_count; i++)
		if (source_fd(en->sources[i]) >= 0)
			status = watch(l->epoll_fd, source_fd(en->sources[i]), WATCH_OTHER);
	return status;
}

static void live_close(struct live_loop *l)
{
	int fds[] = {l->epoll_fd, l->tick_fd, l->deadline_fd};

	for (unsigned i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

/* What was followed has ended: its last packets are still on their way. */
static void end_soon(struct live_loop *l)
{
	int fd = timer_open(GRACE_NS, 0);

	epoll_ctl(l->epoll_fd, EPOLL_CTL_DEL, l->until_fd, NULL);
	if (fd < 0 || watch(l->epoll_fd, fd, WATCH_DEADLINE)) {
		l->over = true;
		return;
	}
	if (l->deadline_fd >= 0)
		close(l->deadline_fd);
	l->deadline_fd = fd;
}

static void live_wait(struct engine *en, struct live_loop *l)
{
	struct epoll_event evs[16];
	int n = epoll_wait(l->epoll_fd, evs, 16, 1000);
	uint64_t ignored;

	for (int i = 0; i < n; i++) {
		l->over |= evs[i].data.u32 == WATCH_DEADLINE;
		if (evs[i].data.u32 == WATCH_UNTIL)
			end_soon(l);
	}
	/* Level-triggered counters: empty them so that they can wake us again. */
	if (read(l->tick_fd, &ignored, sizeof(ignored)) < 0 && errno != EAGAIN)
		l->over = true;
	if (read(en->wake_fd, &ignored, sizeof(ignored)) < 0 && errno != EAGAIN)
		l->over = true;
}

/*
 * One turn over everything that may have something. false when a source failed for good. Events come
 * first: sockets are remembered with their times, so a frame that is read late still finds the one
 * that was open when it passed, and a port that has changed hands is known to have.
 */
static bool live_turn(struct engine *en)
{
	struct err e;

	if (en->probe)
		probe_read(en->probe, EVENT_BUDGET, engine_event, en);
	for (unsigned i = 0; i < en->source_count; i++) {
		unsigned budget = frame_budget(en, FRAME_BUDGET);
		int n = 0;

		en->source_now = i;
		if (budget)
			n = source_read(en->sources[i], budget, en->frames, en->frames_ctx, &e);
		if (n < 0 && n != -ENODATA) {
			engine_note_damage(en, n, &e);
			return false;
		}
	}
	return true;
}

static void live_time(struct engine *en, struct live_loop *l)
{
	int64_t now_ns = clock_now_wall_ns() - LATE_NS;

	flow_table_advance(en->flows, now_ns);
	correlator_advance(en->correlator, now_ns);
	if (en->call_delays)
		call_delays_advance(en->call_delays, now_ns);
	if (en->on_time)
		en->on_time(en->on_time_ctx, now_ns);
	if (now_ns - l->second_ns < SECOND_NS && now_ns >= l->second_ns)
		return;
	l->second_ns = now_ns;
	every_second(en, now_ns);
}

/* The buffers still hold what happened before the end: drain them once. */
static void live_drain(struct engine *en)
{
	live_turn(en);
	if (!en->probe)
		return;
	while (probe_read(en->probe, EVENT_BUDGET, engine_event, en) >= EVENT_BUDGET)
		;
	if (en->on_call)
		probe_unfinished(en->probe, engine_event, en);
	probe_totals(en->probe, engine_event, en);
}

static int run_live(struct engine *en, struct err *e)
{
	struct live_loop l;
	int status = live_open(en, &l, true);

	if (status < 0) {
		live_close(&l);
		return err_set(e, status, "cannot wait for events: %s", strerror(-status));
	}
	while (!should_stop(en) && !l.over) {
		engine_turn_recorder(en);
		live_wait(en, &l);
		if (!live_turn(en))
			break;
		live_time(en, &l);
		engine_serve(en);
		if (en->on_turn)
			en->on_turn(en->on_turn_ctx);
	}
	live_drain(en);
	live_close(&l);
	engine_record(en, NULL);
	engine_turn_recorder(en);
	en->finished = true;
	return 0;
}

/* --- run -------------------------------------------------------------------------------------- */

/* The data has ended, the dashboard has not: go on answering. */
static void answer_until_stopped(struct engine *en)
{
	struct live_loop l;

	if (live_open(en, &l, false) == 0) {
		while (!atomic_load(&en->stop)) {
			live_wait(en, &l);
			engine_serve(en);
		}
	}
	live_close(&l);
}

int engine_run(struct engine *en, struct err *e)
{
	bool live = en->source_count == 0 || source_is_live(en->sources[0]);
	int status = 0;

	if (live)
		status = run_live(en, e);
	else
		read_files(en);
	if (status == 0 && en->options.stay)
		answer_until_stopped(en);
	if (status == 0 && en->status) {
		status = en->status;
		*e = en->error;
	}
	return status;
}
