/* SPDX-License-Identifier: MIT
 *
 * A report format: one file, one row in report/exporters.c. An exporter turns rows into bytes in a
 * buffer; who called it writes them somewhere.
 */
#ifndef SOCKLENS_REPORT_EXPORTER_H
#define SOCKLENS_REPORT_EXPORTER_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "flow/rows/row.h"
#include "flow/rows/snapshot.h"
#include "flow/rows/socket_row.h"

struct exporter_options {
	bool human;    /* units instead of exact numbers (text) */
	bool names;    /* of addresses, where tables show an end; false: numbers only (-n) */
	int columns;   /* of the terminal; 0 = unlimited */
	bool utf8;
	bool csv_raw;  /* no leading quote before = + - @ TAB CR */
	const char *path; /* of a format that writes a file of its own */
	void *state;	  /* of a format that has `open` */
	/* What is remembered of a flow's frames while its row is told: owned by the caller, or NULL. */
	struct flow_frames *(*frames)(void *ctx, uint64_t id);
	void *frames_ctx;
};

/* A buffer needs room for this much more whenever `flow` is called. */
enum { EXPORTER_ROW_MAX = 128 * 1024 };

/*
 * The caller may write out and reset the buffer after any call. Most exporters keep nothing between
 * them; those that do have `open` and `close`. `begin`, `flow` and `end` are always there; `begin` and `end` are called once, even without
 * flows. Without `socket` a format has nothing to say about sockets.
 */
struct exporter {
	const char *name; /* "ndjson" */
	const char *help; /* one sentence */
	const char *extension;
	void (*begin)(struct buf *out, const struct exporter_options *o);
	void (*flow)(struct buf *out, const struct exporter_options *o, const struct flow_row *row);
	void (*end)(struct buf *out, const struct exporter_options *o,
		    const struct summary_row *sum);
	void (*socket)(struct buf *out, const struct exporter_options *o,
		       const struct socket_row *row);

	/* Sets o->state, before privileges are dropped; 0 or a negative errno with the reason in *e. */
	int (*open)(struct exporter_options *o, struct err *e);
	/* Now and then while nothing comes: what has waited for company goes out. May be NULL. */
	void (*tick)(const struct exporter_options *o);
	/* Frees the state. 0, or what went wrong since `open`. */
	int (*close)(struct exporter_options *o, struct err *e);
	bool wants_frames; /* has a use for o->frames */
	bool own_file; /* writes to o->path, nothing to the buffer */
};

const struct exporter *exporters(unsigned *count);
const struct exporter *exporter_find(const char *name); /* or NULL */

#endif
