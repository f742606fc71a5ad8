/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "flow/recent.h"

static void add(struct recent *r, uint32_t slot, uint64_t id, uint32_t from, uint32_t until)
{
	for (uint32_t i = from; i < until; i++)
		recent_add(r, slot, id, &(struct recent_note){.number = i, .seq = slot});
}

/* Every number in order, and every one of this flow. */
static void expect(const struct recent *r, uint32_t slot, uint64_t id, uint32_t count,
		   uint32_t first, uint32_t last)
{
	struct recent_note *notes = calloc(count + 1, sizeof(*notes));

	assert_int_equal(recent_count(r, slot, id), count);
	recent_copy(r, slot, id, notes);
	for (uint32_t i = 0; i < count; i++) {
		assert_int_equal(notes[i].seq, slot);
		assert_true(!i || notes[i].number > notes[i - 1].number);
	}
	if (count) {
		assert_int_equal(notes[0].number, first);
		assert_int_equal(notes[count - 1].number, last);
	}
	free(notes);
}

static void expect_order(const struct recent *r, uint32_t slot, uint64_t id, uint32_t last)
{
	struct recent_note notes[10 * RECENT_CHUNK];

	recent_copy(r, slot, id, notes);
	expect(r, slot, id, recent_count(r, slot, id), notes[0].number, last);
}

static void all_are_kept_while_there_is_room(void **state)
{
	struct recent *r = recent_new(64);

	(void)state;
	add(r, 0, 11, 1, 101);
	add(r, 5000, 12, 1, 2); /* a slot far away */
	expect(r, 0, 11, 100, 1, 100);
	expect(r, 5000, 12, 1, 1, 1);
	expect(r, 1, 13, 0, 0, 0);
	expect(r, 0, 0, 0, 0, 0);
	recent_free(r);
}

static void the_middle_goes_first(void **state)
{
	struct recent *r = recent_new(0);
	uint32_t most = RECENT_FLOW_CHUNKS * RECENT_CHUNK;

	(void)state;
	add(r, 3, 11, 1, 10001);
	/* The last chunk is filled to 10000 % 32 = 16. */
	expect(r, 3, 11, most - 16, 1, 10000);
	recent_open(r, 11);
	add(r, 3, 11, 10001, 20001);
	expect(r, 3, 11, RECENT_OPEN_CHUNKS * RECENT_CHUNK, 1, 20000);
	recent_free(r);
}

static void the_longest_silent_gives_way(void **state)
{
	struct recent *r = recent_new(4);

	(void)state;
	for (uint32_t slot = 0; slot < 4; slot++)
		add(r, slot, 100 + slot, 1, 2);
	add(r, 0, 100, 2, 3);
	add(r, 4, 104, 1, 2);
	expect(r, 0, 100, 2, 1, 2);
	expect(r, 1, 101, 0, 0, 0);
	recent_open(r, 102);
	add(r, 5, 105, 1, 2);
	expect(r, 2, 102, 1, 1, 1); /* it is on the screen */
	expect(r, 3, 103, 0, 0, 0);
	recent_free(r);
}

static void a_slot_used_again_is_another_flow(void **state)
{
	struct recent *r = recent_new(4);

	(void)state;
	add(r, 7, 11, 1, 50);
	add(r, 7, 12, 1, 3);
	expect(r, 7, 11, 0, 0, 0);
	expect(r, 7, 12, 2, 1, 2);
	recent_free(r);
}

/* Whatever comes in whatever order: asan and the order of the numbers tell. */
static void no_order_breaks_it(void **state)
{
	uint32_t numbers[40] = {0}, seed = 1;
	struct recent *r = recent_new(10);

	(void)state;
	for (int i = 0; i < 200000; i++) {
		uint32_t slot;

		seed = seed * 1664525 + 1013904223;
		slot = (seed >> 16) % 40 * ((seed >> 24) % 3) / 2;
		slot = slot < 40 ? slot : 39;
		if (!(seed >> 8 & 0x3ff))
			recent_open(r, 100 + slot);
		numbers[slot]++;
		add(r, slot, 100 + slot, numbers[slot], numbers[slot] + 1);
		if (i % 100 == 0)
			expect_order(r, slot, 100 + slot, numbers[slot]);
	}
	recent_free(r);
}

/* Calls share the room of the frames; each has a number of its own, whatever is kept. */
static void calls_are_counted(void **state)
{
	const struct recent_note call = {.time_ns = 5, .call = 7, .result = -11};
	struct recent *r = recent_new(8);
	struct recent_note notes[4 * RECENT_CHUNK];
	uint32_t count;

	(void)state;
	assert_int_equal(recent_calls(r, 3, 9), 0);
	add(r, 3, 9, 1, 2);
	for (int i = 0; i < 5 * RECENT_CHUNK; i++)
		recent_add_call(r, 3, 9, call);
	assert_int_equal(recent_calls(r, 3, 9), 5 * RECENT_CHUNK);
	count = recent_count(r, 3, 9);
	assert_true(count <= 4 * RECENT_CHUNK); /* half of the room is a flow's */
	recent_copy(r, 3, 9, notes);
	assert_int_equal(notes[0].kind, RECENT_FRAME);
	assert_int_equal(notes[count - 1].kind, RECENT_CALL);
	assert_int_equal(notes[count - 1].number, 5 * RECENT_CHUNK);
	assert_int_equal(notes[count - 1].result, -11);
	assert_int_equal(recent_calls(r, 3, 10), 0);
	recent_add_call(r, 3, 10, call); /* another flow in its slot */
	assert_int_equal(recent_calls(r, 3, 10), 1);
	assert_int_equal(recent_calls(r, 3, 9), 0);
	recent_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_kept_while_there_is_room),
		cmocka_unit_test(the_middle_goes_first),
		cmocka_unit_test(the_longest_silent_gives_way),
		cmocka_unit_test(a_slot_used_again_is_another_flow),
		cmocka_unit_test(no_order_breaks_it),
		cmocka_unit_test(calls_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
