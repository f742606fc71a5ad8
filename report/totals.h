/* SPDX-License-Identifier: MIT
 *
 * The end of a report for people: what was seen, and what was not.
 */
#ifndef SOCKLENS_REPORT_TOTALS_H
#define SOCKLENS_REPORT_TOTALS_H

#include "report/exporter.h"

/* Lines of text, each after `prefix`; those about loss, anomalies and the probe only if there are any. */
void totals_put(struct buf *out, const struct exporter_options *o, const struct summary_row *sum,
		const char *prefix);

#endif
