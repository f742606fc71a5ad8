/* SPDX-License-Identifier: MIT
 *
 * Recording from the screen: begun and ended by a key, done by who runs the screen.
 */
#ifndef SOCKLENS_TUI_RECORD_H
#define SOCKLENS_TUI_RECORD_H

#include "base/err.h"
#include "flow/rows/snapshot.h"

struct app;

/* Begin a new file of this name, or, with NULL, end. 0 or a negative errno with the reason in *e.
 */
typedef int (*record_fn)(void *ctx, const char *path, struct err *e);

const char *record_why_not(const struct app *a);
/* Ask for a name, or end what is recorded. */
void record_turn(struct app *a);
void record_begin(struct app *a, const char *path);
/* A name that nobody has: of the time of the data. */
void record_suggest(const struct app *a, char *text, int cap);
/* An answer has come, after this one: say how a recording ended. */
void record_take(struct app *a, const struct record_row *before, const struct record_row *now);

#endif
