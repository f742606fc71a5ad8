/* SPDX-License-Identifier: MIT
 *
 * Rows that are fetched for something else than the screen: all of a list, or the tagged ones, for
 * a file or the clipboard. They come with the next answer.
 */
#ifndef SOCKLENS_TUI_ERRAND_H
#define SOCKLENS_TUI_ERRAND_H

#include <stdbool.h>

#include "flow/rows/snapshot.h"
#include "tui/prompt.h"

struct app;

enum errand_kind { ERRAND_NONE, ERRAND_EXPORT, ERRAND_COPY, ERRAND_COPY_ENDS };

struct errand {
	enum errand_kind kind;
	char path[PROMPT_MAX]; /* of an export */
};

void errand_export(struct app *a, const char *path);
/* The tagged flows, or the one under the cursor, which must be. */
void errand_copy(struct app *a, enum errand_kind kind);

void errand_query(const struct app *a, struct query *q); /* when there is an errand */
void errand_take(struct app *a, const struct snapshot *s);

#endif
