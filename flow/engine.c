/* SPDX-License-Identifier: MIT
 *
 * The engine's life: what it is made of, whom it tells, and its end. When it does what is in
 * loop.c, what it does with a frame in engine_take.c, how it is asked and answered in engine_ask.c.
 */
#include "flow/engine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/hash.h"
#include "flow/engine_private.h"
#include "flow/join/call_note.h"
#include "flow/kept_frames.h"
#include "flow/rows/choice_keep.h"
#include "flow/rows/problem.h"

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

static bool flow_waits(void *ctx, const struct flow *f)
{
	struct engine *en = ctx;

	return correlator_waits(en->correlator, f);
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
		.waits = flow_waits,
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

void engine_free(struct engine *en)
{
	if (!en)
		return;
	engine_end_recording(en);
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
