/* SPDX-License-Identifier: MIT
 *
 * The loop that owns all data.
 *
 * Files are read one after another as fast as they come; live sources and the probe are served
 * in turns from one epoll set, each with a budget so that none starves the others. The probe's ring
 * buffer is polled on the same timer as everything else, because waking up for each event costs the
 * traced programs more than the events themselves.
 */
#include "flow/engine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "flow/engine_private.h"

enum {
	FRAME_BUDGET = 8192, /* frames of one source a turn */
	EVENT_BUDGET = 16384,
	TICK_MS = 20,	     /* a socket event waits at most this long in the ring */
	LATE_NS = 100000000, /* frames may still be in the capture buffer: time trails by this */
};
#define SECOND_NS 1000000000LL

/* --- life ------------------------------------------------------------------------------------- */

static void flow_began(void *ctx, struct flow *f)
{
	struct engine *en = ctx;

	correlator_flow(en->correlator, f);
}

static void flow_ended(void *ctx, struct flow *f, enum flow_end why)
{
	struct engine *en = ctx;
	struct flow_row row;

	(void)why;
	if (!en->on_flow)
		return;
	engine_fill_row(en, &row, f);
	en->on_flow(en->on_flow_ctx, &row);
}

static int engine_init_tables(struct engine *en)
{
	const struct engine_options *o = &en->options;
	struct flow_table_options fo = {
		.max_flows = o->max_flows,
		.keep_ended_ns = o->keep_closed_ns,
		.on_new = flow_began,
		.on_end = flow_ended,
		.ctx = en,
	};
	struct correlator_options co = {
		.max_sockets = o->max_sockets,
		.netns = o->netns,
		.resolve_processes = o->resolve_processes,
	};

	en->flows = flow_table_new(&fo);
	if (!en->flows)
		return -ENOMEM;
	en->correlator = correlator_new(&co, en->flows);
	return en->correlator ? 0 : -ENOMEM;
}

int engine_new(struct engine **out, const struct engine_options *o, struct err *e)
{
	struct engine *en = calloc(1, sizeof(*en));

	if (!en)
		return err_set(e, -ENOMEM, "out of memory");
	en->options = *o;
	en->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	en->answer_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (en->wake_fd < 0 || en->answer_fd < 0 || engine_init_tables(en) < 0) {
		engine_free(en);
		return err_set(e, -ENOMEM, "out of memory or file descriptors");
	}
	decode_init();
	clock_map_measure(&en->clock);
	*out = en;
	return 0;
}

void engine_free(struct engine *en)
{
	if (!en)
		return;
	for (unsigned i = 0; i < en->source_count; i++)
		source_free(en->sources[i]);
	probe_free(en->probe);
	correlator_free(en->correlator);
	flow_table_free(en->flows);
	rates_done(&en->rates);
	free(atomic_exchange(&en->question, NULL));
	snapshot_free(atomic_exchange(&en->answer, NULL));
	if (en->wake_fd >= 0)
		close(en->wake_fd);
	if (en->answer_fd >= 0)
		close(en->answer_fd);
	free(en);
}

int engine_add_source(struct engine *en, struct source *s)
{
	if (en->source_count == ENGINE_SOURCES_MAX)
		return -E2BIG;
	en->sources[en->source_count++] = s;
	return 0;
}

void engine_set_probe(struct engine *en, struct probe *p)
{
	en->probe = p;
	correlator_set_probed(en->correlator);
}

void engine_set_probe_absent(struct engine *en, const char *why)
{
	snprintf(en->probe_absent, sizeof(en->probe_absent), "%s", why);
}

void engine_add_local_addr(struct engine *en, const struct addr *a)
{
	correlator_local_addr(en->correlator, a);
}

void engine_on_flow(struct engine *en, flow_row_fn fn, void *ctx)
{
	en->on_flow = fn;
	en->on_flow_ctx = ctx;
}

void engine_on_call(struct engine *en, call_fn fn, void *ctx)
{
	en->on_call = fn;
	en->on_call_ctx = ctx;
}

void engine_fill_row(struct engine *en, struct flow_row *row, struct flow *f)
{
	flow_row_fill(row, en->flows, f);
	correlator_fill(en->correlator, row, f);
	rates_fill(&en->rates, row, f);
}

/* --- frames and events ------------------------------------------------------------------------ */

