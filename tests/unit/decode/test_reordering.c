/* SPDX-License-Identifier: MIT */
#include "decode/reordering.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>

enum { ARRIVALS_MAX = 24 };

/* Arrivals, as a receiver would tell them: what is late, what skips numbers. */
static struct reordering show(const uint32_t *sent, unsigned n, uint32_t base)
{
	struct reordering r = {.packets = 0};
	uint32_t next = base + sent[0];

	for (uint32_t i = 0; i < n; i++) {
		uint32_t number = base + sent[i];

		if ((int32_t)(number - next) < 0) {
			reordering_late(&r, number, i);
			continue;
		}
		if (number != next)
			reordering_jump(&r, next, number, i);
		next = number + 1;
	}
	return r;
}

/* The same by the definitions of RFC 4737 4.2.1 and 5.4.1. */
static struct reordering define(const uint32_t *sent, unsigned n)
{
	struct reordering r = {.packets = 0};

	for (unsigned i = 0; i < n; i++) {
		unsigned first = 0, run = 0;

		while (first < i && sent[first] < sent[i])
			first++;
		if (first == i)
			continue;
		while (run < i && sent[i - run - 1] > sent[i])
			run++;
		r.packets++;
		r.triple += run >= REORDERING_TRIPLE;
		if (i - first > r.extent_max)
			r.extent_max = i - first;
	}
	return r;
}

static void same(const uint32_t *sent, unsigned n, uint32_t base)
{
	struct reordering got = show(sent, n, base), want = define(sent, n);

	assert_int_equal(got.packets, want.packets);
	assert_int_equal(got.extent_max, want.extent_max);
	assert_int_equal(got.triple, want.triple);
}

/* RFC 4737 7.1 to 7.3: packet 4 late; 5 and 6 late; 4, 5 and 6 behind 7 to 10. */
static void examples_of_the_rfc(void **state)
{
	static const uint32_t one[] = {1, 2, 3, 5, 6, 7, 8, 4, 9, 10},
			      two[] = {1, 2, 3, 4, 7, 5, 6, 8, 9, 10},
			      three[] = {1, 2, 3, 7, 8, 9, 10, 4, 5, 6, 11};
	struct reordering r = show(one, 10, 0);

	(void)state;
	assert_int_equal(r.packets, 1);
	assert_int_equal(r.extent_max, 4);
	assert_int_equal(r.triple, 1);
	r = show(two, 10, 0);
	assert_int_equal(r.packets, 2);
	assert_int_equal(r.extent_max, 2);
	assert_int_equal(r.triple, 0);
	r = show(three, 11, 0);
	assert_int_equal(r.packets, 3);
	assert_int_equal(r.extent_max, 6);
	assert_int_equal(r.triple, 1);
}

/* Neighbours change places now and then: as many jumps are open at a time as are remembered. */
static void equals_the_definition(void **state)
{
	(void)state;
	srand(4737);
	for (int round = 0; round < 2000; round++) {
		uint32_t sent[ARRIVALS_MAX];

		for (uint32_t i = 0; i < ARRIVALS_MAX; i++)
			sent[i] = i;
		for (int swap = 0; swap < 2; swap++) { /* one packet is held up */
			unsigned from = (unsigned)rand() % (ARRIVALS_MAX - 6) + 1;
			unsigned by = (unsigned)rand() % 5;
			uint32_t held = sent[from];

			for (unsigned i = 0; i < by; i++)
				sent[from + i] = sent[from + i + 1];
			sent[from + by] = held;
		}
		same(sent, ARRIVALS_MAX, 0);
		same(sent, ARRIVALS_MAX, UINT32_MAX - 8);
	}
}

/* Of a jump that is forgotten only the packet before is known to have a higher number. */
static void forgets_old_jumps(void **state)
{
	struct reordering r = {.packets = 0};

	(void)state;
	for (uint32_t i = 0; i <= REORDERING_JUMPS; i++)
		reordering_jump(&r, 2 * i, 2 * i + 1, i);
	reordering_late(&r, 0, 100);
	assert_int_equal(r.extent_max, 1);
	reordering_late(&r, 2, 101);
	assert_int_equal(r.extent_max, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_of_the_rfc),
		cmocka_unit_test(equals_the_definition),
		cmocka_unit_test(forgets_old_jumps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
