/* SPDX-License-Identifier: MIT */
#include "cli/export_options.h"

#include <errno.h>

#include "base/fmt.h"

enum { SERIES_MAX = 10000, QUEUE_MIN = 1 << 20, QUEUE_MAX = 1 << 30 };
#define SECOND_NS 1000000000ll

struct export_settings export_defaults(void)
{
	return (struct export_settings){
		.active_ns = 60 * SECOND_NS,
		.idle_ns = 15 * SECOND_NS,
		.queue_bytes = 16 << 20,
		.series = 100,
		.domain = 1,
	};
}

static int add_sink(struct settings *s, enum export_kind kind, const char *arg, struct err *e)
{
	struct export_settings *x = &s->export;

	if (x->sink_count == EXPORT_SINKS_MAX)
		return err_set(e, -EINVAL, "%s: at most %d places to export to", arg,
			       EXPORT_SINKS_MAX);
	x->sinks[x->sink_count++] = (struct export_sink){kind, arg};
	return 0;
}

int set_export_ipfix(struct settings *s, const char *arg, struct err *e)
{
	return add_sink(s, EXPORT_IPFIX, arg, e);
}

int set_export_prometheus(struct settings *s, const char *arg, struct err *e)
{
	return add_sink(s, EXPORT_PROMETHEUS, arg, e);
}

int set_export_textfile(struct settings *s, const char *arg, struct err *e)
{
	return add_sink(s, EXPORT_TEXTFILE, arg, e);
}

int set_export_ndjson(struct settings *s, const char *arg, struct err *e)
{
	return add_sink(s, EXPORT_NDJSON, arg, e);
}

static int set_timeout(int64_t *ns, const char *option, const char *arg, struct err *e)
{
	if (parse_duration(ns, arg) && *ns >= SECOND_NS)
		return 0;
	return err_set(e, -EINVAL, "%s %s: give a time such as 60s, at least 1s", option, arg);
}

int set_export_active(struct settings *s, const char *arg, struct err *e)
{
	return set_timeout(&s->export.active_ns, "--active", arg, e);
}

int set_export_idle(struct settings *s, const char *arg, struct err *e)
{
	return set_timeout(&s->export.idle_ns, "--idle", arg, e);
}

int set_export_queue(struct settings *s, const char *arg, struct err *e)
{
	uint64_t v;

	if (!parse_bytes(&v, arg) || v < QUEUE_MIN || v > QUEUE_MAX)
		return err_set(e, -EINVAL, "--queue %s: give a size such as 16M, 1M to 1G", arg);
	s->export.queue_bytes = v;
	return 0;
}

int set_export_series(struct settings *s, const char *arg, struct err *e)
{
	uint64_t v;

	if (!parse_u64(&v, arg, SERIES_MAX) || !v)
		return err_set(e, -EINVAL, "--series %s: give a number, 1 to %d", arg, SERIES_MAX);
	s->export.series = (unsigned)v;
	return 0;
}

int set_export_domain(struct settings *s, const char *arg, struct err *e)
{
	uint64_t v;

	if (!parse_u64(&v, arg, UINT32_MAX))
		return err_set(e, -EINVAL, "--domain %s: give a number below 2^32", arg);
	s->export.domain = (uint32_t)v;
	return 0;
}
