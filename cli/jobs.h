/* SPDX-License-Identifier: MIT
 *
 * Many captures side by side: a process for each, so many at once, with an engine of its own. Their
 * rows wait in unlinked files until all have been read and are then merged in order of time, so
 * that the report does not tell who was quicker.
 */
#ifndef SOCKLENS_CLI_JOBS_H
#define SOCKLENS_CLI_JOBS_H

#include "flow/engine.h"

struct jobs_options {
	struct engine *engine; /* borrowed; has the captures as its sources, and has not run */
	unsigned captures, at_once;
	flow_row_fn flow;
	socket_row_fn socket;	 /* NULL = not wanted */
	void (*turn)(void *ctx); /* now and then while they are read */
	void *ctx;		 /* of all three */
};

struct jobs;

/* 0, or a negative errno with the reason in *e. */
int jobs_new(struct jobs **out, const struct jobs_options *o, struct err *e);
void jobs_free(struct jobs *j); /* accepts NULL; ends what still runs */

/* Bytes that were read, of how many; of a struct jobs. */
void jobs_progress(const void *jobs, uint64_t *done, uint64_t *size);

/*
 * Read all, then hand out rows and add up the summary. As engine_run: 0, -EBADMSG when a capture
 * was damaged (the first of them is in *e), another negative errno on failure. Tunnels of the
 * summary are the jobs' own.
 */
int jobs_run(struct jobs *j, struct summary_row *sum, struct err *e);

#endif
