/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "flow/window.h"

#define S 1000000000LL
#define DAY (86400 * S)

/* What came through, as text: "3 5 |0 12 |10" are frames at 3 and 5 s, then the slice of 0 has ended. */
static char seen[512];

static void on_frames(void *ctx, const struct frame *frames, unsigned n)
{
	(void)ctx;
	for (unsigned i = 0; i < n; i++)
		sprintf(seen + strlen(seen), "%lld ", (long long)(frames[i].time_ns % DAY / S));
}

static void on_slice(void *ctx, int64_t start_ns)
{
	(void)ctx;
	sprintf(seen + strlen(seen), "|%lld ", (long long)(start_ns % DAY / S));
}

static const char *run(struct window_options o, int64_t base_ns, const int64_t *seconds, unsigned n)
{
	struct window w = {.options = o, .frames = on_frames, .slice = o.slice_ns ? on_slice : NULL};
	struct frame frames[32] = {{0}};

	*seen = '\0';
	for (unsigned i = 0; i < n; i++)
		frames[i].time_ns = base_ns + seconds[i] * S;
	window_frames(&w, frames, n / 2);
	window_frames(&w, frames + n / 2, n - n / 2);
	window_end(&w);
	return seen;
}
#define RUN(o, base, ...)                                                                          \
	run(o, base, (const int64_t[]){__VA_ARGS__}, sizeof((const int64_t[]){__VA_ARGS__}) / 8)

static void frames_outside_are_not_there(void **state)
{
	struct window_options o = {.from_ns = 10 * S, .until_ns = 20 * S};

	(void)state;
	assert_string_equal(RUN(o, 0, 9, 10, 11, 25, 19, 20, 21), "10 11 19 ");
	o.until_ns = 0;
	assert_string_equal(RUN(o, 0, 9, 10, 30), "10 30 ");
}

static void times_of_day_are_of_the_first_frames_day(void **state)
{
	struct window_options o = {.from_ns = 10 * S, .until_ns = 20 * S, .of_day = true};
	struct window_options night = {.from_ns = DAY - S, .until_ns = 5 * S, .of_day = true};

	(void)state;
	assert_string_equal(RUN(o, 20000 * DAY, 1, 10, 19, 20), "10 19 ");
	assert_string_equal(RUN(night, 20000 * DAY, 1, 86399, 86400, 86404, 86405), "86399 0 4 ");
}

static void slices_begin_at_multiples(void **state)
{
	struct window_options o = {.slice_ns = 10 * S};

	(void)state;
	assert_string_equal(RUN(o, 0, 3, 9, 10, 12), "3 9 |0 10 12 |10 ");
	/* one without frames is left out; a late frame counts where it comes */
	assert_string_equal(RUN(o, 0, 3, 45, 39, 51), "3 |0 45 39 |40 51 |50 ");
	assert_string_equal(run(o, 0, (const int64_t[]){0}, 0), "");
}

static void slices_of_a_window(void **state)
{
	struct window_options o = {.from_ns = 5 * S, .until_ns = 25 * S, .slice_ns = 10 * S};

	(void)state;
	assert_string_equal(RUN(o, 0, 3, 6, 14, 24, 26, 99), "6 |0 14 |10 24 |20 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_outside_are_not_there),
		cmocka_unit_test(times_of_day_are_of_the_first_frames_day),
		cmocka_unit_test(slices_begin_at_multiples),
		cmocka_unit_test(slices_of_a_window),
	};

	return cmocka_run_group_tests_name("window", tests, NULL, NULL);
}
