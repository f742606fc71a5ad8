/* SPDX-License-Identifier: MIT
 *
 * IPv4 and IPv6: lengths, options, extension headers, fragments.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "samples.h"

/* clang-format off */
#define IP4_FRAGMENT(len, flags_offset) \
	"45 00 " len " 1234 " flags_offset " 40 11 0000 0a000001 0a000002 "
#define EIGHT "0102030405060708 "
/* clang-format on */

static struct packet decode4(const char *hex)
{
	return sample_decode(228, hex, UINT32_MAX);
}

static struct packet decode6(const char *hex)
{
	return sample_decode(229, hex, UINT32_MAX);
}

static void assert_ends(const struct packet *p, const char *src, const char *dst)
{
	char text[ADDR_TEXT_MAX];

	addr_format(text, &p->src);
	assert_string_equal(text, src);
	addr_format(text, &p->dst);
	assert_string_equal(text, dst);
}

static void test_ipv4_header(void **state)
{
	struct packet p = decode4(IP4_TCP);

	(void)state;
	assert_int_equal(p.other, PACKET_IN_FLOW);
	assert_int_equal(p.ip_version, 4);
	assert_int_equal(p.ttl, 64);
	assert_false(p.fragment);
	assert_ends(&p, "10.0.0.1", "10.0.0.2");
	assert_int_equal(p.payload.p[0], 'd');
}

static void test_ipv4_options(void **state)
{
	/* header of 6 words: NOP, NOP, NOP, END; then router alert (RFC 2113); then a lying length
	 */
	struct packet p =
		decode4("46 00 0030 0001 0000 40 06 0000 0a000001 0a000002 01010100 " TCP(DATA));

	(void)state;
	assert_int_equal(p.src_port, 1000);
	assert_int_equal(p.payload_bytes, 4);
	assert_int_equal(p.anomalies, 0);
	p = decode4("46 00 0030 0001 0000 40 06 0000 0a000001 0a000002 94040000 " TCP(DATA));
	assert_int_equal(p.anomalies, 0);
	p = decode4("46 00 0030 0001 0000 40 06 0000 0a000001 0a000002 94050000 " TCP(DATA));
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_IP_OPTIONS));
	assert_int_equal(p.src_port, 1000);
	p = decode4("46 00 0030 0001 0000 40 06 0000 0a000001 0a000002 94010000 " TCP(DATA));
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_IP_OPTIONS));
}

static void test_ipv4_lengths(void **state)
{
	struct packet p = decode4(IP4("0100", "06") TCP(DATA)); /* beyond the frame */

	(void)state;
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_IP_LENGTH));
	assert_int_equal(p.ip_bytes, 256);
	assert_int_equal(p.payload_bytes, 4);
	assert_int_equal(p.src_port, 1000);
	p = decode4(IP4("0013", "06") TCP(DATA)); /* below the header */
	assert_int_equal(p.other, PACKET_MALFORMED);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_IP_LENGTH));
	p = decode4("44 00 002c 0001 0000 40 06 0000 0a000001 0a000002 " TCP(DATA));
	assert_int_equal(p.other, PACKET_MALFORMED);
	p = decode4("55 00 002c 0001 0000 40 06 0000 0a000001 0a000002 " TCP(DATA));
	assert_int_equal(p.other, PACKET_MALFORMED);
	p = decode4(IP4("0000", "06") TCP(DATA)); /* before segmentation: the frame's length */
	assert_int_equal(p.anomalies, 0);
	assert_int_equal(p.ip_bytes, 44);
	assert_int_equal(p.payload_bytes, 4);
}

static void test_ipv4_fragments(void **state)
{
	struct packet p = decode4(IP4_FRAGMENT("0024", "2000") UDP("03e8 07d0", "0020") EIGHT);

	(void)state;
	assert_true(p.fragment && p.fragment_more && p.has_ports);
	assert_int_equal(p.fragment_id, 0x1234);
	assert_int_equal(p.dst_port, 2000);
	assert_int_equal(p.payload_bytes, 8); /* of 24: the datagram's length is no lie */
	assert_int_equal(p.anomalies, 0);
	p = decode4(IP4_FRAGMENT("001c", "0002") EIGHT);
	assert_true(p.fragment && !p.fragment_more && !p.has_ports);
	assert_int_equal(p.fragment_offset, 16);
	assert_int_equal(p.proto, PROTO_UDP);
	assert_int_equal(p.payload_bytes, 8);
	p = decode4(IP4_FRAGMENT("001c", "4000") UDP("03e8 07d0", "0008")); /* don't fragment */
	assert_false(p.fragment);
}

static void test_ipv4_odd_fragments(void **state)
{
	/* the last 8 bytes of 65,536 + 4; and one that is not the last, of 7 bytes */
	struct packet p = decode4(IP4_FRAGMENT("001c", "1fff") EIGHT);

	(void)state;
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_IP_FRAGMENT));
	p = decode4(IP4_FRAGMENT("001b", "2001") EIGHT);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_IP_FRAGMENT));
}

static void test_ipv6_lengths(void **state)
{
	struct packet p = decode6(IP6("0000", "11") UDP("03e8 07d0", "000c") DATA);

	(void)state;
	assert_int_equal(p.ip_bytes, 52); /* before segmentation: the frame's length */
	assert_int_equal(p.payload_bytes, 4);
	assert_int_equal(p.anomalies, 0);
	p = decode6(IP6("0100", "11") UDP("03e8 07d0", "000c") DATA);
	assert_int_equal(p.ip_bytes, 296);
	assert_int_equal(p.payload_bytes, 4);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_IP_LENGTH));
	p = decode6(IP6("000c", "11") UDP("03e8 07d0", "000c") DATA DATA);
	assert_int_equal(p.payload_bytes, 4); /* what follows is no payload */
	assert_ends(&p, "2001:db8::1", "2001:db8::2");
}

