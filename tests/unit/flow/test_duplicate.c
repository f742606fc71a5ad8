/* SPDX-License-Identifier: MIT
 *
 * Which frames are copies of one packet on its way through the machine, and which were sent again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flow/duplicate.h"
#include "packets.h"

enum { VETH = 3, BRIDGE, CARD };

static int setup(void **state)
{
	*state = duplicates_new(false, false);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	duplicates_free(*state);
	return 0;
}

/* A segment of A's; nothing in it but the sequence number tells it from another. */
static struct packet segment(uint32_t seq, int64_t after_ns)
{
	struct packet p = packet_from(A, after_ns, PROTO_TCP);

	packet_ports_of(&p, A);
	packet_size(&p, TCP_BYTES, 100);
	p.has_tcp = true;
	p.tcp.seq = seq;
	p.tcp.ack = 1;
	p.tcp.flags = TCP_ACK;
	return p;
}

static bool seen(void **state, struct packet p, uint32_t interface, int64_t after_ns)
{
	p.interface = interface;
	p.time_ns += after_ns;
	return duplicates_seen(*state, &p);
}

static void test_one_packet_on_three_interfaces(void **state)
{
	struct packet p = segment(1, 0);

	assert_false(seen(state, p, VETH, 0));
	p.ttl--; /* a router's copy */
	assert_true(seen(state, p, BRIDGE, 1000));
	assert_true(seen(state, p, CARD, 2000));
}

static void test_order_of_cpus(void **state)
{
	assert_false(seen(state, segment(1, 0), BRIDGE, 2000));
	assert_true(seen(state, segment(1, 0), VETH, 0));
}

static void test_same_interface_is_sent_again(void **state)
{
	for (int i = 0; i < 4; i++)
		assert_false(seen(state, segment(1, 0), VETH, i * 1000));
}

/* Both to the bit the same: one frame of each counts, whichever order the captures have. */
static void test_retransmission_has_copies_too(void **state)
{
	assert_false(seen(state, segment(1, 0), VETH, 0));
	assert_true(seen(state, segment(1, 0), CARD, 1));
	assert_false(seen(state, segment(1, 0), VETH, 2));
	assert_true(seen(state, segment(1, 0), CARD, 3));

	assert_false(seen(state, segment(2, 0), VETH, 0));
	assert_false(seen(state, segment(2, 0), VETH, 1));
	assert_true(seen(state, segment(2, 0), CARD, 2));
	assert_true(seen(state, segment(2, 0), CARD, 3));
}

/* The other way round the second time: the card shows it more often than the veth. */
static void test_more_on_the_second_interface(void **state)
{
	assert_false(seen(state, segment(1, 0), VETH, 0));
	assert_true(seen(state, segment(1, 0), CARD, 1));
	assert_false(seen(state, segment(1, 0), CARD, 2));
	assert_true(seen(state, segment(1, 0), VETH, 3));
}

/* Lost behind the veth, sent again: the card's only frame is a copy of one of the two. */
static void test_loss_inside(void **state)
{
	assert_false(seen(state, segment(1, 0), VETH, 0));
	assert_false(seen(state, segment(1, 0), VETH, 1));
	assert_true(seen(state, segment(1, 0), CARD, 2));
}

static void test_window(void **state)
{
	assert_false(seen(state, segment(1, 0), VETH, 0));
	assert_true(seen(state, segment(1, 0), CARD, 50 * MS));
	assert_false(seen(state, segment(1, 0), CARD, 51 * MS));
	assert_false(seen(state, segment(2, 0), VETH, 0));
	assert_false(seen(state, segment(2, 0), CARD, 51 * MS));
}

/* Each of these makes another packet of it. */
static void test_what_tells_packets_apart(void **state)
{
	struct packet first = segment(1, 0), other[11];
	unsigned n = sizeof(other) / sizeof(other[0]);
	static const uint8_t byte = 1;

	for (unsigned i = 0; i < n; i++)
		other[i] = first;
	other[0].src.b[15]++;
	other[1].dst.b[15]++;
	other[2].src_port++;
	other[3].fragment_id++;
	other[4].tcp.seq++;
	other[5].tcp.ack++;
	other[6].tcp.flags |= TCP_PSH;
	other[7].tcp.window++;
	other[8].payload_bytes++;
	other[9].payload = cursor_init(&byte, 1);
	other[10].tcp.has_timestamp = true;
	other[10].tcp.ts_value = 1;
	assert_false(seen(state, first, VETH, 0));
	for (unsigned i = 0; i < n; i++)
		assert_false(seen(state, other[i], CARD, 1));
	assert_true(seen(state, first, CARD, 2));
}

/* Datagrams without identification: what they say tells them apart, even on two interfaces. */
static void test_datagrams(void **state)
{
	struct packet a = udp_from(A, 0, 2), b = a;

	a.payload = cursor_init("\0\1", 2);
	b.payload = cursor_init("\0\2", 2);
	assert_false(seen(state, a, VETH, 0));
	assert_false(seen(state, b, CARD, 1));
	assert_true(seen(state, a, CARD, 2));
	assert_true(seen(state, b, VETH, 3));
}

static void test_later_fragments(void **state)
{
	struct packet p = packet_from(A, 0, PROTO_UDP);

	p.fragment = true;
	p.fragment_id = 7;
	p.fragment_offset = 1480;
	assert_false(seen(state, p, VETH, 0));
	assert_true(seen(state, p, CARD, 1));
	p.fragment_offset = 2960;
	assert_false(seen(state, p, CARD, 2));
}

/* More interfaces than an entry has places, then the same packet again on the first. */
static void test_many_interfaces(void **state)
{
	assert_false(seen(state, segment(1, 0), 1, 0));
	for (uint32_t i = 2; i < 40; i++)
		assert_true(seen(state, segment(1, 0), i, i));
	assert_false(seen(state, segment(1, 0), 1, 100));
}

static void test_full_count(void **state)
{
	for (int i = 0; i < 70000; i++)
		assert_false(seen(state, segment(1, 0), VETH, i));
}

/* Flows that VLANs or tunnels tell apart must not lose their frames to one another. */
static void test_keys(void **state)
{
	struct duplicates *by_vlan = duplicates_new(true, false);
	struct packet p = segment(1, 0), tagged = p;

	assert_non_null(by_vlan);
	p.interface = VETH;
	tagged.interface = CARD;
	tagged.vlan_count = 1;
	tagged.vlan[0] = 10;
	assert_false(duplicates_seen(*state, &p));
	assert_true(duplicates_seen(*state, &tagged));
	assert_false(duplicates_seen(by_vlan, &p));
	assert_false(duplicates_seen(by_vlan, &tagged));
	duplicates_free(by_vlan);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_one_packet_on_three_interfaces),
		TEST(test_order_of_cpus),
		TEST(test_same_interface_is_sent_again),
		TEST(test_retransmission_has_copies_too),
		TEST(test_more_on_the_second_interface),
		TEST(test_loss_inside),
		TEST(test_window),
		TEST(test_what_tells_packets_apart),
		TEST(test_datagrams),
		TEST(test_later_fragments),
		TEST(test_many_interfaces),
		TEST(test_full_count),
		TEST(test_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
