/* SPDX-License-Identifier: MIT */
#include "flow/app/quic_flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packets.h"

enum { SHORT = 0x40, SPIN = 0x20, LONG = 0xc0 };

static void show(struct quic_flow *q, int d, uint8_t first, int64_t ms)
{
	quic_flow_datagram(q, d, cursor_init(&first, 1), ms * MS);
}

static struct half_rtt_row row_of(const struct quic_flow *q)
{
	static struct flow_row row;

	quic_flow_fill(&row, q);
	return row.quic_rtt_ns;
}

/* Both ends send every 10 ms; 40 ms from the client and back. */
static void both_directions_tell(void **state)
{
	struct quic_flow q = {.samples = 0};
	struct half_rtt_row r;

	(void)state;
	for (int ms = 0; ms < 200; ms += 10) {
		show(&q, A, SHORT | (ms / 40 % 2 ? SPIN : 0), ms);
		show(&q, A, LONG, ms + 1); /* says nothing */
		show(&q, B, SHORT | ((ms + 20) / 40 % 2 ? SPIN : 0), ms);
	}
	r = row_of(&q);
	assert_int_equal(r.min, 40 * MS);
	assert_int_equal(r.avg, 40 * MS);
	assert_int_equal(r.max, 40 * MS);
	assert_int_equal(r.samples, 3 + 4); /* from the second edge on */
}

static void a_pause_makes_a_sample_longer(void **state)
{
	struct quic_flow q = {.samples = 0};

	(void)state;
	show(&q, A, SHORT, 0);
	show(&q, A, SHORT | SPIN, 30); /* since when? */
	assert_int_equal(row_of(&q).samples, ROW_ABSENT);
	show(&q, A, SHORT, 60);
	show(&q, A, SHORT | SPIN, 1060);
	assert_int_equal(row_of(&q).min, 30 * MS);
	assert_int_equal(row_of(&q).max, 1000 * MS);
	assert_int_equal(row_of(&q).avg, 515 * MS);
	assert_int_equal(row_of(&q).samples, 2);
}

static void no_spin_no_sample(void **state)
{
	struct quic_flow constant = {.samples = 0}, greased = {.samples = 0};

	(void)state;
	for (int ms = 0; ms < 100; ms++) {
		show(&constant, A, SHORT | SPIN, ms);
		show(&greased, A, SHORT | (0x5a3c96e1u >> ms % 32 & 1 ? SPIN : 0), ms);
	}
	assert_int_equal(row_of(&constant).samples, ROW_ABSENT);
	assert_int_equal(row_of(&greased).samples, ROW_ABSENT);
	assert_int_equal(row_of(NULL).samples, ROW_ABSENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_directions_tell),
		cmocka_unit_test(a_pause_makes_a_sample_longer),
		cmocka_unit_test(no_spin_no_sample),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