static void count_packet(struct engine_counts *c, const struct packet *p)
{
	if (c->packets++ == 0)
		c->first_ns = c->last_ns = p->time_ns;
	if (p->time_ns < c->first_ns)
		c->first_ns = p->time_ns;
	if (p->time_ns > c->last_ns)
		c->last_ns = p->time_ns;
	c->bytes += p->wirelen;
	c->flow_packets += p->other == PACKET_IN_FLOW;
	c->other[p->other]++;
	for (uint32_t left = p->anomalies; left; left &= left - 1)
		c->anomalies[__builtin_ctz(left)]++;
}

static void on_frames(void *ctx, const struct frame *frames, unsigned n)
{
	struct engine *en = ctx;

	for (unsigned i = 0; i < n; i++) {
		const struct frame *f = &frames[i];

		decode_frame(&en->packets[i], f->linktype, f->data, f->caplen, f->wirelen,
			     f->time_ns);
		count_packet(&en->counts, &en->packets[i]);
	}
	flow_table_packets(en->flows, en->packets, n);
}

static void on_event(void *ctx, const struct sock_event *ev)
{
	struct engine *en = ctx;
	struct sock_event wall = *ev;

	wall.time_ns = (uint64_t)clock_wall_ns(&en->clock, (int64_t)ev->time_ns);
	if (ev->kind == SOCK_EVENT_CALL) {
		if (en->on_call)
			en->on_call(en->on_call_ctx, &wall);
		return;
	}
	correlator_event(en->correlator, &wall);
}

int engine_existing_sockets(struct engine *en, struct err *e)
{
	return en->probe ? probe_existing(en->probe, on_event, en, e) : 0;
}

/* --- the screen's questions ------------------------------------------------------------------- */

static void engine_answer(struct engine *en, const struct query *q)
{
	int64_t began_ns = clock_now_mono_ns();
	struct snapshot *s = engine_snapshot(en, q);
	uint64_t one = 1;

	en->answered_mono_ns = clock_now_mono_ns();
	en->answer_cost_ns = en->answered_mono_ns - began_ns;
	if (!s)
		return;
	snapshot_free(atomic_exchange(&en->answer, s));
	if (write(en->answer_fd, &one, sizeof(one)) < 0)
		return; /* the counter is full: it is readable already */
}

/*
 * Answer the newest question, if there is one. When answers are dear (very many flows), they may
 * take a fifth of the time at most: frames and events come first.
 */
static void engine_serve(struct engine *en)
{
	struct query *q;

	if (clock_now_mono_ns() - en->answered_mono_ns < 4 * en->answer_cost_ns)
		return;
	q = atomic_exchange(&en->question, NULL);
	if (q)
		engine_answer(en, q);
	free(q);
}

void engine_ask(struct engine *en, const struct query *q)
{
	struct query *copy = malloc(sizeof(*copy));
	uint64_t one = 1;

	if (!copy)
		return;
	*copy = *q;
	free(atomic_exchange(&en->question, copy));
	if (write(en->wake_fd, &one, sizeof(one)) < 0)
		return;
}

struct snapshot *engine_take(struct engine *en)
{
	uint64_t ignored;

	if (read(en->answer_fd, &ignored, sizeof(ignored)) < 0 && errno != EAGAIN)
		return NULL;
	return atomic_exchange(&en->answer, NULL);
}

int engine_answer_fd(const struct engine *en)
{
	return en->answer_fd;
}

void engine_stop(struct engine *en)
{
	uint64_t one = 1;
	int saved = errno;

	atomic_store(&en->stop, true);
	if (write(en->wake_fd, &one, sizeof(one)) < 0)
		errno = saved;
	errno = saved;
}

/* --- time ------------------------------------------------------------------------------------- */

static void meter_update(struct engine *en, int64_t now_ns)
{
	struct engine_meter *m = &en->meter;
	int64_t elapsed_ns = now_ns - m->since_ns;

	if (m->since_ns && elapsed_ns > 0) {
		double seconds = (double)elapsed_ns / 1e9;

		m->packets_per_s = (int64_t)((double)(en->counts.packets - m->packets) / seconds);
		m->bits_per_s = (int64_t)((double)(en->counts.bytes - m->bytes) * 8 / seconds);
	}
	*m = (struct engine_meter){now_ns, en->counts.packets, en->counts.bytes, m->packets_per_s,
				   m->bits_per_s};
}

