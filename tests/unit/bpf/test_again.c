/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "bpf/again.h"
#include "bpf/shared.h"

enum { CPUS = 3, PLACES = 8 };

struct fixture {
	void *queues;
	struct again *again;
};

static struct call_queue *queue_of(struct fixture *f, unsigned cpu)
{
	return (struct call_queue *)((char *)f->queues + cpu * call_queue_bytes(PLACES));
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->queues = calloc(CPUS, call_queue_bytes(PLACES));
	f->again = again_new(f->queues, CPUS, PLACES);
	assert_non_null(f->again);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	again_free(f->again);
	free(f->queues);
	free(f);
	return 0;
}

static void note(struct fixture *f, uint32_t place, uint16_t turn, uint32_t pid)
{
	struct call_event c = {.flags = CALL_FLAG_SOCKET | CALL_FLAG_VALUE, .value_len = 4};

	c.ev.kind = SOCK_EVENT_CALL;
	c.ev.pid = pid;
	c.ev.cookie = 1000 + pid;
	c.ev.call.place = place;
	c.ev.call.turn = turn;
	again_note(f->again, &c);
}

static void put(struct fixture *f, unsigned cpu, uint64_t time_ns, uint32_t place, uint8_t turn)
{
	struct call_queue *q = queue_of(f, cpu);
	struct call_again *r = &q->calls[q->head++ % PLACES];

	*r = (struct call_again){
		.time_ns = time_ns, .place = place, .turn = turn, .call = CALL_WRITE};
	r->flags = CALL_FLAG_SOCKET | CALL_FLAG_BYTES;
	r->args[0] = 7;
	r->result = 100;
	r->seq_end = 55;
	r->mark = q->head;
}

static void test_short_becomes_full(void **state)
{
	struct fixture *f = *state;
	const struct call_event *c;

	note(f, 5, 1, 42);
	put(f, 0, 10, 5, 1);
	again_begin(f->again);
	c = again_next(f->again, UINT64_MAX);
	assert_non_null(c);
	assert_int_equal(c->ev.kind, SOCK_EVENT_CALL);
	assert_int_equal(c->ev.pid, 42);
	assert_int_equal(c->ev.cookie, 1042);
	assert_int_equal(c->ev.time_ns, 10);
	assert_int_equal(c->ev.fd, 7);
	assert_int_equal(c->ev.call.call, CALL_WRITE);
	assert_int_equal(c->ev.call.result, 100);
	assert_int_equal(c->seq_end, 55);
	assert_int_equal(c->flags, CALL_FLAG_SOCKET | CALL_FLAG_BYTES);
	assert_int_equal(c->value_len, 0);
	assert_null(again_next(f->again, UINT64_MAX));
	again_end(f->again);
	assert_int_equal(queue_of(f, 0)->tail, 1);
}

static void test_cpus_are_merged_by_time(void **state)
{
	static const uint64_t expected[] = {1, 2, 3, 4, 5, 6};
	struct fixture *f = *state;

	note(f, 0, 0, 1);
	put(f, 0, 2, 0, 0);
	put(f, 0, 5, 0, 0);
	put(f, 1, 1, 0, 0);
	put(f, 1, 6, 0, 0);
	put(f, 2, 3, 0, 0);
	put(f, 2, 4, 0, 0);
	again_begin(f->again);
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++)
		assert_int_equal(again_next(f->again, 7)->ev.time_ns, expected[i]);
	assert_null(again_next(f->again, 7));
}

static void test_before_a_time_only(void **state)
{
	struct fixture *f = *state;

	note(f, 0, 0, 1);
	put(f, 0, 10, 0, 0);
	put(f, 1, 20, 0, 0);
	again_begin(f->again);
	assert_null(again_next(f->again, 10));
	assert_int_equal(again_next(f->again, 15)->ev.time_ns, 10);
	assert_null(again_next(f->again, 15));
	again_end(f->again);
	assert_int_equal(queue_of(f, 1)->tail, 0);
	again_begin(f->again);
	assert_int_equal(again_next(f->again, 21)->ev.time_ns, 20);
}

static void test_another_turn_or_place_is_not_known(void **state)
{
	struct fixture *f = *state;

	note(f, 3, 1, 1);
	put(f, 0, 1, 3, 2);		 /* its full record was lost */
	put(f, 0, 2, 3 + PLACES_MAX, 1); /* somebody else's */
	put(f, 0, 3, 4, 0);		 /* nobody's */
	put(f, 0, 4, 3, 1);
	again_begin(f->again);
	assert_int_equal(again_next(f->again, UINT64_MAX)->ev.time_ns, 4);
	assert_int_equal(again_unknown(f->again), 3);
}

static void test_one_being_written_waits(void **state)
{
	struct fixture *f = *state;

	note(f, 0, 0, 1);
	put(f, 0, 1, 0, 0);
	put(f, 0, 2, 0, 0);
	put(f, 0, 3, 0, 0);
	queue_of(f, 0)->calls[1].mark = 0;
	again_begin(f->again);
	assert_int_equal(again_next(f->again, UINT64_MAX)->ev.time_ns, 1);
	assert_null(again_next(f->again, UINT64_MAX));
	again_end(f->again);
	queue_of(f, 0)->calls[1].mark = 2;
	again_begin(f->again);
	assert_int_equal(again_next(f->again, UINT64_MAX)->ev.time_ns, 2);
	assert_int_equal(again_next(f->again, UINT64_MAX)->ev.time_ns, 3);
}

/* A mark of the last round is not this one's. */
static void test_round_after_round(void **state)
{
	struct fixture *f = *state;

	note(f, 0, 0, 1);
	for (uint64_t t = 1; t <= 5 * PLACES; t++) {
		put(f, 2, t, 0, 0);
		again_begin(f->again);
		assert_int_equal(again_next(f->again, UINT64_MAX)->ev.time_ns, t);
		assert_null(again_next(f->again, UINT64_MAX));
		again_end(f->again);
	}
	queue_of(f, 2)->head++; /* taken, not yet written */
	again_begin(f->again);
	assert_null(again_next(f->again, UINT64_MAX));
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(test_short_becomes_full),	 T(test_cpus_are_merged_by_time),
		T(test_before_a_time_only),	 T(test_another_turn_or_place_is_not_known),
		T(test_one_being_written_waits), T(test_round_after_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
