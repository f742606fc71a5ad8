/* SPDX-License-Identifier: MIT
 *
 * The delays of a whole run as histograms, for summaries.
 */
#ifndef SOCKLENS_REPORT_DELAYS_H
#define SOCKLENS_REPORT_DELAYS_H

#include "base/buf.h"
#include "report/exporter.h"

struct delay_histograms;

/* `,"histograms":{...}` with the kinds that have values; nothing without. `d` may be NULL. */
void delays_put_json(struct buf *out, const struct delay_histograms *d);

/* A small table, each line after `prefix`; nothing without values. `d` may be NULL. */
void delays_put_text(struct buf *out, const struct exporter_options *o,
		     const struct delay_histograms *d, const char *prefix);

/* Its part of the JSON schema, with a comma before. */
void delays_put_schema(struct buf *out);

#endif
