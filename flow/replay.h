/* SPDX-License-Identifier: MIT
 *
 * What was known of a file at a time in it: a second engine that reads the same file and stops
 * there.
 *
 * So whatever is shown of a time is what a report says that is cut there (--between ,TIME). Going
 * on reads on; going back begins at the first frame again. No memory grows with the length of the
 * file but that of the flows, as in the first engine.
 */
#ifndef SOCKLENS_FLOW_REPLAY_H
#define SOCKLENS_FLOW_REPLAY_H

#include <stdint.h>

#include "base/err.h"

struct engine;
struct replay;

/* An engine's own; it has read its files to the end. NULL = out of memory. */
struct replay *replay_new(struct engine *of);
void replay_free(struct replay *r); /* accepts NULL */

/*
 * Take the frames before a time. 0 and the engine that has (borrowed until the next call), -EAGAIN when
 * somebody asked something else or wants to stop meanwhile, or another negative errno with *e: a pipe
 * cannot be read twice.
 */
int replay_to(struct replay *r, int64_t at_ns, struct engine **out, struct err *e);

#endif
