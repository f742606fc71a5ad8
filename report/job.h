/* SPDX-License-Identifier: MIT
 *
 * A report from its options: which flows, added up how, the largest of them, which fields, in what
 * format. Flows go in, bytes come out.
 */
#ifndef SOCKLENS_REPORT_JOB_H
#define SOCKLENS_REPORT_JOB_H

#include "base/err.h"
#include "report/exporter.h"

/* As the user gave them; NULL and 0 when not. */
struct job_options {
	const char *format;   /* NULL = text */
	const char *filter;   /* flow/rows/filter.h */
	const char *group_by; /* flow/rows/group.h */
	const char *by;	      /* a number to sort by: largest first */
	const char *fields;   /* names with commas between */
	unsigned top;
	bool intervals; /* job_slice is called */
	struct exporter_options exporter;
};

struct job;

/* 0; -EINVAL with the option, the reason and what there is in *e; or another negative errno. */
int job_new(struct job **out, const struct job_options *o, struct err *e);
void job_free(struct job *j); /* accepts NULL */

/* Each appends to `out`, which may be written and reset after any of them. */
void job_begin(struct job *j, struct buf *out);
void job_flow(struct job *j, struct buf *out, const struct flow_row *row);
/* Now and then while nothing comes. */
void job_tick(struct job *j);
/* The format shows frames of flows: what exporter.frames gives (report/exporter.h). */
bool job_wants_frames(const struct job *j);
void job_set_frames(struct job *j, struct flow_frames *(*frames)(void *ctx, uint64_t id), void *ctx);
/* The format writes to exporter.path itself, nothing to `out`. */
bool job_own_file(const struct job *j);
/* Sockets are in whole reports only, and in formats that have a place for them. */
bool job_wants_sockets(const struct job *j);
void job_socket(struct job *j, struct buf *out, const struct socket_row *row);
/* A slice has ended: call job_live for each flow that is there, then job_slice. */
void job_live(struct job *j, const struct flow_row *row);
void job_slice(struct job *j, struct buf *out, int64_t start_ns);
/*
 * Rows that had to wait for the end, a part at a time: write `out` and call again while it is true.
 * Then, once, job_end.
 */
bool job_rest(struct job *j, struct buf *out);
void job_end(struct job *j, struct buf *out, struct summary_row *sum);

/* 0, or what made the report incomplete. After job_end. */
int job_status(struct job *j, struct err *e);

#endif
