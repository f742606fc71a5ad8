/* SPDX-License-Identifier: MIT
 *
 * Numbers that somebody else made up may not fit where sums and rates of them go: what does not is
 * the largest that does.
 */
#ifndef SOCKLENS_BASE_SATURATE_H
#define SOCKLENS_BASE_SATURATE_H

#include <stdint.h>

static inline int64_t saturate_add(int64_t a, int64_t b)
{
	int64_t sum;

	if (!__builtin_add_overflow(a, b, &sum))
		return sum;
	return b < 0 ? INT64_MIN : INT64_MAX;
}

/* So much a second, in whole numbers, of `amount` >= 0 in span_ns > 0. */
static inline int64_t saturate_rate(double amount, double span_ns)
{
	double rate = amount * 1e9 / span_ns;

	return rate < 0x1p63 ? (int64_t)rate : INT64_MAX;
}

#endif
