/* SPDX-License-Identifier: MIT
 *
 * Formats of traced calls: one row each in report/call.c, a function a call and one at the end.
 */
#ifndef SOCKLENS_REPORT_CALL_H
#define SOCKLENS_REPORT_CALL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/loss.h"
#include "flow/rows/call_row.h"

struct call_options {
	bool utf8;
};

struct call_format {
	const char *name; /* "ndjson" */
	void (*call)(struct buf *out, const struct call_options *o, const struct call_row *row);
	/* The last line; NULL = none. */
	void (*end)(struct buf *out, const struct call_summary *sum, const struct loss *loss);
};

const struct call_format *call_format_find(const char *name); /* or NULL */
const char *call_format_names(void);			      /* "text, ndjson" */

void call_text(struct buf *out, const struct call_options *o, const struct call_row *row);
void call_ndjson(struct buf *out, const struct call_options *o, const struct call_row *row);
void call_ndjson_end(struct buf *out, const struct call_summary *sum, const struct loss *loss);

#endif
