/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <time.h>

enum { TRIPLES = 50, STEP_NS = 1000000 };

static int64_t now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t clock_now_wall_ns(void)
{
	return now_ns(CLOCK_REALTIME);
}

int64_t clock_now_mono_ns(void)
{
	return now_ns(CLOCK_MONOTONIC);
}

/*
 * The wall clock is read at some moment between two readings of the monotonic one. The closer
 * these are, the less that moment matters; an interrupt only makes a triple wider, never wrong.
 */
int64_t clock_map_measure(struct clock_map *m)
{
	int64_t width_ns = INT64_MAX, offset_ns = 0, change_ns;

	for (int i = 0; i < TRIPLES; i++) {
		int64_t before = clock_now_mono_ns();
		int64_t wall = clock_now_wall_ns();
		int64_t after = clock_now_mono_ns();

		if (after - before < width_ns) {
			width_ns = after - before;
			offset_ns = wall - before - width_ns / 2;
		}
	}
	/* Wall time equals uptime only in 1970: an offset of 0 was never measured. */
	change_ns = m->offset_ns ? offset_ns - m->offset_ns : 0;
	if (change_ns > STEP_NS || change_ns < -STEP_NS)
		m->steps++;
	m->offset_ns = offset_ns;
	m->error_ns = (width_ns + 1) / 2;
	return change_ns;
}
