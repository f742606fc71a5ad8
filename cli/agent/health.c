/* SPDX-License-Identifier: MIT */
#include "cli/agent/health.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* The second number of statm (proc(5)) is in pages. */
static uint64_t resident_bytes(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long long pages = 0;

	if (!f)
		return 0;
	if (fscanf(f, "%*u %llu", &pages) != 1)
		pages = 0;
	fclose(f);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* The 22nd field of stat (proc(5)): ticks since boot. The name before it is ours. */
static double start_s(void)
{
	struct timespec wall, boot;
	unsigned long long ticks = 0;
	FILE *f = fopen("/proc/self/stat", "re");

	if (!f)
		return 0;
	if (fscanf(f,
		   "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d "
		   "%*d "
		   "%*d %*d %llu",
		   &ticks) != 1)
		ticks = 0;
	fclose(f);
	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	return (double)(wall.tv_sec - boot.tv_sec) + (double)(wall.tv_nsec - boot.tv_nsec) / 1e9 +
	       (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

void health_fill(struct metrics_health *h)
{
	struct rusage self = {0};

	getrusage(RUSAGE_SELF, &self);
	h->version = SOCKLENS_VERSION;
	h->cpu_s = seconds(self.ru_utime) + seconds(self.ru_stime);
	h->start_s = start_s();
	h->resident_bytes = resident_bytes();
}
