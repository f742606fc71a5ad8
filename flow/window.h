/* SPDX-License-Identifier: MIT
 *
 * Time as a report cuts it: frames before or after a window are not there at all, and at the end of
 * each slice somebody is told. Slices begin at multiples of their length.
 */
#ifndef SOCKLENS_FLOW_WINDOW_H
#define SOCKLENS_FLOW_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/source.h"

struct window_options {
	int64_t from_ns, until_ns; /* wall clock; until 0 = no end */
	bool of_day;		   /* both are of the first frame's day, in UTC */
	int64_t slice_ns;	   /* 0 = no slices */
};

/* The slice from start_ns on has ended. Slices without frames are left out. */
typedef void (*slice_fn)(void *ctx, int64_t start_ns);

struct window {
	struct window_options options;
	bool begun;
	int64_t slice_start_ns;
	frames_fn frames; /* gets what is inside, in runs */
	slice_fn slice;	  /* NULL = nobody is told */
	void *frames_ctx, *slice_ctx;
};

/* A frames_fn whose ctx is the window. */
void window_frames(void *window, const struct frame *frames, unsigned n);
/* The data has ended, and so has its last slice. */
void window_end(struct window *w);

#endif
