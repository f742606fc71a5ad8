/* SPDX-License-Identifier: MIT
 *
 * The engine's life, what it does with a frame and with a socket event, and how it is asked and
 * answered from outside. When it does so is in loop.c.
 */
#include "flow/engine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "decode/checksum.h"
#include "base/hash.h"
#include "flow/engine_private.h"
#include "flow/join/call_note.h"
#include "flow/kept_frames.h"
#include "flow/rows/choice_keep.h"
#include "flow/rows/problem.h"
#include "flow/recorded.h"

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
	if (!correlator_in_scope(en->correlator, f)) {
		en->counts.out_of_scope++;
		return;
	}
	if (!en->on_flow)
		return;
	engine_fill_row(en, &row, f);
	en->on_flow(en->on_flow_ctx, &row);
}

static void socket_gone(void *ctx, const struct socket_row *row)
{
	struct engine *en = ctx;

	if (en->on_socket)
		en->on_socket(en->on_socket_ctx, row);
}

static void flow_answered(void *ctx, const struct flow *f, int end, int64_t ns)
{
	struct engine *en = ctx;

	correlator_answer(en->correlator, f, end, ns);
}

static bool flow_outlived(void *ctx, const struct flow *f, int sender, int64_t time_ns)
{
	struct engine *en = ctx;

	return correlator_outlived(en->correlator, f, sender, time_ns);
}

static int engine_init_tables(struct engine *en)
{
	const struct engine_options *o = &en->options;
	struct flow_table_options fo = {
		.max_flows = o->max_flows,
		.keep_ended_ns = o->keep_closed_ns,
		.key_vlan = o->key_vlan,
		.key_tunnel = o->key_tunnel,
		.on_new = flow_began,
		.on_end = flow_ended,
		.outlived = flow_outlived,
		.on_answer = flow_answered,
		.ctx = en,
	};
	struct correlator_options co = {
		.max_sockets = o->max_sockets,
		.netns = o->netns,
		.scope = o->scope,
		.resolve_processes = o->resolve_processes,
		.reader = o->proc_reader,
		.clock = &en->clock,
		.on_socket = socket_gone,
		.ctx = en,
	};

	clock_map_measure(&en->clock);
	if (o->keep_frames)
		fo.recent = en->recent = recent_new(0);
	if (o->keep_bytes)
		en->bytes = kept_frames_new(KEPT_BYTES);
	if ((o->keep_frames && !en->recent) || (o->keep_bytes && !en->bytes))
		return -ENOMEM;
	en->flows = flow_table_new(&fo);
	en->duplicates = duplicates_new(o->key_vlan, o->key_tunnel);
	if (!en->flows || !en->duplicates)
		return -ENOMEM;
	en->correlator = correlator_new(&co, en->flows);
	return en->correlator ? 0 : -ENOMEM;
}

static void engine_init_window(struct engine *en)
{
	const struct window_options *o = &en->options.window;
	bool whole = !o->from_ns && !o->until_ns && !o->slice_ns;

	en->window = (struct window){.options = *o, .frames = engine_frames, .frames_ctx = en};
	en->frames = whole ? engine_frames : window_frames;
	en->frames_ctx = whole ? (void *)en : &en->window;
}

int engine_new(struct engine **out, const struct engine_options *o, struct err *e)
{
	struct engine *en = calloc(1, sizeof(*en));

	if (!en) {
		proc_reader_free(o->proc_reader);
		return err_set(e, -ENOMEM, "out of memory");
	}
	en->options = *o;
	en->seed = hash_random_seed();
	en->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	en->answer_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (o->look_back)
		en->axis = malloc(sizeof(*en->axis));
	if (en->wake_fd < 0 || en->answer_fd < 0 || engine_init_tables(en) < 0 ||
	    (o->look_back && !en->axis)) {
		engine_free(en);
		return err_set(e, -ENOMEM, "out of memory or file descriptors");
	}
	engine_init_window(en);
	if (en->axis)
		axis_init(en->axis, false);
	decode_init();
	*out = en;
	return 0;
}

static void end_recording(struct engine *en)
{
	recorder_free(en->recorder, en, &en->record);
	en->recorder = NULL;
}

