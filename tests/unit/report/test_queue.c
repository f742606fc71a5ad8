/* SPDX-License-Identifier: MIT
 *
 * The queue between engine and sender: in order, whole, bounded, and every record accounted for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <string.h>

#include "report/agent/queue.h"

enum { MESSAGES = 20000, LONGEST = 700 };

static size_t length_of(uint32_t i)
{
	return 4 + i * 2654435761u % (LONGEST - 4);
}

static void *fill(void *ctx)
{
	struct queue *q = ctx;
	uint8_t bytes[LONGEST];

	for (uint32_t i = 0; i < MESSAGES; i++) {
		memset(bytes, (int)i, sizeof(bytes));
		memcpy(bytes, &i, sizeof(i));
		if (i % 3) /* two of three wait, the third takes its chance */
			while (!queue_wait_room(q, length_of(i), 1000))
				;
		queue_put(q, bytes, length_of(i), 1);
	}
	queue_shut(q);
	return NULL;
}

static void messages_come_whole_and_in_order(void **state)
{
	struct queue *q = queue_new(4096);
	struct queue_stats stats;
	struct queue_item item;
	int64_t before = -1;
	uint64_t got = 0;
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, fill, q), 0);
	while (queue_get(q, &item, 10000)) {
		uint32_t i;

		memcpy(&i, item.bytes, sizeof(i));
		assert_true((int64_t)i > before);
		assert_int_equal(item.len, length_of(i));
		for (size_t at = sizeof(i); at < item.len; at++)
			assert_int_equal(item.bytes[at], (uint8_t)i);
		before = i;
		got++;
		queue_done(q, true);
	}
	pthread_join(thread, NULL);
	queue_stats(q, &stats);
	assert_int_equal(stats.taken_records, got);
	assert_int_equal(stats.taken_records + stats.dropped_records, MESSAGES);
	assert_true(got >= MESSAGES / 3 * 2);
	assert_int_equal(stats.waiting_bytes, 0);
	queue_free(q);
}

static void what_finds_no_room_is_counted(void **state)
{
	struct queue *q = queue_new(1000);
	struct queue_stats stats;
	struct queue_item item;
	uint8_t bytes[400] = {0};

	(void)state;
	assert_true(queue_put(q, bytes, sizeof(bytes), 3));
	assert_true(queue_put(q, bytes, sizeof(bytes), 4));
	assert_false(queue_put(q, bytes, sizeof(bytes), 5));
	assert_false(queue_wait_room(q, sizeof(bytes), 10));
	assert_true(queue_get(q, &item, 0));
	assert_int_equal(item.records, 3);
	queue_done(q, false); /* given up */
	assert_true(queue_put(q, bytes, sizeof(bytes), 6));
	queue_shut(q);
	assert_false(queue_put(q, bytes, 1, 7));
	queue_stats(q, &stats);
	assert_int_equal(stats.dropped_records, 5 + 3 + 7);
	for (int i = 0; i < 2; i++) {
		assert_true(queue_get(q, &item, 0));
		queue_done(q, true);
	}
	assert_false(queue_get(q, &item, 1000)); /* at once: it is shut */
	queue_stats(q, &stats);
	assert_int_equal(stats.taken_records, 4 + 6);
	queue_free(q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_come_whole_and_in_order),
		cmocka_unit_test(what_finds_no_room_is_counted),
	};

	return cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}
