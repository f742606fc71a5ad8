/* SPDX-License-Identifier: MIT
 *
 * The end of a report for people: what was seen, and what was not.
 */
#ifndef SOCKLENS_REPORT_TOTALS_H
#define SOCKLENS_REPORT_TOTALS_H

#include "report/exporter.h"

/* Lines, each after `prefix`. Loss, anomalies and the probe have one only if there are any. */
void totals_put(struct buf *out, const struct exporter_options *o, const struct summary_row *sum,
		const char *prefix);

#endif
