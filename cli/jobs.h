/* SPDX-License-Identifier: MIT
 *
 * Many captures side by side: a process for each, so many at once, with an engine of its own. Their
 * rows wait in unlinked files until all have been read and are then merged in order of time, so
 * that the report does not tell who was quicker.
 */
#ifndef SOCKLENS_CLI_JOBS_H
#define SOCKLENS_CLI_JOBS_H

#include "flow/engine.h"

struct jobs;

struct jobs_ops {
	flow_row_fn flow;
	socket_row_fn socket;	 /* NULL = not wanted */
	void (*turn)(void *ctx); /* now and then while they are read */
	void *ctx;		 /* of all three */
};

/*
 * For so many captures, so many at once; opens the files for rows, which must be before privileges go.
 * 0, or a negative errno with the reason in *e.
 */
int jobs_new(struct jobs **out, unsigned captures, unsigned at_once, struct err *e);
void jobs_free(struct jobs *j); /* accepts NULL; ends what still runs */

/* Bytes that were read, of how many; of a struct jobs that runs. */
void jobs_progress(const void *jobs, uint64_t *done, uint64_t *size);

/*
 * The engine, which is borrowed, has the captures as its sources and has not run. Read all, then hand out
 * rows and add up the summary. As engine_run: 0, -EBADMSG when a capture was damaged (the first of them
 * is in *e), another negative errno on failure. Tunnels of the summary are the jobs' own.
 */
int jobs_run(struct jobs *j, struct engine *en, const struct jobs_ops *ops, struct summary_row *sum,
	     struct err *e);

#endif