/* RFC 2675: payload length 0 and a hop-by-hop option with the length, here 65,544 + 8. */
static void test_ipv6_jumbogram(void **state)
{
	static uint8_t frame[40 + 65552];
	uint32_t n = sample_bytes(
		frame, IP6("0000", "00") "11 00 c204 00010010 " UDP("03e8 07d0", "0000"));
	struct packet p;

	(void)state;
	decode_init();
	decode_frame(&p, 229, frame, n, sizeof(frame), 0);
	assert_int_equal(p.anomalies, 0);
	assert_int_equal(p.ip_bytes, 40 + 65552);
	assert_int_equal(p.payload_bytes, 65552 - 8 - 8);
	assert_true(p.payload_cut);
	p = decode6(IP6("0000", "00") "11 00 c204 00000014 " UDP("03e8 07d0", "000c") DATA);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_IP_LENGTH)); /* no jumbogram */
}

static void test_ipv6_routing_end(void **state)
{
	/* RFC 8754: the list is in reverse; the first entry is the flow's end */
	struct packet p = decode6(OUTER6("0044", "2b") "11 04 04 01 01 00 0000 " ADDR6_1 ADDR6_2
						       "00000000" UDP("03e8 07d0", "000c") DATA);

	(void)state;
	assert_ends(&p, "2001:db8:ffff::1", "2001:db8::1");
	/* RFC 5095's type 0: the last entry, as long as segments are left */
	p = decode6(OUTER6("0034", "2b") "11 04 00 02 00000000 " ADDR6_1 ADDR6_2 UDP("03e8 07d0",
										     "000c"));
	assert_ends(&p, "2001:db8:ffff::1", "2001:db8::2");
	p = decode6(OUTER6("0034", "2b") "11 04 00 00 00000000 " ADDR6_1 ADDR6_2 UDP("03e8 07d0",
										     "000c"));
	assert_ends(&p, "2001:db8:ffff::1", "2001:db8:ffff::2");
	assert_int_equal(p.src_port, 1000);
}

static void test_ipv6_fragments(void **state)
{
	struct packet p =
		decode6(IP6("0018", "2c") "11 00 0001 0000abcd " UDP("03e8 07d0", "0020") EIGHT);

	(void)state;
	assert_true(p.fragment && p.fragment_more && p.has_ports);
	assert_int_equal(p.fragment_id, 0xabcd);
	assert_int_equal(p.payload_bytes, 8);
	assert_int_equal(p.anomalies, 0);
	p = decode6(IP6("0010", "2c") "11 00 0010 0000abcd " EIGHT);
	assert_true(p.fragment && !p.fragment_more && !p.has_ports);
	assert_int_equal(p.fragment_offset, 16);
	assert_int_equal(p.proto, PROTO_UDP);
	assert_int_equal(p.payload_bytes, 8);
	p = decode6(IP6("0018", "2c") "2c 00 0001 00000001 11 00 0001 00000001 " EIGHT);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_EXT_HEADER)); /* a fragment's fragment */
}

static void test_ipv6_malformed_chain(void **state)
{
	/* destination options of 8 + 8 bytes in a packet that has 8 */
	struct packet p = decode6(IP6("0008", "3c") "11 01 0104 00000000 ");

	(void)state;
	assert_int_equal(p.other, PACKET_IN_FLOW);
	assert_false(p.has_ports);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_EXT_HEADER));
	/* extension headers mean nothing in IPv4 */
	p = decode4(IP4("0020", "00") "11 00 0104 00000000 " DATA);
	assert_int_equal(p.other, PACKET_IN_FLOW);
	assert_int_equal(p.proto, 0);
	assert_false(p.has_ports);
}

static void test_depth(void **state)
{
	char hex[4096] = IP6("0100", "3c");
	size_t n = sizeof(IP6("0100", "3c")) - 1;
	struct packet p;

	(void)state;
	for (int i = 0; i < 32; i++)
		for (const char *c = "3c00010400000000"; *c; c++)
			hex[n++] = *c;
	p = decode6(hex);
	assert_int_equal(p.other, PACKET_IN_FLOW);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_DEPTH));
	assert_int_equal(p.layers, PACKET_MAX_LAYERS);
	n = 0;
	for (const char *c = MACS; *c; c++)
		hex[n++] = *c;
	for (int i = 0; i < 32; i++)
		for (const char *c = "81000001"; *c; c++)
			hex[n++] = *c;
	hex[n] = 0;
	p = sample_decode(1, hex, UINT32_MAX);
	assert_int_equal(p.other, PACKET_TOO_DEEP);
	assert_int_equal(p.vlan_count, PACKET_MAX_VLANS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv4_header),
		cmocka_unit_test(test_ipv4_options),
		cmocka_unit_test(test_ipv4_lengths),
		cmocka_unit_test(test_ipv4_fragments),
		cmocka_unit_test(test_ipv4_odd_fragments),
		cmocka_unit_test(test_ipv6_lengths),
		cmocka_unit_test(test_ipv6_jumbogram),
		cmocka_unit_test(test_ipv6_routing_end),
		cmocka_unit_test(test_ipv6_fragments),
		cmocka_unit_test(test_ipv6_malformed_chain),
		cmocka_unit_test(test_depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
