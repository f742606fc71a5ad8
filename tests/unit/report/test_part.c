/* SPDX-License-Identifier: MIT
 *
 * Flows in parts: when one is due, and that the parts of a flow add up to it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/agent/part.h"
#include "unit/report/rows.h"

#define S 1000000000ll

static struct flow_row flow_at(uint64_t id, int64_t start_ns, int64_t end_ns, int64_t packets)
{
	struct flow_row row = blank_row();

	row.id = id;
	row.start_ns = start_ns;
	row.end_ns = end_ns;
	row.src.port = 40000;
	row.dst.port = 443;
	row.src.packets = packets;
	row.src.ip_bytes = packets * 100;
	row.dst.packets = packets / 2;
	row.dst.ip_bytes = packets * 10;
	return row;
}

static bool due(struct parts *p, const struct flow_row *row)
{
	struct flow_brief brief = {row->id, row->start_ns, row->end_ns};

	return parts_due(p, &brief);
}

static void a_long_flow_is_told_each_active_timeout(void **state)
{
	struct parts *p = parts_new(&(struct parts_options){.active_ns = 60 * S, .idle_ns = 15 * S});
	int64_t told = 0, told_back = 0, join_ns = 0;
	unsigned parts = 0;
	struct part part;
	struct flow_row row;

	(void)state;
	for (int64_t now = 0; now <= 200; now++) { /* ten packets a second */
		row = flow_at(7, 0, now * S, now * 10 + 1);
		parts_advance(p, now * S);
		assert_int_equal(due(p, &row), now && now % 60 == 0);
		if (!due(p, &row))
			continue;
		assert_true(parts_take(p, &row, false, &part));
		assert_int_equal(part.end, PART_ACTIVE);
		assert_int_equal(part.start_ns, join_ns);
		join_ns = row.end_ns;
		told += part.counts[0].packets;
		told_back += part.counts[1].ip_bytes;
		parts++;
	}
	strcpy(row.end_reason, "fin");
	assert_true(parts_take(p, &row, true, &part));
	assert_true(part.last);
	assert_int_equal(part.end, PART_CLOSED);
	assert_int_equal(parts, 3);
	assert_int_equal(told + part.counts[0].packets, row.src.packets);
	assert_int_equal(told_back + part.counts[1].ip_bytes, row.dst.ip_bytes);
	parts_free(p);
}

static void a_quiet_flow_is_told_once(void **state)
{
	struct parts *p = parts_new(&(struct parts_options){.active_ns = 60 * S, .idle_ns = 15 * S});
	struct flow_row row = flow_at(1, 0, 2 * S, 5);
	struct part part;

	(void)state;
	for (int64_t now = 0; now < 100; now++) {
		parts_advance(p, now * S);
		assert_int_equal(due(p, &row), now == 17);
		if (now == 17)
			assert_true(parts_take(p, &row, false, &part));
	}
	assert_int_equal(part.end, PART_IDLE);
	assert_int_equal(part.counts[0].packets, 5);
	/* It goes on, and is quiet again. */
	row = flow_at(1, 0, 100 * S, 9);
	parts_advance(p, 115 * S);
	assert_true(due(p, &row));
	assert_true(parts_take(p, &row, false, &part));
	assert_int_equal(part.start_ns, 2 * S);
	assert_int_equal(part.counts[0].packets, 4);
	/* It ends without a further packet: nothing is left to tell. */
	assert_true(parts_take(p, &row, true, &part));
	assert_true(part_is_empty(&part));
	parts_free(p);
}

/* The originator of a flow can become known after its first part. */
static void parts_follow_an_originator_that_changes(void **state)
{
	struct parts *p = parts_new(&(struct parts_options){.active_ns = S, .idle_ns = S});
	struct flow_row row = flow_at(1, 0, 2 * S, 10);
	struct flow_end_row src;
	struct part part;

	(void)state;
	parts_advance(p, 4 * S);
	assert_true(parts_take(p, &row, false, &part));
	row = flow_at(1, 0, 5 * S, 16);
	src = row.src;
	row.src = row.dst;
	row.dst = src;
	assert_true(parts_take(p, &row, true, &part));
	assert_int_equal(part.counts[0].packets, 3);
	assert_int_equal(part.counts[1].packets, 6);
	assert_int_equal(part.counts[1].ip_bytes, 600);
	parts_free(p);
}

/* Counters of packets wrap at 32 bits while a flow lives. */
static void packets_wrap(void **state)
{
	struct parts *p = parts_new(&(struct parts_options){.active_ns = S, .idle_ns = S});
	struct flow_row row = flow_at(1, 0, 2 * S, 0xfffffff0);
	struct part part;

	(void)state;
	assert_true(parts_take(p, &row, false, &part));
	row.src.packets = 0x10;
	assert_true(parts_take(p, &row, true, &part));
	assert_int_equal(part.counts[0].packets, 0x20);
	parts_free(p);
}

/* Without room a flow is told at its end, whole. */
static void no_room(void **state)
{
	struct parts *p = parts_new(&(struct parts_options){.active_ns = S, .idle_ns = S, .max = 2});
	struct part part;

	(void)state;
	for (uint64_t id = 1; id <= 3; id++) {
		struct flow_row row = flow_at(id, 0, 2 * S, 10);

		assert_int_equal(parts_take(p, &row, false, &part), id <= 2);
	}
	assert_int_equal(parts_refused(p), 1);
	for (uint64_t id = 1; id <= 3; id++) {
		struct flow_row row = flow_at(id, 0, 2 * S, 10);

		assert_true(parts_take(p, &row, true, &part));
		assert_int_equal(part.counts[0].packets, id <= 2 ? 0 : 10);
	}
	parts_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_flow_is_told_each_active_timeout),
		cmocka_unit_test(a_quiet_flow_is_told_once),
		cmocka_unit_test(parts_follow_an_originator_that_changes),
		cmocka_unit_test(packets_wrap),
		cmocka_unit_test(no_room),
	};

	return cmocka_run_group_tests_name("part", tests, NULL, NULL);
}
