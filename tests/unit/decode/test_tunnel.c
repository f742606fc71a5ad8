/* SPDX-License-Identifier: MIT
 *
 * Which flow a tunnelled frame belongs to: the innermost 5-tuple that could be read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "samples.h"

static struct packet decode(const char *hex)
{
	return sample_decode(1, hex, UINT32_MAX);
}

/* In the flow of the carrier that OVER_UDP makes, with no tunnel around it. */
static void assert_carrier(const struct packet *p, uint16_t dst_port)
{
	assert_int_equal(p->other, PACKET_IN_FLOW);
	assert_int_equal(p->proto, PROTO_UDP);
	assert_true(p->has_ports);
	assert_int_equal(p->src_port, 0xc001);
	assert_int_equal(p->dst_port, dst_port);
	assert_int_equal(p->dst.b[15], 2);
	assert_int_equal(p->dst.b[12], 192);
	assert_int_equal(p->tunnel_count, 0);
}

static void test_ends_of_the_tunnel(void **state)
{
	struct packet p = decode(OVER_UDP("005e", "12b5", "004a") "08 000000 00002a 00 " FRAME);
	char text[ADDR_TEXT_MAX];

	(void)state;
	assert_int_equal(p.tunnel_count, 1);
	addr_format(text, &p.tunnel[0].src);
	assert_string_equal(text, "192.0.2.1");
	addr_format(text, &p.tunnel[0].dst);
	assert_string_equal(text, "192.0.2.2");
	addr_format(text, &p.src);
	assert_string_equal(text, "10.0.0.1");
	assert_int_equal(p.wirelen, 14 + 0x5e); /* the whole frame is charged */
}

static void test_nested(void **state)
{
	/* VXLAN in IP in IP; and more tunnels than are kept */
	struct packet p = decode(ETH4 OUTER4("0072", "04") OUTER4("005e", "11")
					 UDP("c001 12b5", "004a") "08 000000 00002a 00 " FRAME);

	(void)state;
	assert_int_equal(p.tunnel_count, 2);
	assert_int_equal(p.tunnel[0].kind, TUNNEL_IPIP);
	assert_int_equal(p.tunnel[1].kind, TUNNEL_VXLAN);
	assert_int_equal(p.src_port, 1000);
	p = decode(ETH4 OUTER4("0090", "04") OUTER4("007c", "04") OUTER4("0068", "04")
			   OUTER4("0054", "04") OUTER4("0040", "04") IP4_TCP);
	assert_int_equal(p.tunnel_count, PACKET_MAX_TUNNELS);
	assert_int_equal(p.src_port, 1000);
	assert_int_equal(p.anomalies, 0);
}

static void test_inner_without_flow(void **state)
{
	/* ARP in VXLAN, an unknown EtherType in Geneve, a Teredo bubble: frames of the carrier */
	struct packet p =
		decode(OVER_UDP("0032", "12b5", "001e") "08 000000 00002a 00 " ETH("0806"));

	(void)state;
	assert_carrier(&p, 4789);
	assert_int_equal(p.payload_bytes, 22);
	p = decode(OVER_UDP("0028", "17c1", "0014") "00 00 88b5 00002a 00 " DATA);
	assert_carrier(&p, 6081);
	p = decode(OVER_UDP("0044", "0dd8", "0030") IP6("0000", "3b"));
	assert_carrier(&p, 3544);
	assert_int_equal(p.payload_bytes, 40);
	assert_int_equal(p.ip_bytes, 68);
}

static void test_inner_unreadable(void **state)
{
	const char *frame = OVER_UDP("005e", "12b5", "004a") "08 000000 00002a 00 " FRAME;
	struct packet p = sample_decode(1, frame, 14 + 28 + 8 + 14 + 19);

	(void)state;
	assert_carrier(&p, 4789); /* the snap length ended in the inner IP header */
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_CUT));
	assert_int_equal(p.payload_bytes, 0x4a - 8);
	p = sample_decode(1, frame, 14 + 28 + 8 + 14 + 20 + 2); /* inside the inner ports */
	assert_carrier(&p, 4789);
	p = sample_decode(1, frame, 14 + 28 + 8 + 14 + 20 + 4); /* after them */
	assert_int_equal(p.src_port, 1000);
	assert_int_equal(p.tunnel_count, 1);
	p = decode(OVER_UDP("005e", "12b5", "004a") "08 000000 00002a 00 " ETH4 IP4("0010", "06")
			   TCP(DATA)); /* a total length below its header */
	assert_carrier(&p, 4789);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_IP_LENGTH));
	p = decode(OVER_IP("0040", "04") IP4("0010", "06") TCP(DATA));
	assert_int_equal(p.proto, 4); /* IP in IP: the outer addresses, no ports */
	assert_false(p.has_ports);
	assert_int_equal(p.tunnel_count, 0);
	assert_int_equal(p.payload_bytes, 44);
}

