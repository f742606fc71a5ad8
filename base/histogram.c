/* SPDX-License-Identifier: MIT */
#include "base/histogram.h"

enum { STEP_BITS = 3 };

/* Below 16 each value has a bucket of its own: steps of one. */
static unsigned bucket_of(uint64_t v)
{
	unsigned octave;

	if (v >> HISTOGRAM_OCTAVES)
		return HISTOGRAM_BUCKETS - 1;
	if (v < HISTOGRAM_STEPS)
		return (unsigned)v;
	octave = 63 - (unsigned)__builtin_clzll(v);
	return (octave - STEP_BITS + 1) * HISTOGRAM_STEPS +
	       (unsigned)(v >> (octave - STEP_BITS) & (HISTOGRAM_STEPS - 1));
}

uint64_t histogram_bucket_end(unsigned bucket)
{
	unsigned row = bucket / HISTOGRAM_STEPS, step = bucket % HISTOGRAM_STEPS;

	return row ? ((uint64_t)(HISTOGRAM_STEPS + step + 1) << (row - 1)) - 1 : step;
}

void histogram_add(struct histogram *h, uint64_t value)
{
	h->count++;
	h->sum += value;
	if (value > h->max)
		h->max = value;
	h->buckets[bucket_of(value)]++;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
	into->count += from->count;
	into->sum += from->sum;
	if (from->max > into->max)
		into->max = from->max;
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		into->buckets[i] += from->buckets[i];
}

uint64_t histogram_quantile(const struct histogram *h, unsigned per_mille)
{
	uint64_t rank = h->count / 1000 * per_mille + (h->count % 1000 * per_mille + 999) / 1000;
	uint64_t seen = 0;
	unsigned i = 0;

	if (!h->count)
		return 0;
	while (i < HISTOGRAM_BUCKETS - 1 && (seen += h->buckets[i]) < (rank ? rank : 1))
		i++;
	return histogram_bucket_end(i) < h->max && i < HISTOGRAM_BUCKETS - 1 ? histogram_bucket_end(i) : h->max;
}
