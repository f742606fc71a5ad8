/* SPDX-License-Identifier: MIT
 *
 * TCP's header and options, UDP's length, ICMP's quotes, cut and malformed transport headers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "samples.h"

/* clang-format off */
/* A segment without payload: data offset and flags, options. */
#define SEGMENT(ip_len, offset, flags, options) \
	IP4(ip_len, "06") "03e8 0050 80000001 00000002 " offset " " flags " 0400 0000 0007 " options
/* clang-format on */

static struct packet decode4(const char *hex)
{
	return sample_decode(228, hex, UINT32_MAX);
}

static void test_tcp_header(void **state)
{
	struct packet p = decode4(SEGMENT("0028", "50", "b8", ""));

	(void)state;
	assert_true(p.has_tcp);
	assert_int_equal(p.tcp.seq, 0x80000001);
	assert_int_equal(p.tcp.ack, 2);
	assert_int_equal(p.tcp.flags, TCP_CWR | TCP_URG | TCP_ACK | TCP_PSH);
	assert_int_equal(p.tcp.window, 1024);
	assert_int_equal(p.tcp.urgent, 7);
	assert_int_equal(p.tcp.mss, 0);
	assert_int_equal(p.tcp.window_scale, TCP_NO_SCALE);
	assert_false(p.tcp.has_timestamp || p.tcp.sack_permitted || p.tcp.fast_open || p.tcp.mptcp);
	assert_int_equal(p.tcp.sack_count, 0);
	assert_int_equal(p.payload_bytes, 0);
}

static void test_tcp_syn_options(void **state)
{
	struct packet p = decode4(SEGMENT("004c", "e0", "02",
					  "0204 05b4 0402 080a 00000001 00000002 01 0303 07 "
					  "220a 0102030405060708 1e04 0001 0000"));

	(void)state;
	assert_int_equal(p.anomalies, 0);
	assert_int_equal(p.tcp.mss, 1460);
	assert_int_equal(p.tcp.window_scale, 7);
	assert_int_equal(p.tcp.ts_value, 1);
	assert_int_equal(p.tcp.ts_echo, 2);
	assert_true(p.tcp.has_timestamp && p.tcp.sack_permitted && p.tcp.fast_open && p.tcp.mptcp);
	p = decode4(SEGMENT("002c", "60", "02", "fe04 f989"));
	assert_true(p.tcp.fast_open);
	p = decode4(SEGMENT("002c", "60", "02", "fe04 1234"));
	assert_false(p.tcp.fast_open);
}

static void test_tcp_timestamp_and_sack(void **state)
{
	struct packet p = decode4(SEGMENT("0034", "80", "10", "0101 080a 0000000a 0000000b"));

	(void)state;
	assert_true(p.tcp.has_timestamp);
	assert_int_equal(p.tcp.ts_value, 10);
	assert_int_equal(p.tcp.ts_echo, 11);
	p = decode4(SEGMENT("003c", "a0", "10", "0101 0512 00000010 00000020 00000030 00000040"));
	assert_int_equal(p.anomalies, 0);
	assert_int_equal(p.tcp.sack_count, 2);
	assert_int_equal(p.tcp.sack[0].left, 16);
	assert_int_equal(p.tcp.sack[1].right, 64);
}

static void test_tcp_malformed(void **state)
{
	struct packet p = decode4(SEGMENT("002c", "60", "10", "0800 0000")); /* option length 0 */

	(void)state;
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_TCP_OPTIONS));
	assert_true(p.has_tcp);
	p = decode4(SEGMENT("002c", "60", "10", "0101 0204")); /* option beyond the header */
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_TCP_OPTIONS));
	p = decode4(SEGMENT("0028", "40", "10", "")); /* header of 16 bytes */
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_TCP_HEADER));
	assert_int_equal(p.src_port, 1000);
	p = decode4(SEGMENT("0028", "60", "10", "")); /* header beyond the segment */
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_TCP_HEADER));
	assert_int_equal(p.payload_bytes, 0);
	p = decode4(IP4("0026", "06") "03e8 0050 80000001 00000002 50 10 0400 0000"); /* 18 bytes */
	assert_int_equal(p.other, PACKET_IN_FLOW);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_TCP_HEADER));
	assert_false(p.has_ports);
}

static void test_tcp_flags(void **state)
{
	static const struct {
		const char *flags;
		bool odd;
	} rows[] = {{"02", false}, {"12", false}, {"11", false}, {"04", false}, {"c2", false},
		    {"10", false}, {"00", true},  {"03", true},	 {"06", true},	{"28", true}};
	char hex[] = SEGMENT("0028", "50", "XX", "");
	char *at = hex + sizeof(SEGMENT("0028", "50", "", "")) - sizeof(" 0400 0000 0007 ");

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		at[0] = rows[i].flags[0];
		at[1] = rows[i].flags[1];
		assert_int_equal(decode4(hex).anomalies,
				 rows[i].odd ? ANOMALY_BIT(ANOMALY_TCP_FLAGS) : 0);
	}
}

static void test_udp_length(void **state)
{
	struct packet p = decode4(IP4("0020", "11") UDP("03e8 07d0", "0100") DATA);

	(void)state;
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_UDP_LENGTH));
	assert_int_equal(p.payload_bytes, 4);
	p = decode4(IP4("0020", "11") UDP("03e8 07d0", "0007") DATA);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_UDP_LENGTH));
	assert_int_equal(p.payload_bytes, 0);
	assert_int_equal(p.dst_port, 2000);
	p = decode4(IP4("0020", "11") UDP("03e8 07d0", "000a") DATA);
	assert_int_equal(p.anomalies, 0);
	assert_int_equal(p.payload_bytes, 2);
	p = decode4(IP4("001a", "11") "03e8 07d0 0006");
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_UDP_LENGTH));
	assert_false(p.has_ports);
}

