/* SPDX-License-Identifier: MIT
 *
 * Files for recordings: made anew, for their owner alone, one after another when a size is given.
 */
#ifndef SOCKLENS_CLI_RECORDING_H
#define SOCKLENS_CLI_RECORDING_H

#include "cli/options.h"
#include "flow/engine.h"

struct recording;

/*
 * For what -w, -C and -W ask; *out is NULL when they do not. Called before privileges are dropped:
 * root's own file is made now, while root may; the file of someone behind sudo, or of a user, when
 * the recording starts, by them. 0 or a negative errno with the reason in *e.
 */
int recording_prepare(struct recording **out, const struct settings *s, struct err *e);
/* Nothing came of it: an empty file goes. Accepts NULL. */
void recording_cancel(struct recording *r);
/* Begin, with privileges dropped; r is taken in any case and may be NULL. */
int recording_start(struct recording *r, struct engine *en, struct err *e);

/* For the screen: the same with a name that was typed, at once; NULL only ends what runs. */
int recording_switch(void *engine, const char *path, const struct settings *s, struct err *e);

/* How it went, for whoever watched: files, frames, what was lost. false when it broke off. */
bool recording_tell(const struct record_row *row);

#endif
