/* SPDX-License-Identifier: MIT
 *
 * Memory that many small owners share: what does not fit is refused and counted, never taken.
 */
#ifndef SOCKLENS_FLOW_BUDGET_H
#define SOCKLENS_FLOW_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct budget {
	size_t used, max; /* bytes */
	uint64_t
		refused; /* bytes of traffic that were not looked at, or not kept, for want of it */
};

static inline bool budget_take(struct budget *b, size_t n)
{
	if (n > b->max - b->used)
		return false;
	b->used += n;
	return true;
}

static inline void budget_give(struct budget *b, size_t n)
{
	b->used -= n;
}

#endif
