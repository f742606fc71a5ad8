/* SPDX-License-Identifier: MIT
 *
 * What to tell someone whose file is not a capture that we read.
 */
#ifndef SOCKLENS_CAPTURE_FOREIGN_H
#define SOCKLENS_CAPTURE_FOREIGN_H

#include "base/cursor.h"
#include "base/err.h"

enum { FOREIGN_PEEK = 8 }; /* bytes that tell every kind that we can name */

/* -EBADMSG, and in *e what the file is (from its first bytes) and what to do. */
int foreign_explain(const char *label, const struct cursor *first, struct err *e);

#endif