static void every_second(struct engine *en, int64_t now_ns)
{
	meter_update(en, now_ns);
	rates_update(&en->rates, en->flows, now_ns);
	if (!en->probe)
		return;
	clock_map_measure(&en->clock);
	probe_totals(en->probe, on_event, en);
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

/* Damage ends one file, not the run: what the others hold is still worth reading. */
static void note_damage(struct engine *en, int status, const struct err *e)
{
	if (en->status == 0 || (en->status == -EBADMSG && status != -EBADMSG)) {
		en->status = status;
		en->error = *e;
	}
}

static void read_files(struct engine *en)
{
	struct err e;

	while (en->file_index < en->source_count && !should_stop(en)) {
		struct source *s = en->sources[en->file_index];
		int n = source_read(s, frame_budget(en, FRAME_BUDGET), on_frames, en, &e);

		engine_serve(en);
		if (n >= 0)
			continue;
		if (n != -ENODATA)
			note_damage(en, n, &e);
		en->file_index++;
	}
	en->finished = true;
}

/* --- live ------------------------------------------------------------------------------------- */

struct live_loop {
	int epoll_fd, tick_fd, deadline_fd;
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

enum { WATCH_OTHER, WATCH_DEADLINE };

static int live_open(struct engine *en, struct live_loop *l)
{
	int64_t run_for_ns = en->options.run_for_ns;
	int status;

	*l = (struct live_loop){.epoll_fd = epoll_create1(EPOLL_CLOEXEC), .deadline_fd = -1};
	l->tick_fd = timer_open(TICK_MS * 1000000LL, TICK_MS * 1000000LL);
	if (l->epoll_fd < 0 || l->tick_fd < 0)
		return -errno;
	status = watch(l->epoll_fd, l->tick_fd, WATCH_OTHER);
	if (!status)
		status = watch(l->epoll_fd, en->wake_fd, WATCH_OTHER);
	if (!status && run_for_ns) {
		l->deadline_fd = timer_open(run_for_ns, 0);
		status = watch(l->epoll_fd, l->deadline_fd, WATCH_DEADLINE);
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

static void live_wait(struct engine *en, struct live_loop *l)
{
	struct epoll_event evs[16];
	int n = epoll_wait(l->epoll_fd, evs, 16, 1000);
	uint64_t ignored;

	for (int i = 0; i < n; i++)
		l->over |= evs[i].data.u32 == WATCH_DEADLINE;
	/* Level-triggered counters: empty them so that they can wake us again. */
	if (read(l->tick_fd, &ignored, sizeof(ignored)) < 0 && errno != EAGAIN)
		l->over = true;
	if (read(en->wake_fd, &ignored, sizeof(ignored)) < 0 && errno != EAGAIN)
		l->over = true;
}

/* One turn over everything that may have something. false when a source failed for good. */
static bool live_turn(struct engine *en)
{
	struct err e;

	for (unsigned i = 0; i < en->source_count; i++) {
		unsigned budget = frame_budget(en, FRAME_BUDGET);
		int n = budget ? source_read(en->sources[i], budget, on_frames, en, &e) : 0;

		if (n < 0 && n != -ENODATA) {
			note_damage(en, n, &e);
			return false;
		}
	}
	if (en->probe)
		probe_read(en->probe, EVENT_BUDGET, on_event, en);
	return true;
}

static void live_time(struct engine *en, struct live_loop *l)
{
	int64_t now_ns = clock_now_wall_ns() - LATE_NS;

	flow_table_advance(en->flows, now_ns);
	correlator_advance(en->correlator, now_ns);
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
	while (probe_read(en->probe, EVENT_BUDGET, on_event, en) == EVENT_BUDGET)
		;
	probe_totals(en->probe, on_event, en);
}

static int run_live(struct engine *en, struct err *e)
{
	struct live_loop l;
	int status = live_open(en, &l);

	if (status < 0) {
		live_close(&l);
		return err_set(e, status, "cannot wait for events: %s", strerror(-status));
	}
	while (!should_stop(en) && !l.over) {
		live_wait(en, &l);
		if (!live_turn(en))
			break;
		live_time(en, &l);
		engine_serve(en);
	}
	live_drain(en);
	live_close(&l);
	en->finished = true;
	return 0;
}

/* --- run -------------------------------------------------------------------------------------- */

/* The data has ended, the dashboard has not: go on answering. */
static void answer_until_stopped(struct engine *en)
{
	struct live_loop l;

	if (live_open(en, &l) == 0) {
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

void engine_finish(struct engine *en, struct summary_row *out)
{
	if (en->probe && en->counts.last_ns)
		correlator_advance(en->correlator, INT64_MAX);
	flow_table_flush(en->flows);
	engine_summary(en, out);
}
