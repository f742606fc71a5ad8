/* SPDX-License-Identifier: MIT
 *
 * How a list gets into a file: the dashboard knows the rows, who runs it knows the formats.
 */
#ifndef SOCKLENS_TUI_EXPORT_H
#define SOCKLENS_TUI_EXPORT_H

#include "base/err.h"
#include "flow/rows/snapshot.h"

enum { EXPORT_ROWS_MAX = 10000 };

/* Write the rows of an answer to a new file. 0, or a negative errno with the reason in *e. */
typedef int (*export_fn)(void *ctx, const char *path, const struct snapshot *s, struct err *e);

#endif
