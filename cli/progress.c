/* SPDX-License-Identifier: MIT */
#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fmt.h"

enum { LARGE_BYTES = 32 << 20, BAR = 30 };
#define FIRST_NS 300000000LL /* quicker than this needs no bar */
#define EVERY_NS 200000000LL

static void draw(uint64_t done, uint64_t size, int64_t elapsed_ns)
{
	char bar[BAR + 1], rate[FMT_MAX], left[FMT_MAX];
	double share = done < size ? (double)done / (double)size : 1;
	double per_s = (double)done * 1e9 / (double)elapsed_ns;
	int full = (int)(share * BAR);

	memset(bar, '-', BAR);
	memset(bar, '#', (size_t)full);
	bar[BAR] = '\0';
	fmt_bytes(rate, (uint64_t)per_s);
	fmt_duration(left, per_s > 0 ? (int64_t)((double)(size - done) * 1e9 / per_s) : 0);
	fprintf(stderr, "\r[%s] %3d %%  %s/s  %s left \033[K", bar, (int)(share * 100), rate, left);
}

void progress_show(struct progress *p)
{
	int64_t now_ns = p->wanted ? clock_now_mono_ns() : 0;
	uint64_t done, size;

	if (!p->wanted || now_ns - p->started_ns < FIRST_NS || now_ns - p->shown_ns < EVERY_NS)
		return;
	p->shown_ns = now_ns;
	p->told(p->ctx, &done, &size);
	if (size < LARGE_BYTES || done > size)
		return;
	p->visible = true;
	draw(done, size, now_ns - p->started_ns);
}

void progress_start(struct progress *p, void (*told)(const void *ctx, uint64_t *done, uint64_t *size),
		    const void *ctx)
{
	*p = (struct progress){
		.told = told,
		.ctx = ctx,
		.started_ns = clock_now_mono_ns(),
		.wanted = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO),
	};
}

void progress_end(struct progress *p)
{
	if (p->visible)
		fprintf(stderr, "\r\033[K");
	p->visible = false;
}
