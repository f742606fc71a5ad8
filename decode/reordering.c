/* SPDX-License-Identifier: MIT */
#include "decode/reordering.h"

#include <stdbool.h>

static bool is_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

void reordering_jump(struct reordering *r, uint32_t left, uint32_t right, uint32_t at)
{
	r->jump[r->next] = (struct reordering_jump){left, right, at};
	r->next = (uint8_t)((r->next + 1) % REORDERING_JUMPS);
}

/* The first packet with a higher number; when that is forgotten the one before this. */
static uint32_t first_higher(const struct reordering *r, uint32_t number, uint32_t at)
{
	for (unsigned i = 0; i < REORDERING_JUMPS; i++)
		if (number - r->jump[i].left < r->jump[i].right - r->jump[i].left)
			return r->jump[i].at;
	return at - 1;
}

void reordering_late(struct reordering *r, uint32_t number, uint32_t at)
{
	uint32_t first = first_higher(r, number, at), extent = at - first, run = extent;

	/* One with a lower number that came in between ends the run of higher ones. */
	if (r->packets && !is_before(r->last_at, first) && is_before(r->last_number, number))
		run = at - r->last_at - 1;
	r->packets++;
	r->triple += run >= REORDERING_TRIPLE;
	if (extent > r->extent_max)
		r->extent_max = extent;
	r->last_at = at;
	r->last_number = number;
}
