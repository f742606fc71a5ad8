/* SPDX-License-Identifier: MIT */
#include "flow/tcp/delivery.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tcp_cases.h"

#define DATA(ms, seq, len)  {ms, A, ACK | PSH, seq, 500, len, 1000, 0}
#define ACKED(ms, ack)	    {ms, B, ACK, 500, ack, 0, 1000, 0}
#define FINISH(ms, seq)	    {ms, A, ACK | FIN, seq, 500, 0, 1000, 0}

static const struct segment_row all_arrived[] = {
	HANDSHAKE, DATA(30, 100, 100), DATA(31, 200, 50), ACKED(40, 250), FINISH(50, 250),
	ACKED(60, 251),
};
static const struct segment_row fin_not_acked[] = {
	HANDSHAKE, DATA(30, 100, 100), ACKED(40, 200), FINISH(50, 200),
};
static const struct segment_row hole_filled[] = {
	HANDSHAKE, DATA(30, 200, 100), DATA(31, 100, 100), FINISH(50, 300), ACKED(60, 301),
};
static const struct segment_row lost[] = {
	HANDSHAKE, DATA(30, 100, 100), DATA(31, 250, 50), ACKED(40, 200), FINISH(50, 300),
	ACKED(60, 200),
};
static const struct segment_row unacknowledged[] = {
	HANDSHAKE, DATA(30, 100, 100), DATA(31, 200, 30), ACKED(40, 200), FINISH(50, 230),
};
static const struct segment_row unseen[] = {
	HANDSHAKE, DATA(30, 100, 100), DATA(31, 240, 60), ACKED(40, 300), FINISH(50, 300),
	ACKED(60, 301),
};
static const struct segment_row end_lost_but_fin[] = {
	HANDSHAKE, DATA(30, 100, 100), ACKED(40, 200), FINISH(50, 270), ACKED(60, 200),
};
/* a RST behind a complete stream takes nothing back; its ack of 0 is no ack */
static const struct segment_row reset_afterwards[] = {
	HANDSHAKE, DATA(30, 100, 100), FINISH(31, 200), ACKED(40, 201),
	{50, A, RST, 201, 0, 0, 0, 0}, {51, B, RST, 500, 0, 0, 0, 0},
};
/* nor does it move the end of the data, whatever its number */
static const struct segment_row reset_elsewhere[] = {
	HANDSHAKE, DATA(30, 100, 100), ACKED(40, 200), FINISH(41, 200),
	{50, A, RST, 260, 0, 0, 0, 0},
};
static const struct segment_row reset[] = {
	HANDSHAKE, DATA(30, 100, 100), {40, B, RST | ACK, 500, 100, 0, 0, 0},
};
static const struct segment_row no_fin[] = {
	HANDSHAKE, DATA(30, 100, 100), ACKED(40, 200),
};
static const struct segment_row midstream[] = {
	DATA(30, 100, 100), ACKED(40, 200), FINISH(50, 200), ACKED(60, 201),
};
static const struct segment_row one_way[] = {
	{0, A, SYN, 99, 0, 0, 1000, 0}, DATA(30, 100, 100), FINISH(50, 200),
};
/* sequence numbers wrap */
static const struct segment_row wraps[] = {
	{0, A, SYN, 0xffffff00, 0, 0, 1000, 0},
	{10, B, SYN | ACK, 499, 0xffffff01, 0, 1000, 0},
	DATA(30, 0xffffff01, 400),
	ACKED(40, 0x91),
	FINISH(50, 0x91),
	ACKED(60, 0x92),
};
/* an old ack that arrives late takes nothing back */
static const struct segment_row late_ack[] = {
	HANDSHAKE, DATA(30, 100, 100), DATA(31, 200, 100), ACKED(40, 300), ACKED(41, 200),
	FINISH(50, 300),
};

static const struct {
	const char *name;
	const struct segment_row *rows;
	unsigned count;
	bool over; /* the run has ended */
	const char *verdict, *reason;
	int64_t bytes;
} cases[] = {
#define CASE(rows, ...) {#rows, rows, sizeof(rows) / sizeof(*rows), __VA_ARGS__}
	CASE(all_arrived, true, "complete", "", 0),
	CASE(all_arrived, false, "complete", "", 0),
	CASE(fin_not_acked, true, "complete", "", 0),
	CASE(hole_filled, true, "complete", "", 0),
	CASE(lost, true, "incomplete", "lost", 100),
	CASE(unacknowledged, true, "incomplete", "unacknowledged", 30),
	CASE(unseen, true, "incomplete", "unseen", 40),
	CASE(end_lost_but_fin, true, "incomplete", "lost", 70),
	CASE(reset_afterwards, true, "complete", "", 0),
	CASE(reset_elsewhere, true, "complete", "", 0),
	CASE(reset, true, "unknown", "reset", 100),
	CASE(no_fin, true, "unknown", "cut", 0),
	CASE(no_fin, false, "unknown", "no_end", 0),
	CASE(midstream, true, "unknown", "midstream", 0),
	CASE(one_way, true, "unknown", "one_way", 100),
	CASE(wraps, true, "complete", "", 0),
	CASE(late_ack, true, "complete", "", 0),
};

static int check(unsigned i)
{
	static struct flow_row row;
	struct flow_table_options o = {.max_flows = 64, .seed = 1, .keep_ended_ns = SECOND};
	struct flow_table *t = flow_table_new(&o);
	const struct flow_end_row *a;
	int bad;

	feed(t, cases[i].rows, cases[i].count);
	if (cases[i].over)
		flow_table_flush(t);
	flow_row_fill(&row, t, flow_table_next(t, NULL));
	a = row.src.port == A_PORT ? &row.src : &row.dst;
	bad = strcmp(a->delivery, cases[i].verdict) || strcmp(a->delivery_reason, cases[i].reason) ||
	      a->undelivered_bytes != cases[i].bytes;
	if (bad)
		print_error("%s: %s %s %lld, wanted %s %s %lld\n", cases[i].name, a->delivery,
			    a->delivery_reason, (long long)a->undelivered_bytes, cases[i].verdict,
			    cases[i].reason, (long long)cases[i].bytes);
	flow_table_free(t);
	return bad;
}

static void judges_each_direction(void **state)
{
	int bad = 0;

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		bad += check(i);
	assert_int_equal(bad, 0);
}

static void says_nothing_without_tcp(void **state)
{
	struct flow_table *t = small_table();
	struct packet p = udp_from(A, 0, 10);

	(void)state;
	flow_table_packets(t, &p, 1);
	assert_string_equal(only_row(t)->src.delivery, "");
	assert_int_equal(only_row(t)->src.undelivered_bytes, ROW_ABSENT);
	flow_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_each_direction),
		cmocka_unit_test(says_nothing_without_tcp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
