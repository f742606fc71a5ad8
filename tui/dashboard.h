/* SPDX-License-Identifier: MIT
 *
 * The dashboard's main loop: keys and signals in, questions out, answers on the screen.
 */
#ifndef SOCKLENS_TUI_DASHBOARD_H
#define SOCKLENS_TUI_DASHBOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/rows/snapshot.h"
#include "tui/choices.h"
#include "tui/export.h"
#include "tui/record.h"

struct keymap;

/* How to reach the engine, wherever it runs. None of these may block. */
struct dashboard_ops {
	void (*ask)(void *ctx, const struct query *q); /* copies the query; the newest wins */
	struct snapshot *(*take)(void *ctx); /* newest answer, owned by the caller; NULL = none */
	int answer_fd;			     /* readable when take has something */
	void *ctx;
};

struct dashboard_options {
	const char *source; /* interface or file, shown until the first answer */
	bool live;
	const char *theme; /* NULL or "" = by NO_COLOR; see theme_find */
	bool mouse;
	bool ascii;		   /* even where the locale says UTF-8 */
	int64_t fade_ns;	   /* closed flows stay this long; < 0 = for ever */
	const struct keymap *keys; /* NULL = as the table of actions says */
	export_fn export;	   /* NULL = nothing can be exported */
	record_fn record;	   /* NULL = nothing can be recorded */
	void *export_ctx;	   /* of both */
	bool payload;		   /* bytes of frames may be looked at */
	const struct choices *choices; /* NULL = none */
	keep_fn keep;		   /* NULL = choices are forgotten */
	const char *notice;	   /* said in the footer at first; NULL = nothing */
};

/*
 * Run until the user quits or SIGINT, SIGTERM or SIGHUP comes. Blocks the calling thread,
 * restores the terminal and the signal handlers. 0, or a negative errno and *e: -ENOTTY, -ENOTSUP
 * (terminal), -EINVAL (theme), -ENOMEM.
 */
int dashboard_run(const struct dashboard_ops *ops, const struct dashboard_options *o,
		  struct err *e);

#endif
