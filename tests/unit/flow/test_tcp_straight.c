/* SPDX-License-Identifier: MIT
 *
 * Segments that go straight against all rules asked: twin connections get the same random segments,
 * one as usual, the other at length only. After each segment they must not differ in a byte.
 */
#include "flow/tcp/tcp_straight.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "flow/table_private.h"
#include "flow/tcp/tcp.h"
#include "flow/tcp/tcp_first.h"
#include "flow/tcp/tcp_path.h"
#include "packets.h"

enum { CONVERSATIONS = 3000, SEGMENTS = 60, MSS = 1448 };

/* What the two ends are about to send, and when. */
struct talk {
	unsigned seed;
	int64_t ns;
	uint32_t seq[2], ack[2]; /* next number, and what was acknowledged */
	uint32_t syn[2];	 /* the first number */
	uint16_t window;
	bool scaled, stamped, stretched; /* stretched: gaps of seconds, too */
};

static unsigned one_of(struct talk *k, unsigned n)
{
	k->seed = k->seed * 1103515245 + 12345;
	return (k->seed >> 16) % n;
}

/* Mostly the next data or an ack of all; now and then whatever breaks a rule. */
static struct segment_row next_segment(struct talk *k)
{
	static const uint32_t lengths[] = {0, 0, 1, 2, 100, 535, 536, MSS, MSS, MSS};
	/* both sides of every limit of flow/tcp/tcp_waits.c, then a clock set back, and long ones
	 */
	static const int64_t gaps_ns[] = {
		0,	1,	999,	1000,	 49999,	  50000,   50999, 51000,   199999,
		200000, 201000, 999999, 1000000, 1000001, 1001000, -5000, 30 * MS, 300 * MS,
	};
	int from = (int)one_of(k, 2);
	struct segment_row r = {.from = from, .flags = TCP_ACK | (one_of(k, 2) ? TCP_PSH : 0)};

	k->ns += gaps_ns[one_of(k, k->stretched ? 18 : 12)];
	r.seq = k->seq[from];
	r.len = lengths[one_of(k, 10)];
	if (one_of(k, 3))
		k->ack[from] = k->seq[!from];
	r.ack = k->ack[from];
	r.window = one_of(k, 30) ? k->window : (uint16_t)(one_of(k, 2) * 1000);
	switch (one_of(k, 40)) {
	case 0: r.seq -= MSS; break;
	case 1: r.seq += MSS; break;
	case 2: r.seq -= 1; break;
	case 3: r.ack += MSS; break;
	case 4: r.ack -= MSS; break;
	case 5: r.flags |= one_of(k, 4) ? TCP_FIN : TCP_RST; break;
	case 6: r.flags ^= one_of(k, 4) ? TCP_SYN : TCP_ACK; break;
	case 7: r.len = k->ack[!from] + ((uint32_t)k->window << (k->scaled ? 3 : 0)) - r.seq; break;
	case 8:
		r = (struct segment_row){.from = from, .flags = TCP_SYN, .seq = k->syn[from]};
		break;
	}
	if (seq_after(r.seq + r.len, k->seq[from]) && one_of(k, 50))
		k->seq[from] = r.seq + r.len;
	return r;
}

static struct segment_row opening(struct talk *k, unsigned nth)
{
	int scale = k->scaled ? 4 : 0, from = nth == 1;
	uint8_t flags = nth == 0 ? TCP_SYN : nth == 1 ? TCP_SYN | TCP_ACK : TCP_ACK;
	struct segment_row r = {0,
				from,
				flags,
				k->seq[from],
				nth ? k->seq[!from] : 0,
				0,
				k->window,
				nth < 2 ? scale : 0};

	k->ns += one_of(k, 2) * one_of(k, 30000);
	k->ack[from] = r.ack;
	if (nth < 2)
		k->syn[from] = k->seq[from]++;
	return r;
}

static struct packet dressed(struct talk *k, const struct segment_row *r)
{
	struct packet p = segment_packet(r);

