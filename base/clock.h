/* SPDX-License-Identifier: MIT
 *
 * The one place where the probe's CLOCK_MONOTONIC becomes wall-clock time.
 *
 * libpcap stamps frames with CLOCK_REALTIME, the probe stamps events with CLOCK_MONOTONIC. The
 * offset is taken from the tightest of 50 mono/real/mono triples, good to some 40 ns; it is
 * measured again each second, since the wall clock may be stepped.
 */
#ifndef SOCKLENS_BASE_CLOCK_H
#define SOCKLENS_BASE_CLOCK_H

#include <stdint.h>

struct clock_map {
	int64_t offset_ns; /* wall = mono + offset */
	int64_t error_ns;  /* half the width of the tightest triple */
	uint64_t steps;	   /* times the offset moved by more than a millisecond */
};

/* Measure (again); returns the change of the offset in ns, 0 the first time. */
int64_t clock_map_measure(struct clock_map *m);

static inline int64_t clock_wall_ns(const struct clock_map *m, int64_t mono_ns)
{
	return mono_ns + m->offset_ns;
}

int64_t clock_now_wall_ns(void);
int64_t clock_now_mono_ns(void);

#endif
