/* SPDX-License-Identifier: MIT
 *
 * What the dashboard shows, as a report in a file.
 */
#ifndef SOCKLENS_CLI_EXPORT_H
#define SOCKLENS_CLI_EXPORT_H

#include "base/err.h"
#include "flow/rows/snapshot.h"

/*
 * Write the rows of an answer to a new file that only we may read, in the format that its extension
 * names. 0, or a negative errno with the reason in *e: -EINVAL for rows or formats that cannot be.
 */
int export_rows(void *unused, const char *path, const struct snapshot *s, struct err *e);

#endif
