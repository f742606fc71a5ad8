/* SPDX-License-Identifier: MIT
 *
 * Looking back shows what was there: every field of every flow was written down when it was so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "flow/past.h"
#include "flow/rates.h"
#include "flow/rows/field.h"
#include "flow/table_private.h"
#include "packets.h"

enum { MARKS_MAX = 1200 };

struct world {
	struct flow_table *table;
	struct past *past;
	uint32_t seed, flows;
	int64_t now_ns; /* after the start of the clock of packets.h */
	int64_t packets;
	int marks;
	struct {
		int64_t at_ns;
		char *rows; /* what was there */
	} mark[MARKS_MAX];
};

static uint32_t next_random(struct world *w)
{
	w->seed = w->seed * 1664525u + 1013904223u;
	return w->seed >> 8;
}

static void begin(struct world *w, uint32_t flows, int64_t keep_ended_ns, size_t bytes)
{
	struct flow_table_options o = {
		.max_flows = 4096, .seed = 1, .keep_ended_ns = keep_ended_ns};

	*w = (struct world){.table = flow_table_new(&o), .seed = 7, .flows = flows};
	w->past = past_new(w->table, bytes);
	flow_table_keep_past(w->table, w->past);
}

static void finish(struct world *w)
{
	past_free(w->past);
	flow_table_free(w->table);
	for (int i = 0; i < w->marks; i++)
		free(w->mark[i].rows);
}

/* Every flow in words, one a line; NULL without what is only of the present. */
static char *write_down(struct world *w)
{
	static struct flow_row row;
	unsigned count;
	const struct field *all = fields(&count);
	size_t len, room;
	char *text;
	FILE *f = open_memstream(&text, &room);

	for (struct flow *flow = flow_table_next(w->table, NULL); flow;
	     flow = flow_table_next(w->table, flow)) {
		flow_row_fill(&row, w->table, flow);
		for (unsigned i = 0; i < count; i++) {
			char value[FIELD_TEXT_MAX];

			if (!field_present(&all[i], &row))
				continue;
			field_text(&all[i], &row, false, value, sizeof(value));
			fprintf(f, "%s=%s ", all[i].name, value);
		}
		fputc('\n', f);
	}
	fclose(f);
	len = strlen(text);
	assert_true(len < 4 << 20);
	return text;
}

/* They are long: only where they differ. */
static void assert_same(const char *then, const char *was)
{
	size_t i = 0;

	while (then[i] && then[i] == was[i])
		i++;
	if (then[i] != was[i])
		fail_msg("%.60s, was %.60s", then + (i < 30 ? 0 : i - 30), was + (i < 30 ? 0 : i - 30));
}

static void some_packet(struct world *w)
{
	static const uint8_t flags[] = {TCP_SYN,	   TCP_SYN | TCP_ACK, TCP_ACK,
					TCP_ACK | TCP_PSH, TCP_ACK,	      TCP_ACK | TCP_PSH,
					TCP_ACK | TCP_FIN, TCP_RST};
	uint32_t flow = next_random(w) % w->flows;
	int from = next_random(w) & 1;
	struct packet p;
	struct segment_row r = {
		.ms = (double)w->now_ns / MS,
		.from = from,
		.flags = flags[next_random(w) % (next_random(w) % 50 ? 6 : 8)],
		.seq = 100 * (next_random(w) % 40),
		.ack = 100 * (next_random(w) % 40),
		.len = next_random(w) % 4 * 100,
		.window = (uint16_t)(next_random(w) % 4 * 1000),
	};

	if (r.flags & TCP_SYN)
		r.seq = next_random(w) % 20 ? 0 : r.seq; /* of another connection rarely */
	p = segment_packet(&r);
	if (flow % 5 == 0)
		p = udp_from(from, w->now_ns, r.len);
	*(from == A ? &p.src_port : &p.dst_port) = (uint16_t)(A_PORT + flow);
	flow_table_packets(w->table, &p, 1);
	w->packets++;
}

/* Some packets, then a mark, and what is so then. */
static void mark(struct world *w, int64_t span_ns, unsigned packets)
{
	struct past_totals totals;
	int64_t begin_ns = w->now_ns;

	for (unsigned i = 0; i < packets; i++) {
		w->now_ns = begin_ns + span_ns * (i + 1) / packets;
		some_packet(w);
	}
	totals = (struct past_totals){.packets = w->packets};
	past_mark(w->past, w->table->now_ns, &totals);
	w->mark[w->marks].at_ns = w->table->now_ns;
	w->mark[w->marks++].rows = write_down(w);
}

static int mark_of(const struct world *w, int64_t at_ns)
{
	int i = w->marks - 1;

	while (i > 0 && w->mark[i].at_ns > at_ns)
		i--;
	assert_int_equal(w->mark[i].at_ns, at_ns);
	return i;
}

static void same_now(struct world *w)
{
	char *now = write_down(w);

	assert_same(now, w->mark[w->marks - 1].rows);
	free(now);
}

