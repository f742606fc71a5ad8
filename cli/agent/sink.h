/* SPDX-License-Identifier: MIT
 *
 * A place the agent reports to: one file and one row of the table in agent.c each. Sinks of records
 * get parts of flows, sinks of metrics get the page. None ever makes the engine wait.
 */
#ifndef SOCKLENS_CLI_AGENT_SINK_H
#define SOCKLENS_CLI_AGENT_SINK_H

#include "cli/agent/board.h"
#include "cli/agent/sender.h"
#include "report/agent/part.h"

struct sink_options {
	const char *argument; /* of the option that asked for it */
	size_t queue_bytes;
	uint32_t domain; /* IPFIX observation domain */
	struct patience patience;
	struct board *board; /* the newest metrics */
};

/* `self` is what open made; functions that a sink has no use for are NULL. */
struct sink_ops {
	const char *name; /* of its option and in metrics */
	/* With the caller's privileges: nothing is sent or accepted. 0, or a negative errno and *e.
	 */
	int (*open)(void **self, const struct sink_options *o, struct err *e);
	int (*start)(void *self, struct err *e); /* once they are dropped */
	void (*part)(void *self, const struct part *p);
	void (*flush)(void *self); /* each second: what waits for company goes out */
	void (*end)(void *self, const struct summary_row *sum); /* after the last part */
	void (*reopen)(void *self);				/* SIGHUP */
	void (*stop)(void *self); /* may take some seconds; then only stats and close follow */
	void (*stats)(void *self, struct metrics_sink *out);
	bool (*gone)(void *self); /* its reader has left for good */
	void (*close)(void *self);
	bool metrics; /* wants the page */
};

extern const struct sink_ops sink_ipfix, sink_ndjson, sink_prometheus, sink_textfile;

#endif
