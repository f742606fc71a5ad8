/* SPDX-License-Identifier: MIT
 *
 * What an agent counts, as metrics in Prometheus' text format 0.0.4. No label ever holds an address
 * or a port, and the number of series is bounded.
 */
#ifndef SOCKLENS_REPORT_AGENT_METRICS_H
#define SOCKLENS_REPORT_AGENT_METRICS_H

#include "base/buf.h"
#include "report/agent/part.h"

/* A place that records go to. */
struct metrics_sink {
	const char *name; /* "ipfix" */
	uint64_t sent, dropped, errors, connects;
	uint64_t queue_bytes, queue_size;
	bool connected;
};
enum { METRICS_SINKS_MAX = 8 };

/* How the agent itself is. */
struct metrics_health {
	const char *version;
	double cpu_s, start_s; /* processor time used; start of the process, s since 1970 */
	uint64_t resident_bytes;
	uint64_t parts_refused;
	struct metrics_sink sinks[METRICS_SINKS_MAX];
	unsigned sink_count;
};

struct metrics;

/* At most `series` pairs of process and protocol, and one for all others. NULL = out of memory. */
struct metrics *metrics_new(unsigned series);
void metrics_free(struct metrics *m); /* accepts NULL */

void metrics_part(struct metrics *m, const struct part *p);
/* The time of the data, now and then. */
void metrics_advance(struct metrics *m, int64_t now_ns);
void metrics_put(struct buf *out, const struct metrics *m, const struct summary_row *sum,
		 const struct metrics_health *health);

#endif