/* At every mark that there is, from the last to the first. How many there were. */
static int look_everywhere(struct world *w, int64_t *oldest_ns)
{
	int64_t at_ns = w->mark[w->marks - 1].at_ns;
	struct past_place place;
	int seen = 0;

	while (at_ns) {
		char *then;

		assert_true(past_go(w->past, at_ns, &place));
		assert_int_equal(place.at_ns, at_ns);
		then = write_down(w);
		past_return(w->past);
		assert_same(then, w->mark[mark_of(w, at_ns)].rows);
		free(then);
		same_now(w);
		assert_int_equal(past_before(w->past, at_ns), place.before_ns);
		*oldest_ns = at_ns;
		at_ns = place.before_ns;
		seen++;
	}
	return seen;
}

static void every_second_of_a_minute(void **state)
{
	struct world w;
	int64_t oldest_ns;

	(void)state;
	begin(&w, 30, 3600 * SECOND, 0);
	for (int i = 0; i < 50; i++)
		mark(&w, SECOND, 1 + i % 7 * 20);
	assert_int_equal(look_everywhere(&w, &oldest_ns), 50);
	/* And on from there. */
	for (int i = 0; i < 5; i++)
		mark(&w, SECOND, 40);
	look_everywhere(&w, &oldest_ns);
	finish(&w);
}

static void coarser_when_old(void **state)
{
	struct past_extent e;
	struct world w;
	int64_t oldest_ns, now_ns;

	(void)state;
	begin(&w, 5, 3600 * SECOND, 0);
	for (int i = 0; i < 1100; i++)
		mark(&w, SECOND, 5);
	now_ns = w.mark[w.marks - 1].at_ns;
	past_extent(w.past, &e);
	/* a second each for one minute, five for four, fifteen for ten; the edges may be finer */
	assert_true(e.marks >= 60 + 48 + 40 && e.marks < 60 + 48 + 40 + 20);
	assert_in_range(look_everywhere(&w, &oldest_ns), e.marks, e.marks + 1);
	assert_in_range(now_ns - oldest_ns, PAST_SPAN_NS, PAST_SPAN_NS + 20 * SECOND);
	assert_int_equal(oldest_ns, e.from_ns);
	finish(&w);
}

static void memory_is_bounded(void **state)
{
	enum { BYTES = 100000 };
	struct past_extent e;
	struct world w;
	int64_t oldest_ns;

	(void)state;
	begin(&w, 10, 3600 * SECOND, BYTES);
	for (int i = 0; i < 200; i++) {
		mark(&w, SECOND, 60);
		past_extent(w.past, &e);
		assert_true(e.bytes <= BYTES);
	}
	assert_true(look_everywhere(&w, &oldest_ns) > 10);
	finish(&w);
}

/* More changes than fit between two marks: there are more marks. */
static void a_second_that_is_full(void **state)
{
	struct past_extent e;
	struct past_place place;
	struct world w;

	(void)state;
	begin(&w, 100, 3600 * SECOND, 60000);
	mark(&w, SECOND, 200);
	mark(&w, SECOND, 400);
	past_extent(w.past, &e);
	assert_true(e.marks >= 2);
	assert_true(past_go(w.past, w.mark[1].at_ns, &place));
	past_return(w.past);
	same_now(&w);
	finish(&w);
}

/* Flows leave the table meanwhile, and others take their slots. */
static void what_is_gone_is_gone(void **state)
{
	struct past_place place;
	struct world w;

	(void)state;
	begin(&w, 30, 1 * SECOND, 0);
	for (int i = 0; i < 100; i++)
		mark(&w, 3 * SECOND, 10);
	assert_true(flow_table_total(w.table) > flow_table_count(w.table));
	for (int64_t at_ns = w.table->now_ns; at_ns; at_ns = place.before_ns) {
		char *then;

		assert_true(past_go(w.past, at_ns, &place));
		then = write_down(&w);
		past_return(w.past);
		free(then);
		same_now(&w);
	}
	finish(&w);
}

static void rates_are_of_the_time_between_marks(void **state)
{
	struct past_totals totals = {.packets = 1};
	struct flow_row row = {.src.rate_bps = -1};
	struct rates rates = {0};
	struct past_place place;
	struct world w;
	struct flow *f;
	int64_t at_ns;

	(void)state;
	begin(&w, 1, 3600 * SECOND, 0);
	for (int i = 0; i < 3; i++) {
		for (int n = 0; n <= i * 2; n++) {
			struct packet p = udp_from(A, (2 * i + 2) * SECOND, 458);

			flow_table_packets(w.table, &p, 1); /* of 500 bytes */
		}
		totals.packets++;
		past_mark(w.past, w.table->now_ns, &totals);
	}
	at_ns = w.table->now_ns - SECOND; /* the second mark: 3 packets in 2 s */
	assert_true(past_go(w.past, at_ns, &place));
	past_rates(w.past, &rates);
	f = flow_table_next(w.table, NULL);
	flow_row_fill(&row, w.table, f);
	rates_fill(&rates, &row, f);
	assert_int_equal(row.src.bytes, 4 * 500);
	assert_int_equal(row.src.rate_bps, 3 * 500 * 8 / 2);
	assert_int_equal(row.dst.rate_bps, 0);
	assert_int_equal(place.totals.packets - place.before.packets, 1);
	past_return(w.past);
	rates_done(&rates);
	finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_second_of_a_minute),
		cmocka_unit_test(coarser_when_old),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(a_second_that_is_full),
		cmocka_unit_test(what_is_gone_is_gone),
		cmocka_unit_test(rates_are_of_the_time_between_marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
