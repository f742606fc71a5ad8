/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "decode/decode.h"
#include "flow/kept_frames.h"

enum { RAW_IP = 101, SIZE = 20 + 8 + 100 };

static unsigned taken, by_src;
static int64_t first_ns, last_ns;

/* A UDP datagram between two ports of one host and another (RFC 791, RFC 768), `extra` bytes long.
 */
static void add(struct kept_frames *k, uint16_t sport, uint16_t dport, int64_t at_ns,
		uint32_t extra)
{
	uint8_t data[SIZE] = {
		0x45, 0, 0, (uint8_t)(28 + extra), 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192,
		0,    2, 1};
	struct frame f = {.data = data,
			  .time_ns = at_ns,
			  .caplen = 28 + extra,
			  .wirelen = 28 + extra,
			  .linktype = RAW_IP};

	data[20] = (uint8_t)(sport >> 8);
	data[21] = (uint8_t)sport;
	data[22] = (uint8_t)(dport >> 8);
	data[23] = (uint8_t)dport;
	data[25] = (uint8_t)(8 + extra);
	kept_frames_add(k, &f, 1);
}

static struct flow_row row_of(uint16_t sport, uint16_t dport)
{
	struct flow_row row = {.proto = 17, .start_ns = 0, .end_ns = INT64_MAX};

	assert_true(addr_parse(&row.src.addr, "192.0.2.1"));
	row.dst.addr = row.src.addr;
	row.src.port = sport;
	row.dst.port = dport;
	return row;
}

static void on_frame(void *ctx, const struct frame *f, bool by_originator)
{
	(void)ctx;
	if (!taken++)
		first_ns = f->time_ns;
	assert_true(f->time_ns >= last_ns);
	last_ns = f->time_ns;
	by_src += by_originator;
}

static unsigned take(struct kept_frames *k, uint16_t sport, uint16_t dport)
{
	struct flow_row row = row_of(sport, dport);
	unsigned n;

	taken = by_src = 0;
	first_ns = last_ns = 0;
	n = kept_frames_take(k, &row, on_frame, NULL);
	assert_int_equal(n, taken);
	return n;
}

static void of_a_flow_once(void **state)
{
	struct kept_frames *k = kept_frames_new(1 << 20);

	(void)state;
	add(k, 1000, 53, 1, 5);
	add(k, 53, 1000, 2, 50);
	add(k, 1001, 53, 3, 5);
	add(k, 1000, 53, 4, 0);
	assert_int_equal(take(k, 1000, 53), 3);
	assert_int_equal(by_src, 2);
	assert_int_equal(take(k, 1000, 53), 0);
	assert_int_equal(take(k, 53, 1001), 1);
	assert_int_equal(by_src, 0);
	kept_frames_free(k);
}

/* By its time and way, and as often as it is asked for; another flow's frame of that time is not
 * it. */
static void one_of_a_flow(void **state)
{
	struct kept_frames *k = kept_frames_new(1 << 20);
	struct flow_row row = row_of(1000, 53);
	struct frame f;

	(void)state;
	add(k, 1000, 53, 1, 5);
	add(k, 1001, 53, 2, 7);
	add(k, 53, 1000, 2, 50);
	take(k, 1000, 53);
	for (int i = 0; i < 2; i++) {
		assert_true(kept_frames_find(k, &row, 2, false, &f));
		assert_int_equal(f.caplen, 78);
	}
	assert_false(kept_frames_find(k, &row, 2, true, &f));
	assert_false(kept_frames_find(k, &row, 3, false, &f));
	kept_frames_free(k);
}

/* Whatever the sizes, what is left is the newest, in order and whole. */
static void the_oldest_give_way(void **state)
{
	(void)state;
	srand(7);
	for (size_t bytes = 100; bytes < 3000; bytes += 7) {
		struct kept_frames *k = kept_frames_new(bytes);
		unsigned n;

		for (int i = 1; i <= 300; i++)
			add(k, 1000, 53, i, (uint32_t)rand() % 100);
		n = take(k, 1000, 53);
		assert_true(n <= bytes / 48);
		if (bytes >= 200)
			assert_true(n >= 1);
		if (n)
			assert_int_equal(last_ns - first_ns, n - 1);
		kept_frames_free(k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_a_flow_once),
		cmocka_unit_test(one_of_a_flow),
		cmocka_unit_test(the_oldest_give_way),
	};

	decode_init();
	return cmocka_run_group_tests_name("kept_frames", tests, NULL, NULL);
}