void engine_free(struct engine *en)
{
	if (!en)
		return;
	end_recording(en);
	recorder_free(atomic_exchange(&en->next_recorder, NULL), en, &en->record);
	for (unsigned i = 0; i < en->source_count; i++)
		source_free(en->sources[i]);
	free(en->sources);
	probe_free(en->probe);
	call_delays_free(en->call_delays);
	correlator_free(en->correlator);
	proc_reader_free(en->options.proc_reader);
	past_free(en->past);
	flow_table_free(en->flows);
	recent_free(en->recent);
	kept_frames_free(en->bytes);
	replay_free(en->replay);
	choice_forget(en->kept);
	free(en->axis);
	duplicates_free(en->duplicates);
	rates_done(&en->rates);
	rates_done(&en->then_rates);
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
	struct source **more;

	if (en->source_count == ENGINE_SOURCES_MAX)
		return -E2BIG;
	more = reallocarray(en->sources, en->source_count + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	en->sources = more;
	if (en->axis && source_is_live(s)) {
		axis_init(en->axis, true);
		en->past = en->past ? en->past : past_new(en->flows, 0);
		flow_table_keep_past(en->flows, en->past);
	}
	en->sources[en->source_count++] = s;
	return 0;
}

void engine_keep_source(struct engine *en, unsigned index)
{
	struct source *kept = en->sources[index];

	en->sources[index] = en->sources[0];
	en->sources[0] = kept;
	while (en->source_count > 1)
		source_free(en->sources[--en->source_count]);
}

int engine_check_sources(struct engine *en, struct err *e)
{
	for (unsigned i = 0; i < en->source_count; i++)
		if (source_start(en->sources[i], e) == -EINVAL)
			return -EINVAL;
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

void engine_on_socket(struct engine *en, socket_row_fn fn, void *ctx)
{
	en->on_socket = fn;
	en->on_socket_ctx = ctx;
}

/* For the screen. What belongs to no flow that is captured here has no place on it. */
static void note_call(void *ctx, const struct call_row *row)
{
	struct engine *en = ctx;
	struct recent_note n;
	struct flow *f = call_note(&n, en->correlator, row);

	if (f)
		recent_add_call(en->recent, f->slot, flow_id(en->flows, f), n);
}

int engine_time_calls(struct engine *en)
{
	en->call_delays = call_delays_new(en->correlator, en->options.netns,
					  en->recent ? note_call : NULL, en);
	return en->call_delays ? 0 : -ENOMEM;
}

void engine_on_call(struct engine *en, call_fn fn, void *ctx)
{
	en->on_call = fn;
	en->on_call_ctx = ctx;
}

void engine_on_slice(struct engine *en, slice_fn fn, void *ctx)
{
	en->window.slice = fn;
	en->window.slice_ctx = ctx;
}

void engine_on_turn(struct engine *en, void (*fn)(void *ctx), void *ctx)
{
	en->on_turn = fn;
	en->on_turn_ctx = ctx;
}

void engine_each_flow(struct engine *en, flow_row_fn fn, void *ctx)
{
	struct flow_row row;

	for (struct flow *f = flow_table_next(en->flows, NULL); f;
	     f = flow_table_next(en->flows, f)) {
		if (f->flags & FLOW_ENDED)
			continue;
		engine_fill_row(en, &row, f);
		fn(ctx, &row);
	}
}

void engine_each_wanted(struct engine *en, bool (*wanted)(void *ctx, const struct flow_brief *flow),
			flow_row_fn fn, void *ctx)
{
	struct flow_row row;

	for (struct flow *f = flow_table_next(en->flows, NULL); f;
	     f = flow_table_next(en->flows, f)) {
		struct flow_brief brief = {flow_id(en->flows, f), f->start_ns, f->last_ns};

		if (f->flags & FLOW_ENDED || !wanted(ctx, &brief) ||
		    !correlator_in_scope(en->correlator, f))
			continue;
		engine_fill_row(en, &row, f);
		fn(ctx, &row);
	}
}

void engine_progress(const struct engine *en, uint64_t *done, uint64_t *size)
{
	*done = *size = 0;
	for (unsigned i = 0; i < en->source_count; i++) {
		struct source_stats st;

		source_stats(en->sources[i], &st);
		*done += st.bytes;
		*size += st.size;
	}
}

void engine_on_packets(struct engine *en, packets_fn fn, void *ctx)
{
	en->on_packets = fn;
	en->on_packets_ctx = ctx;
}

void engine_on_frames(struct engine *en, frames_fn fn, void *ctx)
{
	en->on_frames = fn;
	en->on_frames_ctx = ctx;
}

void engine_on_time(struct engine *en, time_fn fn, void *ctx)
{
	en->on_time = fn;
	en->on_time_ctx = ctx;
}

void engine_fill_rates(const struct engine *en, struct flow_row *row, const struct flow *f)
{
	rates_fill(en->then_ns ? &en->then_rates : &en->rates, row, f);
}

void engine_fill_row(struct engine *en, struct flow_row *row, struct flow *f)
{
	flow_row_fill(row, en->flows, f);
	/* What sockets did since is not of that time: who they belonged to is. */
	if (en->then_ns)
		correlator_fill_owners(en->correlator, row, f);
	else
		correlator_fill(en->correlator, row, f);
	engine_fill_rates(en, row, f);
	problem_fill(row);
}

/* --- frames and events ------------------------------------------------------------------------ */

static void count_odd(struct engine_counts *c, const struct packet *p)
{
	c->other[p->other]++;
	for (uint32_t left = p->anomalies; left; left &= left - 1)
		c->anomalies[__builtin_ctz(left)]++;
}

static void note_disorder(struct engine_counts *c, int64_t late_ns)
{
	if (late_ns > c->disorder_ns)
		c->disorder_ns = late_ns;
}

/* What most packets have in common is added up here, and not in memory. */
static void count_packets(struct engine_counts *c, const struct packet *packets, unsigned n)
{
	int64_t first_ns = c->first_ns, last_ns = c->last_ns;
	uint64_t bytes = 0, plain = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct packet *p = &packets[i];

		first_ns = p->time_ns < first_ns ? p->time_ns : first_ns;
		if (p->time_ns >= last_ns)
			last_ns = p->time_ns;
		else
			note_disorder(c, last_ns - p->time_ns);
		bytes += p->wirelen;
		if (p->other == PACKET_IN_FLOW && !p->anomalies)
			plain++;
		else
			count_odd(c, p);
	}
	c->first_ns = first_ns;
	c->last_ns = last_ns;
	c->bytes += bytes;
	c->packets += n;
	c->other[PACKET_IN_FLOW] += plain;
}

static void note_times(struct time_axis *t, const struct packet *packets, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		axis_add(t, packets[i].time_ns, packets[i].wirelen);
}

/* A packet counts once, however often it was captured on its way through this machine. */
static void judge_packet(struct engine *en, struct packet *p)
{
	if (en->options.checksums)
		checksum_verify(p);
	if (p->interface && p->other == PACKET_IN_FLOW && duplicates_seen(en->duplicates, p))
		p->other = PACKET_DUPLICATE;
}

static void take_packets(struct engine *en, const struct packet *packets, unsigned n)
{
	flow_table_packets(en->flows, packets, n);
	if (en->call_delays)
		call_delays_packets(en->call_delays, packets, n);
	if (en->on_packets)
		en->on_packets(en->on_packets_ctx, packets, n);
}

/* What a comment says of a frame's socket is known before the frame counts, wherever batches end. */
static void take_recorded(struct engine *en, const struct frame *frames, unsigned n, bool commented)
{
	struct sock_event ev;
	unsigned from = 0;

	for (unsigned i = 0; commented && i < n; i++) {
		if (!frames[i].comment || !recorded_event(&ev, &frames[i], &en->packets[i]))
			continue;
		take_packets(en, en->packets + from, i - from);
		from = i;
		correlator_event(en->correlator, &ev);
	}
	take_packets(en, en->packets + from, n - from);
}

void engine_frames(void *ctx, const struct frame *frames, unsigned n)
{
	struct engine *en = ctx;
	bool commented = false;

	if (en->on_frames)
		en->on_frames(en->on_frames_ctx, frames, n);
	if (en->bytes)
		kept_frames_add(en->bytes, frames, n);
	if (!en->counts.packets && n)
		en->counts.first_ns = en->counts.last_ns = frames[0].time_ns;
	for (unsigned i = 0; i < n; i++) {
		const struct frame *f = &frames[i];

		decode_frame(&en->packets[i], f->linktype, f->data, f->caplen, f->wirelen,
			     f->time_ns);
		judge_packet(en, &en->packets[i]);
		commented |= f->comment != NULL;
	}
	count_packets(&en->counts, en->packets, n);
	if (en->axis)
		note_times(en->axis, en->packets, n);
	if (en->recorded)
		take_packets(en, en->packets, n);
	else
		take_recorded(en, frames, n, commented);
	if (en->recorder)
		recorder_frames(en->recorder, en, en->source_now, frames, en->packets, n);
}

static void take_call(struct engine *en, const struct sock_event *ev)
{
	const struct call_event *c = (const void *)ev;
	struct call_event wall;

	if (!en->on_call && !en->call_delays)
		return;
	memcpy(&wall, c, call_event_bytes(c));
	wall.ev.time_ns = (uint64_t)clock_wall_ns(&en->clock, (int64_t)ev->time_ns);
	if (en->call_delays)
		call_delays_call(en->call_delays, &wall);
	if (en->on_call)
		en->on_call(en->on_call_ctx, &wall);
}

void engine_event(void *ctx, const struct sock_event *ev)
{
	struct engine *en = ctx;
	struct sock_event wall = *ev;

	if (ev->kind == SOCK_EVENT_CALL) {
		take_call(en, ev);
		return;
	}
	wall.time_ns = (uint64_t)clock_wall_ns(&en->clock, (int64_t)ev->time_ns);
	correlator_event(en->correlator, &wall);
	if (en->recorder)
		recorder_event(en->recorder, en, &wall);
}

int engine_existing_sockets(struct engine *en, struct err *e)
{
	int n = en->probe ? probe_existing(en->probe, engine_event, en, e) : 0;

	correlator_settle(en->correlator);
	return n;
}

/* Damage ends one file, not the run: what the others hold is still worth reading. */
void engine_note_damage(struct engine *en, int status, const struct err *e)
{
	if (en->status == 0 || (en->status == -EBADMSG && status != -EBADMSG)) {
		en->status = status;
		en->error = *e;
	}
}

/* --- recording -------------------------------------------------------------------------------- */

void engine_record(struct engine *en, struct recorder *r)
{
	struct record_row never_begun;
	uint64_t one = 1;

	recorder_free(atomic_exchange(&en->next_recorder, r), en, &never_begun);
	atomic_store(&en->end_recorder, true);
	if (write(en->wake_fd, &one, sizeof(one)) < 0)
		return;
}

void engine_turn_recorder(struct engine *en)
{
	if (!atomic_exchange(&en->end_recorder, false))
		return;
	end_recording(en);
	en->recorder = atomic_exchange(&en->next_recorder, NULL);
}

void engine_recording(const struct engine *en, struct record_row *out)
{
	*out = en->record;
	if (en->recorder)
		recorder_row(en->recorder, out);
}

/* --- the screen's questions ------------------------------------------------------------------- */

static void engine_answer(struct engine *en, const struct query *q)
{
	int64_t began_ns = clock_now_mono_ns();
	struct snapshot *s = engine_look(en, q);
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
 * Answer the newest question, if there is one. While something comes, frames and events come first:
 * when answers are dear (very many flows), they may take a fifth of the time at most, or half of it
 * for who has pressed a key.
 */
void engine_serve(struct engine *en)
{
	int64_t share = en->finished ? 0 : atomic_load(&en->urgent) ? 1 : 4;
	struct query *q;

	if (clock_now_mono_ns() - en->answered_mono_ns < share * en->answer_cost_ns)
		return;
	atomic_store(&en->urgent, false);
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
	if (q->urgent)
		atomic_store(&en->urgent, true);
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

bool engine_stopped(const struct engine *en)
{
	return atomic_load(&en->stop);
}

/* --- the end ---------------------------------------------------------------------------------- */

void engine_finish(struct engine *en, struct summary_row *out)
{
	if (en->call_delays)
		call_delays_advance(en->call_delays, INT64_MAX);
	window_end(&en->window);
	correlator_settle(en->correlator);
	if ((en->probe || en->recorded) && en->counts.last_ns)
		correlator_advance(en->correlator, INT64_MAX);
	flow_table_flush(en->flows);
	correlator_tell_sockets(en->correlator);
	engine_summary(en, out);
	en->delays = *correlator_delays(en->correlator);
	en->delays.of[DELAY_DNS] = *flow_table_dns_waits(en->flows);
	out->delays = &en->delays;
}
