/* SPDX-License-Identifier: MIT */
#include "flow/reassembly.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "decode/decode.h"
#include "packets.h"

enum { LAST = 1 };

/* What was given up. */
struct log {
	unsigned count;
	uint32_t id, len;
	uint8_t bytes[64];
};

static void note(void *owner, const struct reassembled *r)
{
	struct log *log = owner;

	log->count++;
	log->id = r->datagram.id;
	log->len = r->len;
	memcpy(log->bytes, r->data, r->len < sizeof(log->bytes) ? r->len : sizeof(log->bytes));
}

static struct packet piece(uint32_t id, uint32_t offset, const void *data, size_t len, bool last)
{
	struct packet p = packet_from(A, 0, PROTO_UDP);

	p.other = PACKET_IN_FLOW;
	p.fragment = true;
	p.fragment_id = id;
	p.fragment_offset = offset;
	p.fragment_more = !last;
	p.piece = cursor_init(data, len);
	p.piece_proto = PROTO_UDP;
	packet_size(&p, 0, (uint32_t)len);
	return p;
}

/* Text of datagram 7. */
static enum reassembly_status add(struct reassembly *r, uint32_t offset, const char *text, bool last,
				  struct reassembled *out)
{
	struct packet p = piece(7, offset, text, strlen(text), last);

	return reassembly_add(r, &p, 0, out);
}

static void check_text(const struct reassembled *r, const char *text)
{
	assert_int_equal(r->len, strlen(text));
	assert_memory_equal(r->data, text, r->len);
}

static void in_any_order(void **state)
{
	static const struct {
		uint32_t offset;
		const char *text;
	} parts[] = {{0, "01234567"}, {8, "89abcdef"}, {16, "ghi"}};
	static const uint8_t orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
					    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	struct reassembled out;
	struct reassembly r;

	(void)state;
	reassembly_init(&r, note, NULL);
	for (unsigned i = 0; i < 6; i++) {
		for (unsigned k = 0; k < 3; k++) {
			unsigned n = orders[i][k];

			assert_int_equal(add(&r, parts[n].offset, parts[n].text, n == 2, &out),
					 k == 2 ? REASSEMBLY_WHOLE : REASSEMBLY_WAITS);
		}
		check_text(&out, "0123456789abcdefghi");
	}
	assert_int_equal(r.contradictions, 0);
	reassembly_done(&r);
}

/* Datagrams are told apart by number, protocol and scope. */
static void each_for_itself(void **state)
{
	struct packet first = piece(7, 0, "01234567", 8, false);
	struct packet others[] = {piece(8, 8, "x", 1, true), piece(7, 8, "x", 1, true)};
	struct reassembled out;
	struct reassembly r;

	(void)state;
	others[1].piece_proto = PROTO_TCP;
	reassembly_init(&r, note, &(struct log){0});
	assert_int_equal(reassembly_add(&r, &first, 0, &out), REASSEMBLY_WAITS);
	assert_int_equal(reassembly_add(&r, &others[0], 0, &out), REASSEMBLY_WAITS);
	assert_int_equal(reassembly_add(&r, &others[1], 0, &out), REASSEMBLY_WAITS);
	assert_int_equal(add(&r, 8, "x", LAST, &out), REASSEMBLY_WHOLE);
	assert_int_equal(reassembly_add(&r, &first, 0, &out), REASSEMBLY_WAITS);
	others[0].fragment_id = 7;
	assert_int_equal(reassembly_add(&r, &others[0], 1, &out), REASSEMBLY_WAITS);
	reassembly_done(&r);
}

static void repetition_is_no_contradiction(void **state)
{
	struct reassembled out;
	struct reassembly r;

	(void)state;
	reassembly_init(&r, note, NULL);
	add(&r, 0, "01234567", false, &out);
	add(&r, 0, "01234567", false, &out);
	add(&r, 16, "ghi", LAST, &out);
	add(&r, 16, "ghi", LAST, &out);
	assert_int_equal(add(&r, 8, "89abcdef", false, &out), REASSEMBLY_WHOLE);
	assert_int_equal(r.contradictions, 0);
	reassembly_done(&r);
}

/* The bytes that came first stay. */
static void overlaps_are_counted(void **state)
{
	struct reassembled out;
	struct reassembly r;

	(void)state;
	reassembly_init(&r, note, NULL);
	add(&r, 0, "0123456789abcdef", false, &out);
	add(&r, 8, "89abcdefGHIJKLMN", false, &out); /* another portion */
	assert_int_equal(r.contradictions, 1);
	add(&r, 0, "XXXXXXXX", false, &out); /* other bytes */
	assert_int_equal(r.contradictions, 2);
	assert_int_equal(add(&r, 24, "end", LAST, &out), REASSEMBLY_WHOLE);
	check_text(&out, "0123456789abcdefGHIJKLMNend");
	reassembly_done(&r);
}

