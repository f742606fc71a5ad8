/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "flow/join/wire.h"

enum { PORT_A = 4000, PORT_B = 80, MS = 1000000 };

static const uint8_t a_be[4] = {192, 0, 2, 1}, b_be[4] = {192, 0, 2, 2};

/* A segment, or a datagram when `flags` is 0, from a to b. */
static void sends(struct wire *w, int64_t time_ns, uint32_t seq, uint32_t bytes, uint8_t flags)
{
	struct packet p = {
		.time_ns = time_ns,
		.other = PACKET_IN_FLOW,
		.proto = flags ? PROTO_TCP : PROTO_UDP,
		.has_ports = true,
		.has_tcp = flags,
		.src = addr_v4(a_be),
		.dst = addr_v4(b_be),
		.src_port = PORT_A,
		.dst_port = PORT_B,
		.payload_bytes = bytes,
		.tcp = {.seq = seq, .flags = flags},
	};

	wire_packets(w, &p, 1);
}

/* A call of a's at 10 ms that took 1 ms. */
static struct call_event call(enum sock_call name, uint8_t proto, int64_t result)
{
	struct addr a = addr_v4(a_be), b = addr_v4(b_be);
	struct call_event c = {
		.ev = {.time_ns = 11 * MS, .proto = proto, .local_port = PORT_A, .remote_port = PORT_B},
		.flags = CALL_FLAG_SOCKET,
	};

	memcpy(c.ev.local, a.b, sizeof(c.ev.local));
	memcpy(c.ev.remote, b.b, sizeof(c.ev.remote));
	c.ev.call.call = (uint16_t)name;
	c.ev.call.duration_ns = MS;
	c.ev.call.result = result;
	return c;
}

static struct call_event send_of(uint32_t seq, uint32_t bytes)
{
	struct call_event c = call(CALL_SENDTO, PROTO_TCP, bytes);

	c.seq = seq;
	c.seq_end = seq + bytes;
	c.flags |= CALL_FLAG_BYTES;
	return c;
}

static struct call_frames find(struct wire *w, struct call_event c)
{
	struct call_frames f;

	wire_find(w, &c, &f);
	return f;
}

static void test_bytes_by_their_numbers(void **state)
{
	struct wire *w = wire_new(0);
	struct call_frames f;

	(void)state;
	sends(w, 5 * MS, 900, 100, TCP_ACK);  /* the bytes before */
	sends(w, 10 * MS + 500, 1000, 60, TCP_ACK);
	sends(w, 12 * MS, 1060, 100, TCP_ACK); /* shared with the next call */
	sends(w, 13 * MS, 1160, 100, TCP_ACK);
	f = find(w, send_of(1000, 100));
	assert_int_equal(f.way, CALL_WAY_OUT);
	assert_int_equal(f.count, 2);
	assert_int_equal(f.bytes, 160);
	assert_int_equal(f.delay_ns, 500);
	assert_int_equal(find(w, send_of(5000, 10)).way, CALL_WAY_NONE);
	wire_free(w);
}

static void test_numbers_wrap(void **state)
{
	struct wire *w = wire_new(0);

	(void)state;
	sends(w, 10 * MS, 0xffffffe0, 64, TCP_ACK);
	assert_int_equal(find(w, send_of(0xffffffe0, 32)).count, 1);
	assert_int_equal(find(w, send_of(0, 32)).count, 1);
	assert_int_equal(find(w, send_of(32, 1)).count, 0);
	wire_free(w);
}

static void test_connect_is_its_syn(void **state)
{
	struct wire *w = wire_new(0);
	struct call_event c = call(CALL_CONNECT, PROTO_TCP, 0);

	(void)state;
	sends(w, 9 * MS, 1, 0, TCP_SYN); /* somebody earlier had the same ports */
	sends(w, 10 * MS, 7, 0, TCP_SYN);
	sends(w, 10 * MS, 8, 0, TCP_ACK);
	assert_int_equal(find(w, c).count, 1);
	wire_free(w);
}

/* A datagram belongs to one call of each side, the oldest first. */
static void test_datagrams_are_shared_by_nobody(void **state)
{
	struct wire *w = wire_new(0);

	(void)state;
	sends(w, 10 * MS + 1, 0, 50, 0);
	sends(w, 10 * MS + 2, 0, 51, 0);
	sends(w, 10 * MS + 3, 0, 50, 0);
	assert_int_equal(find(w, call(CALL_SENDTO, PROTO_UDP, 50)).delay_ns, 1);
	assert_int_equal(find(w, call(CALL_SENDTO, PROTO_UDP, 50)).delay_ns, 3);
	assert_int_equal(find(w, call(CALL_SENDTO, PROTO_UDP, 50)).count, 0);
	assert_int_equal(find(w, call(CALL_SENDTO, PROTO_UDP, -1)).count, 0);
	wire_free(w);
}

static void test_the_oldest_makes_room(void **state)
{
	struct wire *w = wire_new(4);

	(void)state;
	sends(w, 10 * MS, 1000, 10, TCP_ACK);
	for (uint32_t i = 0; i < 4; i++)
		sends(w, 10 * MS, 5000 + i, 1, TCP_ACK);
	assert_int_equal(find(w, send_of(1000, 10)).count, 0);
	assert_int_equal(find(w, send_of(5003, 1)).count, 1);
	wire_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_by_their_numbers),
		cmocka_unit_test(test_numbers_wrap),
		cmocka_unit_test(test_connect_is_its_syn),
		cmocka_unit_test(test_datagrams_are_shared_by_nobody),
		cmocka_unit_test(test_the_oldest_makes_room),
	};

	return cmocka_run_group_tests_name("flow/wire", tests, NULL, NULL);
}
