/* SPDX-License-Identifier: MIT
 *
 * How much came when: traffic in slices of equal length, for the line that shows where on the time
 * axis the screen stands, and for stepping along it.
 *
 * Of a file it is the whole: when there are too many slices, neighbours become one. Of live
 * traffic it is the last AXIS_SLICES seconds.
 */
#ifndef SOCKLENS_FLOW_TIME_AXIS_H
#define SOCKLENS_FLOW_TIME_AXIS_H

#include <stdbool.h>
#include <stdint.h>

enum { AXIS_SLICES = 960 /* even; at a second each 16 minutes */ };

struct time_axis {
	int64_t start_ns; /* of the first slice */
	int64_t slice_ns;
	uint32_t count; /* slices so far; 0 = nothing came */
	bool last;	/* only the last ones are kept */
	uint64_t bytes[AXIS_SLICES]; /* on the wire */
	uint32_t packets[AXIS_SLICES];
};

void axis_init(struct time_axis *t, bool last);
/* A packet; one before the first slice counts there. */
void axis_add(struct time_axis *t, int64_t time_ns, uint32_t bytes);

int64_t axis_end_ns(const struct time_axis *t); /* of the last slice */
/* The end of the next slice, or the one before, in which something came; 0 = there is none. */
int64_t axis_after_ns(const struct time_axis *t, int64_t at_ns);
int64_t axis_before_ns(const struct time_axis *t, int64_t at_ns);

/* Bytes in n equal parts of the time; returns the largest. */
uint64_t axis_bars(const struct time_axis *t, uint64_t *out, unsigned n);
/* The part of n that ends at this time, or has it inside: 0 ... n - 1. */
unsigned axis_place(const struct time_axis *t, int64_t at_ns, unsigned n);
/* The time at which part `place` of n ends. */
int64_t axis_time_ns(const struct time_axis *t, unsigned place, unsigned n);

/* Of the last second before a time, or of the last slice when that is longer. */
void axis_rates(const struct time_axis *t, int64_t at_ns, int64_t *packets_per_s,
		    int64_t *bits_per_s);

#endif