	p.time_ns = 1000 * SECOND + k->ns;
	p.tcp.has_timestamp = k->stamped;
	p.tcp.ts_value = (uint32_t)(k->ns / MS);
	p.tcp.ts_echo = p.tcp.ts_value - one_of(k, 3);
	if (!one_of(k, 60)) {
		p.tcp.sack_count = 1;
		p.tcp.sack[0] = (struct sack_block){r->ack + MSS, r->ack + 2 * MSS};
	}
	if (!one_of(k, 80))
		p.anomalies |= ANOMALY_BIT(ANOMALY_L4_CHECKSUM);
	return p;
}

static void same_parts(const struct flow_table *a, const struct flow_table *b)
{
	const struct flow *f = flow_table_next((struct flow_table *)(uintptr_t)a, NULL);
	const struct flow *g = flow_table_next((struct flow_table *)(uintptr_t)b, NULL);

	assert_memory_equal(f, g, sizeof(*f));
	if (f->rare)
		assert_memory_equal(flow_rare_peek(a, f), flow_rare_peek(b, g),
				    sizeof(struct flow_rare));
}

/* As the table does before TCP's turn. */
static struct flow *arrives(struct flow_table *t, const struct packet *p)
{
	struct flow *f = flow_table_next(t, NULL);

	t->before_ns = f->last_ns;
	if (p->time_ns > f->last_ns)
		f->last_ns = p->time_ns;
	f->packets[p->src_port == B_PORT]++;
	return f;
}

/* How many segments went straight. */
static unsigned converse(struct talk *k)
{
	struct flow_table *usual = small_table(), *at_length = small_table();
	unsigned straight = 0, begin = one_of(k, 4); /* some are met in the middle */

	for (unsigned i = begin; i < SEGMENTS; i++) {
		struct segment_row r = i < 3 ? opening(k, i) : next_segment(k);
		struct packet p = dressed(k, &r);
		int d = r.from == B; /* A has the smaller address */
		struct flow *f;

		if (i == begin) {
			flow_table_packets(usual, &p, 1);
			flow_table_packets(at_length, &p, 1);
			continue;
		}
		f = arrives(usual, &p);
		straight += tcp_is_straight(&f->cold.tcp, d, &p);
		tcp_segment(usual, f, d, &p);
		tcp_segment_at_length(at_length, arrives(at_length, &p), d, &p);
		same_parts(usual, at_length);
	}
	flow_table_free(usual);
	flow_table_free(at_length);
	return straight;
}

static void both_ways_are_the_same(void **state)
{
	unsigned straight = 0, all = CONVERSATIONS * SEGMENTS;

	(void)state;
	for (unsigned i = 0; i < CONVERSATIONS; i++) {
		struct talk k = {.seed = i, .scaled = i & 1, .stamped = i & 2, .stretched = i & 4};

		/* Some wrap around soon. */
		k.seq[0] = i & 8 ? 0u - one_of(&k, 20000) : 1 + one_of(&k, 30000);
		k.seq[1] = i & 16 ? 0u - one_of(&k, 20000) : 1 + one_of(&k, 30000);
		k.window = (uint16_t)(i & 32 ? 8 * MSS : 65000);
		straight += converse(&k);
	}
	/* Else the test would compare one way with itself. */
	assert_in_range(straight, all / 4, all * 3 / 4);
}

/* A flow of which nothing came yet, or a packet without a TCP header. */
static struct flow *new_flow(struct flow_table *t, const struct packet *p, bool touched)
{
	struct flow_key key;
	struct flow *f;
	int sender;

	flow_key_of_packet(&key, &sender, p);
	f = flow_create(t, &key, flow_hash(t, &key));
	f->start_ns = f->last_ns = p->time_ns - (touched ? 5 * MS : 0);
	f->originator = touched;
	return f;
}

/* Mostly the SYN that begins a connection; now and then with something that a rule is about. */
static struct packet beginning(struct talk *k)
{
	struct segment_row r = {.from = (int)one_of(k, 2), .flags = TCP_SYN, .window = 65000};
	struct packet p;

