/* SPDX-License-Identifier: MIT
 *
 * --when EXPR --do ACTION: what is done when a flow is as the user waits for (report/alert.h). What
 * is said goes to standard error, beside the report.
 */
#ifndef SOCKLENS_CLI_WATCH_H
#define SOCKLENS_CLI_WATCH_H

#include "cli/options.h"
#include "flow/engine.h"

struct watch;

/*
 * Of the settings' rules; without any *out is NULL, which all others accept. Opens the file to
 * record to: before privileges go. 0, or a negative errno with the reason in *e.
 */
int watch_new(struct watch **out, const struct settings *s, struct err *e);
void watch_free(struct watch *w);

/* Before the engine runs: what is alive is looked at once a second. */
void watch_engine(struct watch *w, struct engine *en);
/* A flow has ended; also a flow_row_fn. */
void watch_flow(void *watch, const struct flow_row *row);
/* All flows are known: what was not told is counted, what was recorded is whole. 0 or a negative
 * errno. */
int watch_end(struct watch *w, struct err *e);

#endif
