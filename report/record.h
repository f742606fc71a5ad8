/* SPDX-License-Identifier: MIT
 *
 * The native flow record as JSON (RFC 8259), made from the field table (docs/SCHEMA.md). ndjson and
 * json are this record between different brackets.
 */
#ifndef SOCKLENS_REPORT_RECORD_H
#define SOCKLENS_REPORT_RECORD_H

#include "base/buf.h"
#include "flow/rows/row.h"

enum { RECORD_SCHEMA = 1 }; /* grows when a name changes its meaning or goes */

/* One object, no newline. Absent fields and empty objects are left out. */
void record_flow(struct buf *out, const struct flow_row *row);
void record_summary(struct buf *out, const struct summary_row *sum);

#endif
