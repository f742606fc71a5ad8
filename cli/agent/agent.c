/* SPDX-License-Identifier: MIT */
#include "cli/agent/agent.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "cli/agent/health.h"
#include "cli/message.h"

enum { TEXT_MAX = 16 << 20 };
#define SECOND_NS 1000000000ll
#define COUNT_NS  (5 * SECOND_NS) /* metrics trail the traffic by so much at most */

static const struct sink_ops *const kinds[] = {
	[EXPORT_IPFIX] = &sink_ipfix,
	[EXPORT_PROMETHEUS] = &sink_prometheus,
	[EXPORT_TEXTFILE] = &sink_textfile,
	[EXPORT_NDJSON] = &sink_ndjson,
};

/* --- opening ---------------------------------------------------------------------------------- */

static int open_sink(struct agent *a, const struct settings *s, unsigned i, struct err *e)
{
	struct agent_sink *sink = &a->sinks[i];
	struct sink_options o = {
		.argument = s->export.sinks[i].argument,
		.queue_bytes = s->export.queue_bytes,
		.domain = s->export.domain,
		.patience = {.files = s->file_count > 0, .ending = &a->ending},
		.board = &a->board,
	};
	int status;

	sink->ops = kinds[s->export.sinks[i].kind];
	status = sink->ops->open(&sink->self, &o, e);
	a->sink_count += status >= 0;
	return status;
}

static int open_parts(struct agent *a, const struct export_settings *x)
{
	struct parts_options told = {.active_ns = x->active_ns, .idle_ns = x->idle_ns};
	struct parts_options counted = {.active_ns = COUNT_NS, .idle_ns = COUNT_NS};
	bool records = false, metrics = false;

	for (unsigned i = 0; i < a->sink_count; i++) {
		records |= !a->sinks[i].ops->metrics;
		metrics |= a->sinks[i].ops->metrics;
	}
	if (records && !(a->told = parts_new(&told)))
		return -ENOMEM;
	if (!metrics)
		return 0;
	a->counted = parts_new(&counted);
	a->metrics = metrics_new(x->series);
	return a->counted && a->metrics ? 0 : -ENOMEM;
}

int agent_open(struct agent *a, const struct settings *s, struct err *e)
{
	int status = 0;

	*a = (struct agent){.notify.fd = -1};
	board_init(&a->board);
	buf_init(&a->text, TEXT_MAX);
	if (!s->export.sink_count)
		return err_set(e, -EINVAL,
			       "export needs somewhere to export to: --ipfix, --prometheus, "
			       "--textfile or --ndjson");
	for (unsigned i = 0; status == 0 && i < s->export.sink_count; i++)
		status = open_sink(a, s, i, e);
	if (status == 0 && open_parts(a, &s->export) < 0)
		status = err_set(e, -ENOMEM, "out of memory");
	if (status == 0)
		notify_open(&a->notify);
	return status;
}

void agent_close(struct agent *a)
{
	for (unsigned i = 0; i < a->sink_count; i++)
		a->sinks[i].ops->close(a->sinks[i].self);
	a->sink_count = 0;
	parts_free(a->told);
	parts_free(a->counted);
	metrics_free(a->metrics);
	buf_done(&a->text);
	board_done(&a->board);
	notify_close(&a->notify);
}

/* --- flows ------------------------------------------------------------------------------------ */

static void tell_part(struct agent *a, const struct part *p)
{
	for (unsigned i = 0; i < a->sink_count; i++)
		if (a->sinks[i].ops->part)
			a->sinks[i].ops->part(a->sinks[i].self, p);
}

static void on_flow(void *ctx, const struct flow_row *row)
{
	struct agent *a = ctx;
	struct part p;

	if (a->told && parts_take(a->told, row, true, &p))
		tell_part(a, &p);
	if (a->counted && parts_take(a->counted, row, true, &p))
		metrics_part(a->metrics, &p);
}

static struct flow_brief brief_of(const struct flow_row *row)
{
	return (struct flow_brief){row->id, row->start_ns, row->end_ns};
}

static bool is_due(void *ctx, const struct flow_brief *flow)
{
	const struct agent *a = ctx;

	return (a->told && parts_due(a->told, flow)) || (a->counted && parts_due(a->counted, flow));
}

