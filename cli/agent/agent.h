/* SPDX-License-Identifier: MIT
 *
 * The agent of socklens export: the engine's flows in parts to sinks of records, its counters to
 * sinks of metrics. All of it but the sinks' threads runs in the engine's thread.
 */
#ifndef SOCKLENS_CLI_AGENT_AGENT_H
#define SOCKLENS_CLI_AGENT_AGENT_H

#include <stdatomic.h>

#include "cli/agent/notify.h"
#include "cli/agent/sink.h"
#include "cli/options.h"
#include "flow/engine.h"

struct agent_sink {
	const struct sink_ops *ops;
	void *self;
};

struct agent {
	struct engine *engine; /* borrowed */
	struct agent_sink sinks[EXPORT_SINKS_MAX];
	unsigned sink_count;
	struct parts *told;    /* to sinks of records; NULL without any */
	struct parts *counted; /* in metrics; NULL without sinks of metrics */
	struct metrics *metrics;
	struct board board;
	struct buf text; /* of the page */
	struct notify notify;
	int64_t second_ns;  /* of the data: when sinks were served last */
	atomic_bool reopen; /* set by SIGHUP */
	atomic_bool ending; /* set by SIGINT and SIGTERM */
};

/* Open all sinks, with the caller's privileges. 0, or a negative errno with the reason in *e. */
int agent_open(struct agent *a, const struct settings *s, struct err *e);
/* Once they are dropped: threads start, and the engine tells its flows from now on. */
int agent_start(struct agent *a, struct engine *en, struct err *e);
/* After engine_finish: the rest is sent, for some seconds at most. */
void agent_stop(struct agent *a, const struct summary_row *sum);
void agent_close(struct agent *a);
/* After agent_stop: what was sent, a line each. */
void agent_tell(const struct agent *a);

#endif