/* Teardrop: the last fragment ends inside the first one. */
static void two_ends_are_counted(void **state)
{
	struct log log = {0};
	struct reassembled out;
	struct reassembly r;

	(void)state;
	reassembly_init(&r, note, &log);
	add(&r, 0, "0123456789abcdefghijklmnopqrstuv", false, &out);
	assert_int_equal(add(&r, 24, "opqr", LAST, &out), REASSEMBLY_WAITS);
	assert_int_equal(r.contradictions, 1);
	add(&r, 40, "end", LAST, &out);
	add(&r, 40, "beyond!!", LAST, &out);
	add(&r, 48, "beyond!!", false, &out);
	assert_int_equal(r.contradictions, 3);
	assert_int_equal(add(&r, 32, "wxyz....", false, &out), REASSEMBLY_WHOLE);
	check_text(&out, "0123456789abcdefghijklmnopqrstuvwxyz....end");
	reassembly_done(&r);
}

static void what_is_of_no_use_stands_alone(void **state)
{
	struct packet cut = piece(7, 0, "", 0, false), odd = piece(7, 0, "odd", 3, false),
		      big = piece(7, 65528, "01234567", 8, true);
	struct reassembled out;
	struct reassembly r;

	(void)state;
	odd.anomalies = ANOMALY_BIT(ANOMALY_IP_FRAGMENT);
	reassembly_init(&r, note, NULL);
	assert_int_equal(reassembly_add(&r, &cut, 0, &out), REASSEMBLY_ALONE);
	assert_int_equal(reassembly_add(&r, &odd, 0, &out), REASSEMBLY_ALONE);
	assert_int_equal(reassembly_add(&r, &big, 0, &out), REASSEMBLY_ALONE);
	assert_int_equal(r.count, 0);
	reassembly_done(&r);
}

static void the_largest_datagram_fits(void **state)
{
	struct reassembled out;
	struct reassembly r;

	(void)state;
	reassembly_init(&r, note, NULL);
	assert_int_equal(add(&r, 65528, "0123456", LAST, &out), REASSEMBLY_WAITS);
	for (uint32_t at = 0; at < 65520; at += 8)
		assert_int_equal(add(&r, at, "........", false, &out), REASSEMBLY_WAITS);
	assert_int_equal(add(&r, 65520, "........", false, &out), REASSEMBLY_WHOLE);
	assert_int_equal(out.len, 65535);
	reassembly_done(&r);
}

static void time_runs_out(void **state)
{
	struct log log = {0};
	struct reassembled out;
	struct reassembly r;

	(void)state;
	reassembly_init(&r, note, &log);
	add(&r, 0, "01234567", false, &out);
	add(&r, 24, "end", LAST, &out);
	reassembly_advance(&r, 1030 * SECOND);
	assert_int_equal(log.count, 0);
	reassembly_advance(&r, 1030 * SECOND + 1);
	assert_int_equal(log.count, 1);
	assert_int_equal(log.len, 8);
	assert_memory_equal(log.bytes, "01234567", 8);
	assert_int_equal(r.memory.used, 0);
	assert_int_equal(r.memory.refused, 0);
	reassembly_done(&r);
}

/* The oldest goes; what nobody saw of it is counted. */
static void memory_is_bounded(void **state)
{
	enum { DATAGRAMS = 5000 };
	static const uint8_t bytes[1024];
	struct log log = {0};
	struct reassembled out;
	struct reassembly r;

	(void)state;
	reassembly_init(&r, note, &log);
	for (uint32_t id = 0; id < DATAGRAMS; id++) {
		struct packet begun = piece(id, 0, bytes, 8, false);
		struct packet far = piece(id, 60000, bytes, 1000, true);

		reassembly_add(&r, &begun, 0, &out);
		reassembly_add(&r, &far, 0, &out);
		assert_true(r.memory.used <= REASSEMBLY_MEMORY && r.count <= REASSEMBLY_MAX);
		assert_int_equal(log.count, id + 1 - r.count);
		assert_int_equal(r.memory.refused, 1000 * log.count);
		if (log.count)
			assert_int_equal(log.id, log.count - 1);
	}
	assert_true(r.count > 50 && r.count < 70);
	reassembly_advance(&r, INT64_MAX);
	assert_int_equal(log.count, DATAGRAMS);
	reassembly_done(&r);
}