static void on_due(void *ctx, const struct flow_row *row)
{
	struct agent *a = ctx;
	struct flow_brief flow = brief_of(row);
	struct part p;

	if (a->told && parts_due(a->told, &flow) && parts_take(a->told, row, false, &p))
		tell_part(a, &p);
	if (a->counted && parts_due(a->counted, &flow) && parts_take(a->counted, row, false, &p))
		metrics_part(a->metrics, &p);
}

/* --- each second ------------------------------------------------------------------------------ */

static void fill_health(const struct agent *a, struct metrics_health *h)
{
	health_fill(h);
	h->parts_refused = (a->told ? parts_refused(a->told) : 0) + parts_refused(a->counted);
	for (unsigned i = 0; i < a->sink_count; i++) {
		h->sinks[i].name = a->sinks[i].ops->name;
		a->sinks[i].ops->stats(a->sinks[i].self, &h->sinks[i]);
	}
	h->sink_count = a->sink_count;
}

static void publish(struct agent *a, const struct summary_row *sum)
{
	struct metrics_health health = {0};

	if (!a->metrics)
		return;
	fill_health(a, &health);
	buf_reset(&a->text);
	metrics_put(&a->text, a->metrics, sum, &health);
	if (!a->text.failed)
		board_set(&a->board, a->text.p, a->text.len);
}

static void serve(struct agent *a, int64_t now_ns)
{
	struct summary_row sum;

	if (a->told)
		parts_advance(a->told, now_ns);
	if (a->counted)
		parts_advance(a->counted, now_ns);
	engine_each_wanted(a->engine, is_due, on_due, a);
	if (a->metrics)
		metrics_advance(a->metrics, now_ns);
	for (unsigned i = 0; i < a->sink_count; i++)
		if (a->sinks[i].ops->flush)
			a->sinks[i].ops->flush(a->sinks[i].self);
	engine_summary(a->engine, &sum);
	publish(a, &sum);
}

/* A wall clock that is set back must not silence us until it is where it was. */
static void on_time(void *ctx, int64_t now_ns)
{
	struct agent *a = ctx;

	if (now_ns - a->second_ns < SECOND_NS && now_ns >= a->second_ns)
		return;
	a->second_ns = now_ns;
	serve(a, now_ns);
}

static void on_slice(void *ctx, int64_t start_ns)
{
	serve(ctx, start_ns + SECOND_NS);
}

static void on_turn(void *ctx)
{
	struct agent *a = ctx;
	bool reopen = atomic_exchange(&a->reopen, false);

	notify_alive(&a->notify, clock_now_mono_ns());
	for (unsigned i = 0; i < a->sink_count; i++) {
		if (reopen && a->sinks[i].ops->reopen)
			a->sinks[i].ops->reopen(a->sinks[i].self);
		if (a->sinks[i].ops->gone && a->sinks[i].ops->gone(a->sinks[i].self))
			engine_stop(a->engine);
	}
}

/* --- a run ------------------------------------------------------------------------------------ */

int agent_start(struct agent *a, struct engine *en, struct err *e)
{
	struct summary_row sum;
	int status = 0;

	a->engine = en;
	engine_on_flow(en, on_flow, a);
	engine_on_time(en, on_time, a);
	engine_on_slice(en, on_slice, a);
	engine_on_turn(en, on_turn, a);
	engine_summary(en, &sum);
	publish(a, &sum);
	for (unsigned i = 0; status == 0 && i < a->sink_count; i++)
		status = a->sinks[i].ops->start(a->sinks[i].self, e);
	if (status == 0)
		notify_tell(&a->notify, "READY=1");
	return status;
}

void agent_stop(struct agent *a, const struct summary_row *sum)
{
	notify_tell(&a->notify, "STOPPING=1");
	atomic_store(&a->ending, true);
	for (unsigned i = 0; i < a->sink_count; i++)
		if (a->sinks[i].ops->end)
			a->sinks[i].ops->end(a->sinks[i].self, sum);
	publish(a, sum);
	board_shut(&a->board);
	for (unsigned i = 0; i < a->sink_count; i++)
		a->sinks[i].ops->stop(a->sinks[i].self);
}

void agent_tell(const struct agent *a)
{
	for (unsigned i = 0; i < a->sink_count; i++) {
		struct metrics_sink s = {0};

		a->sinks[i].ops->stats(a->sinks[i].self, &s);
		if (!a->sinks[i].ops->metrics)
			message("--%s: %llu records, %llu dropped, %llu errors",
				a->sinks[i].ops->name, (unsigned long long)s.sent,
				(unsigned long long)s.dropped, (unsigned long long)s.errors);
	}
}
