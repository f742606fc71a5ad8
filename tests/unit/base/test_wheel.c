/* SPDX-License-Identifier: MIT */
#include "base/wheel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

enum { OBJECTS = 3000, TICK_NS = 1000, BUCKETS = 16 };

/* The owner: true deadlines, and what the wheel did. */
struct owner {
	struct wheel wheel;
	int64_t deadline_ns[OBJECTS], expired_ns[OBJECTS];
	unsigned asked, expired;
	uint32_t add_when_asked; /* slot + 1 */
};

static int64_t due(void *arg, uint32_t slot, int64_t now_ns)
{
	struct owner *o = arg;

	o->asked++;
	if (o->add_when_asked) {
		assert_int_equal(wheel_add(&o->wheel, o->add_when_asked - 1, now_ns), 0);
		o->add_when_asked = 0;
	}
	if (o->deadline_ns[slot] > now_ns)
		return o->deadline_ns[slot];
	o->expired++;
	o->expired_ns[slot] = now_ns;
	return INT64_MIN;
}

static int set_up(void **state)
{
	struct owner *o = calloc(1, sizeof(*o));

	*state = o;
	return o ? wheel_init(&o->wheel, TICK_NS, BUCKETS) : -1;
}

static int tear_down(void **state)
{
	struct owner *o = *state;

	wheel_done(&o->wheel);
	free(o);
	return 0;
}

static void schedule(struct owner *o, uint32_t slot, int64_t deadline_ns)
{
	o->deadline_ns[slot] = deadline_ns;
	assert_int_equal(wheel_add(&o->wheel, slot, deadline_ns), 0);
}

static void advance(struct owner *o, int64_t now_ns)
{
	wheel_advance(&o->wheel, now_ns, due, o);
}

static void expires_within_a_tick_and_never_early(void **state)
{
	struct owner *o = *state;

	advance(o, 100000);
	schedule(o, 7, 103500);
	for (int64_t t = 100000; t < 103500; t += 100)
		advance(o, t);
	assert_int_equal(o->asked, 0);
	advance(o, 104000);
	assert_int_equal(o->expired, 1);
	assert_int_equal(o->asked, 1);
	advance(o, 200000);
	assert_int_equal(o->asked, 1);
}

static void touching_moves_the_deadline(void **state)
{
	struct owner *o = *state;

	advance(o, 0);
	schedule(o, 1, 2000);
	o->deadline_ns[1] = 9000; /* lazily: the wheel is not told */
	advance(o, 3000);
	assert_int_equal(o->asked, 1);
	assert_int_equal(o->expired, 0);
	advance(o, 9000);
	assert_int_equal(o->expired, 0);
	advance(o, 10000);
	assert_int_equal(o->expired, 1);
	assert_int_equal(o->asked, 2);
}

static void far_deadlines_wait_on_the_wheel(void **state)
{
	struct owner *o = *state;

	advance(o, 0);
	schedule(o, 1, 1000000);
	schedule(o, 2, INT64_MAX);
	for (int64_t t = 0; t <= 1000000; t += TICK_NS)
		advance(o, t);
	assert_int_equal(o->expired, 0);
	assert_in_range(o->asked, 120, 130); /* two entries, 1000 ticks, 16 ticks a turn */
	advance(o, 1001000);
	assert_int_equal(o->expired, 1);
	assert_int_equal(o->expired_ns[1], 1001000);
}

static void late_deadlines_expire_at_the_next_tick(void **state)
{
	struct owner *o = *state;

	advance(o, 50000);
	schedule(o, 1, 10);
	schedule(o, 2, INT64_MIN + 1);
	advance(o, 50999);
	assert_int_equal(o->expired, 0);
	advance(o, 51000);
	assert_int_equal(o->expired, 2);
}

static void time_starts_with_the_first_advance(void **state)
{
	const int64_t now_ns = 1767323045000007000;
	struct owner *o = *state;

	schedule(o, 1, now_ns + 2000);
	schedule(o, 2, now_ns + 9000000);
	schedule(o, 3, now_ns - 4000);
	advance(o, now_ns);
	assert_int_equal(o->expired, 1);
	advance(o, now_ns + 3000);
	assert_int_equal(o->expired, 2);
	assert_int_equal(o->expired_ns[1], now_ns + 3000);
}

static void time_never_goes_back(void **state)
{
	struct owner *o = *state;

	advance(o, 50000);
	schedule(o, 1, 60000);
	advance(o, -50000);
	advance(o, 49999);
	assert_int_equal(o->asked, 0);
	advance(o, 61000);
	assert_int_equal(o->expired, 1);
}

static void works_before_1970(void **state)
{
	struct owner *o = *state;

	advance(o, -100500);
	schedule(o, 1, -98700);
	advance(o, -98701);
	assert_int_equal(o->asked, 0);
	advance(o, -98000);
	assert_int_equal(o->expired, 1);
	schedule(o, 2, 500);
	advance(o, 499);
	assert_int_equal(o->expired, 1);
	advance(o, 1000);
	assert_int_equal(o->expired, 2);
}

static void a_second_add_keeps_the_first(void **state)
{
	struct owner *o = *state;

	advance(o, 0);
	schedule(o, 1, 3000);
	schedule(o, 2, 3000);
	schedule(o, 1, 5000);
	schedule(o, 2, 5000);
	advance(o, 100000);
	assert_int_equal(o->expired, 2);
	advance(o, 200000);
	assert_int_equal(o->expired, 2);
}

/* The callback may schedule, with a slot so high that the links must move. */
static void due_may_add(void **state)
{
	struct owner *o = *state;

	advance(o, 0);
	for (uint32_t i = 0; i < 10; i++)
		schedule(o, i, 1000);
	o->add_when_asked = OBJECTS;
	advance(o, 2000);
	assert_int_equal(o->expired, 10);
	advance(o, 4000);
	assert_int_equal(o->expired, 11);
}

/* Many objects, uneven steps and jumps: none expires early, none later than step + tick. */
static void none_is_lost(void **state)
{
	struct owner *o = *state;
	unsigned seed = 11;
	int64_t now_ns = 0, before_ns = 0;

	advance(o, 0);
	for (uint32_t i = 0; i < OBJECTS; i++)
		schedule(o, i, rand_r(&seed) % 200000);
	while (now_ns < 300000) {
		before_ns = now_ns;
		now_ns += rand_r(&seed) % 50 ? rand_r(&seed) % 2000 : rand_r(&seed) % 60000;
		advance(o, now_ns);
		for (uint32_t i = 0; i < OBJECTS; i++) {
			bool expired = o->expired_ns[i] != 0;

			assert_false(expired && o->expired_ns[i] < o->deadline_ns[i]);
			assert_false(!expired && o->deadline_ns[i] + TICK_NS <= before_ns);
		}
	}
	assert_int_equal(o->expired, OBJECTS);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(expires_within_a_tick_and_never_early),
		TEST(touching_moves_the_deadline),
		TEST(far_deadlines_wait_on_the_wheel),
		TEST(late_deadlines_expire_at_the_next_tick),
		TEST(time_starts_with_the_first_advance),
		TEST(time_never_goes_back),
		TEST(works_before_1970),
		TEST(a_second_add_keeps_the_first),
		TEST(due_may_add),
		TEST(none_is_lost),
	};

	return cmocka_run_group_tests_name("base/wheel", tests, NULL, NULL);
}