/* Not even the oldest gives way to itself. */
static void what_grows_stays(void **state)
{
	struct packet far = piece(0, 60000, "x", 1, true);
	struct log log = {0};
	struct reassembled out;
	struct reassembly r;

	(void)state;
	reassembly_init(&r, note, &log);
	add(&r, 0, "01234567", false, &out);
	for (uint32_t id = 1000; r.memory.used + (1 << 16) < REASSEMBLY_MEMORY; id++) {
		far.fragment_id = id;
		reassembly_add(&r, &far, 0, &out);
	}
	far.fragment_id = 7;
	assert_int_equal(reassembly_add(&r, &far, 0, &out), REASSEMBLY_WAITS);
	assert_int_equal(r.memory.refused, 1); /* the other's byte */
	assert_int_equal(log.count, 0);
	reassembly_advance(&r, INT64_MAX);
	assert_int_equal(log.count, 1);
	assert_int_equal(log.id, 7);
	reassembly_done(&r);
}

static void datagrams_are_bounded(void **state)
{
	struct log log = {0};
	struct reassembled out;
	struct reassembly r;

	(void)state;
	reassembly_init(&r, note, &log);
	for (uint32_t id = 0; id < 3 * REASSEMBLY_MAX; id++) {
		struct packet p = piece(id, 8, "x", 1, true);

		reassembly_add(&r, &p, 0, &out);
		assert_true(r.count <= REASSEMBLY_MAX);
	}
	assert_int_equal(r.count + r.memory.refused, 3 * REASSEMBLY_MAX);
	assert_int_equal(log.count, 0); /* none had a beginning */
	reassembly_done(&r);
}

/* --- with the flow table ---------------------------------------------------------------------- */

/* From port 40000 to 80, a request; the header ends after 20 bytes. */
static const char segment[] = "\x9c\x40\x00\x50\0\0\0\x64\0\0\0\x01\x50\x18\x10\0\0\0\0\0"
			      "GET / HTTP/1.1\r\nHost: split.example\r\n\r\n";

/* Feed bytes [from, to) of it. */
static void feed_piece(struct flow_table *t, uint32_t from, uint32_t to)
{
	struct packet p = piece(7, from, segment + from, to - from, to == sizeof(segment) - 1);

	p.proto = p.piece_proto = PROTO_TCP;
	flow_table_packets(t, &p, 1);
}

static void check_request(struct flow_table *t, uint32_t fragments)
{
	const struct flow_row *row;

	assert_int_equal(flow_table_live(t), 1);
	row = only_row(t);
	assert_int_equal(row->src.port, 40000);
	assert_int_equal(row->dst.port, 80);
	assert_int_equal(row->src.packets, fragments);
	assert_int_equal(row->src.fragments, fragments);
	assert_int_equal(row->src.payload_bytes, sizeof(segment) - 1);
	assert_string_equal(row->app, "http");
}

/* Not one fragment has the ports' whole header. */
static void split_headers_tell_ports(void **state)
{
	struct flow_table *t = small_table();

	(void)state;
	decode_init();
	feed_piece(t, 0, 8);
	feed_piece(t, 8, 16);
	assert_int_equal(flow_table_live(t), 0);
	feed_piece(t, 16, sizeof(segment) - 1);
	check_request(t, 3);
	flow_table_free(t);
}

static void the_last_may_come_first(void **state)
{
	struct flow_table *t = small_table();

	(void)state;
	decode_init();
	feed_piece(t, 32, sizeof(segment) - 1);
	feed_piece(t, 16, 32);
	feed_piece(t, 0, 16);
	check_request(t, 3);
	flow_table_free(t);
}

/* A header that stays in pieces: all are charged, without ports. */
static void what_never_gets_whole_is_charged(void **state)
{
	struct flow_table *t = small_table();

	(void)state;
	decode_init();
	feed_piece(t, 0, 8);
	feed_piece(t, 16, 32);
	flow_table_advance(t, 1032 * SECOND);
	assert_int_equal(flow_table_live(t), 1);
	assert_int_equal(only_row(t)->src.packets, 2);
	assert_int_equal(only_row(t)->src.port, ROW_ABSENT);
	flow_table_free(t);
}

static void contradictions_reach_the_table(void **state)
{
	struct flow_table *t = small_table();

	(void)state;
	decode_init();
	feed_piece(t, 0, 32);
	feed_piece(t, 24, 40);
	assert_int_equal(flow_table_bad_fragments(t), 1);
	flow_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_any_order),
		cmocka_unit_test(each_for_itself),
		cmocka_unit_test(repetition_is_no_contradiction),
		cmocka_unit_test(overlaps_are_counted),
		cmocka_unit_test(two_ends_are_counted),
		cmocka_unit_test(what_is_of_no_use_stands_alone),
		cmocka_unit_test(the_largest_datagram_fits),
		cmocka_unit_test(time_runs_out),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(what_grows_stays),
		cmocka_unit_test(datagrams_are_bounded),
		cmocka_unit_test(split_headers_tell_ports),
		cmocka_unit_test(the_last_may_come_first),
		cmocka_unit_test(what_never_gets_whole_is_charged),
		cmocka_unit_test(contradictions_reach_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