static void test_not_the_tunnel_its_port_says(void **state)
{
	static const struct {
		const char *hex;
		uint16_t port;
	} rows[] = {
		{OVER_UDP("0028", "12b5", "0014") "00 000000 00002a 00 " DATA,
		 4789}, /* no id flag */
		{OVER_UDP("0028", "17c1", "0014") "40 00 6558 00002a 00 " DATA,
		 6081}, /* version 1 */
		{OVER_UDP("0028", "0868", "0014") "32 01 0004 00000000 00010000", 2152}, /* echo */
		{OVER_UDP("0028", "06a5", "0014") "c802 000c 0001 0000 0000 0000",
		 1701}, /* control */
		{OVER_UDP("0020", "0dd8", "000c") DATA, 3544},
		{OVER_UDP("0028", "147f", "0014") "01 00 0000 00000000 " DATA, 5247}, /* DTLS */
		{OVER_UDP("0020", "9090", "000c") "01 04 0000", 37008}, /* keep-alive */
		{OVER_UDP("0020", "10f5", "000c") DATA, 4341},
		{OVER_UDP("0020", "1292", "000c") "0007 0800", 4754},		 /* GRE version 7 */
		{OVER_UDP("0024", "13d0", "0010") "41 52 10 29 00000000", 5072}, /* operation 0 */
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct packet p = decode(rows[i].hex);

		assert_carrier(&p, rows[i].port);
		assert_int_equal(p.anomalies, 0);
	}
}

static void test_source_port(void **state)
{
	struct packet p = decode(ETH4 OUTER4("005e", "11")
					 UDP("12b5 c001", "004a") "08 000000 00002a 00 " FRAME);

	(void)state;
	assert_int_equal(p.tunnel_count, 1);
	assert_int_equal(p.src_port, 1000);
}

/* All fragments of a tunnelled datagram are charged to one flow: the carrier's. */
static void test_fragmented_carrier(void **state)
{
	struct packet p = decode(ETH4 "45 00 0060 0001 2000 40 11 0000 c0000201 c0000202 " UDP(
		"c001 12b5", "0100") "08 000000 00002a 00 " FRAME "0000");

	(void)state;
	assert_carrier(&p, 4789);
	assert_true(p.fragment);
	p = decode(ETH4 "45 00 0040 0001 2000 40 04 0000 c0000201 c0000202 " IP4_TCP);
	assert_int_equal(p.proto, 4);
	assert_false(p.has_ports);
	assert_true(p.fragment);
}

static void test_inner_fragment(void **state)
{
	/* the inner datagram's later fragment: in the inner flow, whose ports it lacks */
	struct packet p = decode(OVER_IP("0030", "04") "45 00 001c 0007 0002 40 11 0000 "
						       "0a000001 0a000002 0102030405060708");

	(void)state;
	assert_int_equal(p.src.b[12], 10);
	assert_true(p.fragment && !p.has_ports);
	assert_int_equal(p.tunnel_count, 1);
}

static void test_ether_length_trims_padding(void **state)
{
	/* 802.3: what follows the length is padding, even when it looks like LLC */
	struct packet p = decode(ETH("0003") "aaaa03 000000 0800 " IP4_TCP);

	(void)state;
	assert_int_equal(p.other, PACKET_MALFORMED);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_LINK_HEADER));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends_of_the_tunnel),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_inner_without_flow),
		cmocka_unit_test(test_inner_unreadable),
		cmocka_unit_test(test_not_the_tunnel_its_port_says),
		cmocka_unit_test(test_source_port),
		cmocka_unit_test(test_fragmented_carrier),
		cmocka_unit_test(test_inner_fragment),
		cmocka_unit_test(test_ether_length_trims_padding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
