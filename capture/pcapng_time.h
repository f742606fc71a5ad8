/* SPDX-License-Identifier: MIT
 *
 * pcapng time stamps: 64-bit counts of ticks whose length each interface chooses (if_tsresol, a
 * power of ten or of two of a second), plus an offset in seconds (if_tsoffset).
 */
#ifndef SOCKLENS_CAPTURE_PCAPNG_TIME_H
#define SOCKLENS_CAPTURE_PCAPNG_TIME_H

#include <stdint.h>

#include "capture/format.h"

enum { PCAPNG_MICROSECONDS = 6 }; /* the resolution of an interface that names none */

void pcapng_time_init(struct format_interface *fi, uint8_t resolution, int64_t offset_s);

/* Between the years 1823 and 2116, so that a difference of times and a time with a timeout fit 64 bits. */
#define PCAPNG_TIME_MAX (INT64_MAX / 2)
#define PCAPNG_TIME_MIN (INT64_MIN / 2)

/* Times beyond these become the nearest that fits. */
int64_t pcapng_time_slow(const struct format_interface *fi, uint64_t ticks);

static inline int64_t pcapng_time_ns(const struct format_interface *fi, uint64_t ticks)
{
	/* The usual: 10^-6 or 10^-9 s, no offset. */
	if (fi->ticks_max >= 0 && ticks <= (uint64_t)fi->ticks_max)
		return (int64_t)(ticks * fi->ns_per_tick);
	return pcapng_time_slow(fi, ticks);
}

#endif
