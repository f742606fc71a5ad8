/* SPDX-License-Identifier: MIT
 *
 * Bytes over time, for a chart, while flows come in any order: a fixed number of bins that grow in
 * width as needed. Each flow's bytes are spread evenly over its life; where in it they really
 * passed is no longer known.
 */
#ifndef SOCKLENS_REPORT_TIMELINE_H
#define SOCKLENS_REPORT_TIMELINE_H

#include <stdint.h>

enum { TIMELINE_BINS = 256 };

struct timeline {
	int64_t start_ns, width_ns; /* of the first bin; width 0 = nothing yet */
	double bins[TIMELINE_BINS]; /* bytes */
};

void timeline_add(struct timeline *t, int64_t start_ns, int64_t end_ns, int64_t bytes);

#endif