/* The snap length may end anywhere: what was captured counts, lengths are those on the wire. */
static void test_cut_headers(void **state)
{
	const char *segment = SEGMENT("0038", "80", "18", "0101 080a 0000000a 0000000b") DATA;
	struct packet p = sample_decode(228, segment, 20 + 32 + 1);

	(void)state;
	assert_int_equal(p.payload_bytes, 4);
	assert_int_equal(cursor_left(&p.payload), 1);
	assert_true(p.payload_cut);
	assert_int_equal(p.anomalies, 0);
	p = sample_decode(228, segment, 20 + 22); /* inside the options */
	assert_true(p.has_tcp);
	assert_int_equal(p.payload_bytes, 4);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_CUT));
	p = sample_decode(228, segment, 20 + 19); /* inside the fixed header */
	assert_true(p.has_ports && !p.has_tcp);
	assert_int_equal(p.dst_port, 80);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_CUT));
	p = sample_decode(228, segment, 20 + 3); /* inside the ports */
	assert_int_equal(p.other, PACKET_IN_FLOW);
	assert_false(p.has_ports);
	p = sample_decode(228, segment, 19); /* inside the addresses */
	assert_int_equal(p.other, PACKET_TRUNCATED);
	p = sample_decode(228, segment, 0);
	assert_int_equal(p.other, PACKET_TRUNCATED);
	p = sample_decode(228, "", 0);
	assert_int_equal(p.other, PACKET_EMPTY);
}

static void assert_quote(const struct packet *p, uint8_t proto, uint16_t src_port,
			 uint16_t dst_port, const char *src)
{
	char text[ADDR_TEXT_MAX];

	assert_int_equal(p->quote.proto, proto);
	if (!proto) /* the rest is not set */
		return;
	assert_int_equal(p->quote.src_port, src_port);
	assert_int_equal(p->quote.dst_port, dst_port);
	addr_format(text, &p->quote.src);
	assert_string_equal(text, src);
}

static void test_icmp_query(void **state)
{
	struct packet p = decode4(IP4("0020", "01") "08 00 0000 1234 0007 " DATA);

	(void)state;
	assert_int_equal(p.icmp_type, 8);
	assert_int_equal(p.icmp_id, 0x1234);
	assert_int_equal(p.icmp_seq, 7);
	assert_quote(&p, 0, 0, 0, NULL);
	p = decode4(IP4("0016", "01") "0800");
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_ICMP_SHORT));
	assert_false(p.has_ports);
}

static void test_icmp_quotes(void **state)
{
	struct packet p = decode4(OUTER4("0038", "01") "03 03 0000 00000000 " IP4("0020", "11")
					  UDP("03e8 07d0", "000c"));

	(void)state;
	assert_quote(&p, PROTO_UDP, 1000, 2000, "10.0.0.1");
	/* the quoted packet has options */
	p = decode4(
		OUTER4("003c", "01") "0b 00 0000 00000000 "
				     "46 00 0030 0001 0000 40 06 0000 0a000001 0a000002 01010100 "
				     "03e8 0050 00000001");
	assert_quote(&p, PROTO_TCP, 1000, 80, "10.0.0.1");
	/* an echo request: type and code */
	p = decode4(OUTER4("0038", "01") "03 01 0000 00000000 " IP4("0020",
								    "01") "08 00 0000 1234 0007");
	assert_quote(&p, PROTO_ICMP, 8, 0, "10.0.0.1");
	/* a later fragment names no flow */
	p = decode4(OUTER4(
		"0038", "01") "0b 01 0000 00000000 "
			      "45 00 0020 0001 0010 40 11 0000 0a000001 0a000002 03e807d0000c0000");
	assert_quote(&p, 0, 0, 0, NULL);
	p = decode4(OUTER4("0032", "01") "03 03 0000 00000000 " IP4("0020", "11") "03e8");
	assert_quote(&p, 0, 0, 0, NULL);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_ICMP_SHORT));
	assert_int_equal(p.src_port, 3);
}

static void test_icmp6_quotes(void **state)
{
	struct packet p = sample_decode(
		229,
		OUTER6("0040", "3a") "03 00 0000 00000000 " IP6("0018", "3c") "06 00 0104 00000000 "
									      "03e8 0050 00000001",
		UINT32_MAX);

	(void)state;
	assert_quote(&p, PROTO_TCP, 1000, 80, "2001:db8::1");
	/* type 129 is no error, whatever follows */
	p = sample_decode(229,
			  OUTER6("0038", "3a") "81 00 0000 00000000 " IP6("000c", "11")
				  UDP("03e8 07d0", "000c"),
			  UINT32_MAX);
	assert_quote(&p, 0, 0, 0, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tcp_header),
		cmocka_unit_test(test_tcp_syn_options),
		cmocka_unit_test(test_tcp_timestamp_and_sack),
		cmocka_unit_test(test_tcp_malformed),
		cmocka_unit_test(test_tcp_flags),
		cmocka_unit_test(test_udp_length),
		cmocka_unit_test(test_cut_headers),
		cmocka_unit_test(test_icmp_query),
		cmocka_unit_test(test_icmp_quotes),
		cmocka_unit_test(test_icmp6_quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
