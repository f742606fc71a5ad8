/* SPDX-License-Identifier: MIT */
#include "flow/time_axis.h"

#include <string.h>

#include "base/saturate.h"

#define SECOND_NS 1000000000ll
enum { FINEST_NS = 1000 };

void axis_init(struct time_axis *t, bool last)
{
	memset(t, 0, sizeof(*t));
	t->last = last;
	t->slice_ns = last ? SECOND_NS : FINEST_NS;
}

/* --- taking packets --------------------------------------------------------------------------- */

static void halve(struct time_axis *t)
{
	for (uint32_t i = 0; i < AXIS_SLICES / 2; i++) {
		t->bytes[i] = t->bytes[2 * i] + t->bytes[2 * i + 1];
		t->packets[i] = t->packets[2 * i] + t->packets[2 * i + 1];
	}
	memset(t->bytes + AXIS_SLICES / 2, 0, sizeof(t->bytes) / 2);
	memset(t->packets + AXIS_SLICES / 2, 0, sizeof(t->packets) / 2);
	t->count = (t->count + 1) / 2;
	t->slice_ns *= 2;
}

/* The oldest ones go. */
static void shift(struct time_axis *t, int64_t by)
{
	uint32_t n = by < AXIS_SLICES ? (uint32_t)by : AXIS_SLICES, rest = AXIS_SLICES - n;

	memmove(t->bytes, t->bytes + n, rest * sizeof(t->bytes[0]));
	memmove(t->packets, t->packets + n, rest * sizeof(t->packets[0]));
	memset(t->bytes + rest, 0, n * sizeof(t->bytes[0]));
	memset(t->packets + rest, 0, n * sizeof(t->packets[0]));
	t->count = t->count > n ? t->count - n : 0;
	t->start_ns += by * t->slice_ns;
}

static int64_t slice_of(const struct time_axis *t, int64_t time_ns)
{
	return time_ns < t->start_ns ? 0 : (time_ns - t->start_ns) / t->slice_ns;
}

void axis_add(struct time_axis *t, int64_t time_ns, uint32_t bytes)
{
	int64_t i;

	if (!t->count)
		t->start_ns = time_ns - time_ns % t->slice_ns;
	i = slice_of(t, time_ns);
	if (i >= AXIS_SLICES && t->last)
		shift(t, i - AXIS_SLICES + 1);
	while (!t->last && i >= AXIS_SLICES) {
		halve(t);
		i = slice_of(t, time_ns);
	}
	i = slice_of(t, time_ns);
	t->bytes[i] += bytes;
	t->packets[i]++;
	if (i >= t->count)
		t->count = (uint32_t)i + 1;
}

/* --- steps ------------------------------------------------------------------------------------ */

int64_t axis_end_ns(const struct time_axis *t)
{
	return t->start_ns + (int64_t)t->count * t->slice_ns;
}

int64_t axis_after_ns(const struct time_axis *t, int64_t at_ns)
{
	for (int64_t i = slice_of(t, at_ns); i < t->count; i++) {
		int64_t end_ns = t->start_ns + (i + 1) * t->slice_ns;

		if (t->packets[i] && end_ns > at_ns)
			return end_ns;
	}
	return 0;
}

int64_t axis_before_ns(const struct time_axis *t, int64_t at_ns)
{
	int64_t i = slice_of(t, at_ns);

	for (i = i < t->count ? i : t->count - 1; i >= 0; i--) {
		int64_t end_ns = t->start_ns + (i + 1) * t->slice_ns;

		if (t->packets[i] && end_ns < at_ns)
			return end_ns;
	}
	return 0;
}

/* --- the line --------------------------------------------------------------------------------- */

uint64_t axis_bars(const struct time_axis *t, uint64_t *out, unsigned n)
{
	uint64_t most = 0;

	memset(out, 0, n * sizeof(*out));
	for (uint32_t i = 0; n && i < t->count; i++)
		out[(uint64_t)i * n / t->count] += t->bytes[i];
	/* More parts than slices: a slice is as wide as it lasted. */
	for (unsigned i = 0; t->count && t->count < n && i < n; i++)
		out[i] = t->bytes[(uint64_t)i * t->count / n] * t->count / n;
	for (unsigned i = 0; i < n; i++)
		most = out[i] > most ? out[i] : most;
	return most;
}

unsigned axis_place(const struct time_axis *t, int64_t at_ns, unsigned n)
{
	double span_ns = (double)t->count * (double)t->slice_ns;
	double at = span_ns > 0 ? (double)(at_ns - 1 - t->start_ns) / span_ns * n : 0;

	return at < 0 ? 0 : at >= n ? n - 1 : (unsigned)at;
}

int64_t axis_time_ns(const struct time_axis *t, unsigned place, unsigned n)
{
	return t->start_ns + (int64_t)(((uint64_t)place + 1) * t->count / n) * t->slice_ns;
}

void axis_rates(const struct time_axis *t, int64_t at_ns, int64_t *packets_per_s,
		int64_t *bits_per_s)
{
	int64_t from_ns = at_ns - SECOND_NS, end = slice_of(t, at_ns - 1),
		first = slice_of(t, from_ns);
	uint64_t bytes = 0, packets = 0;
	double span_ns;

	*packets_per_s = *bits_per_s = 0;
	if (!t->count || end >= t->count)
		return;
	for (int64_t i = first; i <= end; i++) {
		bytes += t->bytes[i];
		packets += t->packets[i];
	}
	span_ns = (double)(end - first + 1) * (double)t->slice_ns;
	if (span_ns < SECOND_NS)
		span_ns = SECOND_NS; /* a capture that is shorter */
	*packets_per_s = saturate_rate((double)packets, span_ns);
	*bits_per_s = saturate_rate((double)bytes * 8, span_ns);
}
