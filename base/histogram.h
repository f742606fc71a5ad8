/* SPDX-License-Identifier: MIT
 *
 * Log-linear histograms: each power of two is divided into eight equal steps, so that a value read
 * back is at most an eighth too large, whatever its size. Fixed size, no allocation; a zeroed one
 * is empty.
 */
#ifndef SOCKLENS_BASE_HISTOGRAM_H
#define SOCKLENS_BASE_HISTOGRAM_H

#include <stdint.h>

enum {
	HISTOGRAM_STEPS = 8,	/* in a power of two */
	HISTOGRAM_OCTAVES = 40, /* what is larger counts as 2^40 - 1: 18 minutes in ns */
	HISTOGRAM_BUCKETS = (HISTOGRAM_OCTAVES - 2) * HISTOGRAM_STEPS,
};

struct histogram {
	uint64_t count, sum, max;
	uint64_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *h, uint64_t value);
void histogram_merge(struct histogram *into, const struct histogram *from);

/* The largest value of a bucket. */
uint64_t histogram_bucket_end(unsigned bucket);

/*
 * The value that so many in a thousand do not exceed, rounded up to the end of its step, never
 * above max; 0 when empty.
 */
uint64_t histogram_quantile(const struct histogram *h, unsigned per_mille);

#endif