	r.seq = one_of(k, 20) ? k->seq[0] : 0u - one_of(k, 2);
	r.scale = (int)one_of(k, 18);
	switch (one_of(k, 16)) {
	case 0: r.flags |= TCP_ACK; break;
	case 1: r.flags |= one_of(k, 2) ? TCP_FIN : TCP_RST; break;
	case 2: r.flags = TCP_ACK; break;
	case 3: r.flags |= TCP_PSH; break;
	case 4: r.len = 1 + one_of(k, 100); break;
	case 5: r.ack = 1 + one_of(k, 100); break;
	case 6: r.window = 0; break;
	}
	p = dressed(k, &r);
	if (!one_of(k, 40))
		p.time_ns = 0;
	return p;
}

/* How many were first SYNs; what follows them goes both ways at length. */
static unsigned begin_both_ways(struct talk *k)
{
	struct flow_table *usual = small_table(), *at_length = small_table();
	struct packet p = beginning(k);
	bool touched = !one_of(k, 8);
	struct flow *f = new_flow(usual, &p, touched), *g = new_flow(at_length, &p, touched);
	unsigned first = 0;

	for (unsigned i = 0; i < 4; i++) {
		int d = p.src_port == B_PORT;

		arrives(usual, &p);
		arrives(at_length, &p);
		first += tcp_is_first_syn(f, &p, usual->before_ns);
		tcp_segment(usual, f, d, &p);
		tcp_segment_at_length(at_length, g, d, &p);
		assert_int_equal(usual->tcp_marks, at_length->tcp_marks);
		same_parts(usual, at_length);
		p = beginning(k);
	}
	flow_table_free(usual);
	flow_table_free(at_length);
	return first;
}

static void beginnings_are_the_same(void **state)
{
	unsigned first = 0;

	(void)state;
	for (unsigned i = 0; i < CONVERSATIONS; i++) {
		struct talk k = {.seed = i, .stamped = i & 1, .seq = {1 + i * 1000003, 1}};

		first += begin_both_ways(&k);
	}
	assert_in_range(first, CONVERSATIONS / 4, CONVERSATIONS * 9 / 10);
}

static void same_flows(struct flow_table *a, struct flow_table *b)
{
	struct flow *f = flow_table_next(a, NULL), *g = flow_table_next(b, NULL);

	assert_int_equal(flow_table_total(a), flow_table_total(b));
	for (; f && g; f = flow_table_next(a, f), g = flow_table_next(b, g)) {
		assert_memory_equal(f, g, sizeof(*f));
		if (f->rare)
			assert_memory_equal(flow_rare_peek(a, f), flow_rare_peek(b, g),
					    sizeof(struct flow_rare));
	}
	assert_true(!f && !g);
}

/* The same for the table: packets that say that nothing is odd about them, and those that do not. */
static void packets_need_not_say_so(void **state)
{
	struct flow_table *usual = small_table(), *at_length = small_table();
	struct packet batch[SEGMENTS];

	(void)state;
	for (unsigned i = 0; i < CONVERSATIONS / 10; i++) {
		struct talk k = {.seed = i, .seq = {1 + i, 1 + 2 * i}, .window = 65000};

		for (unsigned n = 0; n < SEGMENTS; n++) {
			struct segment_row r = n < 3 ? opening(&k, n) : next_segment(&k);

			batch[n] = dressed(&k, &r);
			batch[n].straight = true;
		}
		flow_table_packets(usual, batch, SEGMENTS);
		for (unsigned n = 0; n < SEGMENTS; n++)
			batch[n].straight = false;
		flow_table_packets(at_length, batch, SEGMENTS);
		same_flows(usual, at_length);
	}
	assert_in_range(flow_table_total(usual), CONVERSATIONS / 10, CONVERSATIONS * SEGMENTS);
	flow_table_free(usual);
	flow_table_free(at_length);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ways_are_the_same),
		cmocka_unit_test(beginnings_are_the_same),
		cmocka_unit_test(packets_need_not_say_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
