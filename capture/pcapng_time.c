/* SPDX-License-Identifier: MIT */
#include "capture/pcapng_time.h"

static const int64_t ns_per_s = 1000000000;
enum { BASE_TWO = 0x80, NANOSECONDS = 9 };

static int64_t clamp(__int128 ns)
{
	return ns > PCAPNG_TIME_MAX   ? PCAPNG_TIME_MAX
	       : ns < PCAPNG_TIME_MIN ? PCAPNG_TIME_MIN
				      : (int64_t)ns;
}

static uint64_t power_of_ten(unsigned n)
{
	uint64_t v = 1;

	while (n--)
		v *= 10;
	return v;
}

void pcapng_time_init(struct format_interface *fi, uint8_t resolution, int64_t offset_s)
{
	fi->resolution = resolution;
	fi->offset_s = offset_s;
	fi->ticks_max = -1;
	if (offset_s || resolution > NANOSECONDS)
		return;
	fi->ns_per_tick = power_of_ten(NANOSECONDS - resolution);
	fi->ticks_max = PCAPNG_TIME_MAX / (int64_t)fi->ns_per_tick;
}

static __int128 ticks_ns(uint8_t resolution, uint64_t ticks)
{
	unsigned n = resolution & 0x7f;

	if (resolution & BASE_TWO)
		return (__int128)((unsigned __int128)ticks * (uint64_t)ns_per_s >> n);
	if (n <= NANOSECONDS)
		return (__int128)ticks * (int64_t)power_of_ten(NANOSECONDS - n);
	/* 2^64 ticks of 10^-29 s are less than a nanosecond. */
	return n - NANOSECONDS < 20 ? (__int128)(ticks / power_of_ten(n - NANOSECONDS)) : 0;
}

int64_t pcapng_time_slow(const struct format_interface *fi, uint64_t ticks)
{
	return clamp(ticks_ns(fi->resolution, ticks) + (__int128)fi->offset_s * ns_per_s);
}
