/* SPDX-License-Identifier: MIT */
#include "report/timeline.h"

#include <string.h>

#define FIRST_WIDTH_NS 100000 /* finer than any screen shows */

static int64_t end_of(const struct timeline *t)
{
	return t->start_ns + TIMELINE_BINS * t->width_ns;
}

/* Twice as wide; what there was becomes the first or, when there is more before it, the last half.
 */
static void widen(struct timeline *t, int before)
{
	double half[TIMELINE_BINS / 2];
	int at = before ? TIMELINE_BINS / 2 : 0;

	for (int i = 0; i < TIMELINE_BINS / 2; i++)
		half[i] = t->bins[2 * i] + t->bins[2 * i + 1];
	memset(t->bins, 0, sizeof(t->bins));
	memcpy(t->bins + at, half, sizeof(half));
	if (before)
		t->start_ns -= TIMELINE_BINS * t->width_ns;
	t->width_ns *= 2;
}

void timeline_add(struct timeline *t, int64_t start_ns, int64_t end_ns, int64_t bytes)
{
	double life_ns;

	if (!t->width_ns) {
		t->start_ns = start_ns;
		t->width_ns = FIRST_WIDTH_NS;
	}
	while (start_ns < t->start_ns)
		widen(t, 1);
	while (end_ns >= end_of(t))
		widen(t, 0);
	life_ns = (double)(end_ns - start_ns) + 1;
	for (int i = (int)((start_ns - t->start_ns) / t->width_ns); i < TIMELINE_BINS; i++) {
		int64_t from = t->start_ns + i * t->width_ns, until = from + t->width_ns;

		if (from > end_ns)
			break;
		from = from > start_ns ? from : start_ns;
		until = until < end_ns + 1 ? until : end_ns + 1;
		t->bins[i] += (double)bytes * (double)(until - from) / life_ns;
	}
}
