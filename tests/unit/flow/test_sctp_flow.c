/* SPDX-License-Identifier: MIT */
#include "flow/app/sctp_flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "packets.h"

enum { TAG_A = 0x11111111, TAG_B = 0x22222222 };

/* INIT of A: tag, 10 streams out, 5 in, two addresses; the last parameter lacks its padding. */
static const uint8_t init[] = {
	1, 0, 0, 36, 0x11, 0x11, 0x11, 0x11, 0, 0, 0x80, 0, 0, 10, 0,	5, 0, 0,
	0, 1, 0, 5,  0,	   8,	 10,   0,    0, 1, 0,	 5, 0, 8,  192, 0, 2, 1,
};
static const uint8_t init_ack[] = {2,	 0, 0, 20, 0x22, 0x22, 0x22, 0x22, 0, 0,
				   0x80, 0, 0, 7,  0,	 7,    0,    0,	   0, 1};
static const uint8_t cookie_echo[] = {10, 0, 0, 5, 9, 0, 0, 0, 0, 3, 0,	  17, 0, 0,
				      0,  1, 0, 0, 0, 0, 0, 0, 0, 0, 'x', 0,  0, 0};
static const uint8_t cookie_ack[] = {11, 0, 0, 4};
static const uint8_t data[] = {0, 3, 0, 17, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 'y', 0, 0, 0};
static const uint8_t shutdown[] = {7, 0, 0, 8, 0, 0, 0, 2};
static const uint8_t shutdown_complete[] = {14, 0, 0, 4};
static const uint8_t abort_own_tag[] = {6, SCTP_FLAG_T, 0, 4};

static void send_from(struct flow_table *t, int from, uint32_t tag, const uint8_t *chunks, size_t n,
		      uint8_t other_path)
{
	struct packet p = packet_from(from, 0, PROTO_SCTP);

	packet_ports_of(&p, from);
	packet_size(&p, 12, (uint32_t)n);
	p.sctp_tag = tag;
	p.payload = cursor_init(chunks, n);
	if (other_path) {
		p.src.b[14] = other_path;
		p.dst.b[14] = other_path;
	}
	flow_table_packets(t, &p, 1);
}

#define SEND(t, from, tag, chunks) send_from(t, from, tag, chunks, sizeof(chunks), 0)

static void is(struct flow_table *t, const char *state)
{
	assert_string_equal(only_row(t)->sctp_state, state);
}

static void a_life(void **state)
{
	struct flow_table *t = small_table();
	struct flow_row *row;

	(void)state;
	SEND(t, A, 0, init);
	is(t, "handshake");
	SEND(t, B, TAG_A, init_ack);
	SEND(t, A, TAG_B, cookie_echo); /* with data */
	is(t, "handshake");
	SEND(t, B, TAG_A, cookie_ack);
	is(t, "established");
	SEND(t, A, TAG_B, data);
	SEND(t, A, TAG_B, shutdown);
	is(t, "closing");
	SEND(t, B, TAG_A, shutdown_complete);
	row = only_row(t);
	assert_string_equal(row->sctp_state, "closed");
	assert_string_equal(row->sctp_parent, "");
	assert_int_equal(row->src.sctp.tag, TAG_A);
	assert_int_equal(row->dst.sctp.tag, TAG_B);
	assert_int_equal(row->src.sctp.streams_out, 10);
	assert_int_equal(row->src.sctp.streams_in, 5);
	assert_int_equal(row->dst.sctp.streams_out, 7);
	assert_int_equal(row->src.sctp.data_chunks, 2);
	assert_int_equal(row->dst.sctp.data_chunks, 0);
	assert_string_equal(row->texts + row->src.sctp.addresses, "10.0.0.1\x1f"
								  "192.0.2.1");
	assert_string_equal(row->texts + row->dst.sctp.addresses, "");
	flow_table_free(t);
}

static void another_path_has_a_parent(void **state)
{
	struct flow_table *t = small_table();
	struct flow_row first, second;
	char parent[17];

	(void)state;
	SEND(t, A, 0, init);
	SEND(t, B, TAG_A, init_ack);
	send_from(t, B, TAG_A, data, sizeof(data), 9);
	flow_row_fill(&first, t, flow_table_next(t, NULL));
	flow_row_fill(&second, t, flow_table_next(t, flow_table_next(t, NULL)));
	snprintf(parent, sizeof(parent), "%016llx", (unsigned long long)first.id);
	assert_string_equal(second.sctp_parent, parent);
	assert_string_equal(first.sctp_parent, "");
	assert_int_equal(second.dst.sctp.streams_out, ROW_ABSENT);
	flow_table_free(t);
}

/* The tag of such an ABORT is the sender's own, as it knows no other. */
static void an_abort_with_its_own_tag(void **state)
{
	struct flow_table *t = small_table();

	(void)state;
	SEND(t, A, 0, init);
	SEND(t, B, TAG_A, abort_own_tag);
	is(t, "aborted");
	assert_int_equal(only_row(t)->src.sctp.tag, TAG_A);
	SEND(t, A, 0, init);
	is(t, "handshake");
	flow_table_free(t);
}

static void chunks_that_lie(void **state)
{
	static const uint8_t bad[][8] = {
		{0, 3, 0, 3}, {0, 3, 0, 200}, {1, 0, 0, 8, 1, 2, 3, 4}, {0, 0}};
	struct flow_table *t = small_table();

	(void)state;
	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		SEND(t, A, TAG_B, bad[i]);
	assert_int_equal(only_row(t)->src.sctp.tag, ROW_ABSENT);
	assert_int_equal(only_row(t)->src.sctp.streams_out, ROW_ABSENT);
	flow_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_life),
		cmocka_unit_test(another_path_has_a_parent),
		cmocka_unit_test(an_abort_with_its_own_tag),
		cmocka_unit_test(chunks_that_lie),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
