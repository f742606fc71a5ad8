/* SPDX-License-Identifier: MIT */
#include "flow/window.h"

#define DAY_NS (86400 * INT64_C(1000000000))

static int64_t floor_to(int64_t v, int64_t step)
{
	int64_t rest = v % step;

	return v - rest - (rest < 0 ? step : 0);
}

static void begin(struct window *w, int64_t first_ns)
{
	struct window_options *o = &w->options;

	w->begun = true;
	if (!o->of_day)
		return;
	o->of_day = false;
	if (o->until_ns && o->until_ns < o->from_ns)
		o->until_ns += DAY_NS; /* past midnight */
	o->from_ns += floor_to(first_ns, DAY_NS);
	if (o->until_ns)
		o->until_ns += floor_to(first_ns, DAY_NS);
}

static bool inside(const struct window *w, int64_t time_ns)
{
	const struct window_options *o = &w->options;

	return time_ns >= o->from_ns && (!o->until_ns || time_ns < o->until_ns);
}

/* Frames that come late count where they come. */
static bool new_slice(const struct window *w, int64_t time_ns)
{
	return w->slice && time_ns - w->slice_start_ns >= w->options.slice_ns;
}

static void turn_slice(struct window *w, int64_t time_ns)
{
	if (w->slice_start_ns != INT64_MIN)
		w->slice(w->slice_ctx, w->slice_start_ns);
	w->slice_start_ns = floor_to(time_ns, w->options.slice_ns);
}

/* From i on, how many frames go on together: all inside, all of one slice. */
static unsigned run_of(const struct window *w, const struct frame *frames, unsigned n)
{
	unsigned i = 0;

	while (i < n && inside(w, frames[i].time_ns) && !new_slice(w, frames[i].time_ns))
		i++;
	return i;
}

void window_frames(void *window, const struct frame *frames, unsigned n)
{
	struct window *w = window;

	if (n && !w->begun) {
		begin(w, frames[0].time_ns);
		w->slice_start_ns = INT64_MIN;
	}
	for (unsigned i = 0; i < n;) {
		unsigned run;

		if (!inside(w, frames[i].time_ns)) {
			i++;
			continue;
		}
		if (w->slice && (w->slice_start_ns == INT64_MIN || new_slice(w, frames[i].time_ns)))
			turn_slice(w, frames[i].time_ns);
		run = run_of(w, frames + i, n - i);
		w->frames(w->frames_ctx, frames + i, run);
		i += run;
	}
}

void window_end(struct window *w)
{
	if (w->slice && w->begun && w->slice_start_ns != INT64_MIN)
		w->slice(w->slice_ctx, w->slice_start_ns);
	w->begun = false;
}
