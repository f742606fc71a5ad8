/* SPDX-License-Identifier: MIT
 *
 * One hand-made frame of every protocol, put together from the header diagrams of its document,
 * with what it must decode to. Shared by the unit tests and by the property test.
 *
 * Nearly all carry one of two inner packets, whose sizes the outer length fields count:
 *   IP4_TCP  10.0.0.1:1000 > 10.0.0.2:80        44 bytes, 4 of payload
 *   IP6_UDP  [2001:db8::1]:1000 > [2001:db8::2]:2000   52 bytes, 4 of payload
 */
#ifndef SOCKLENS_TESTS_DECODE_SAMPLES_H
#define SOCKLENS_TESTS_DECODE_SAMPLES_H

#include <stdint.h>

#include "decode/decode.h"

/* clang-format off */
#define MACS "020000000001 020000000002 "
#define ETH(type) MACS type " "
#define ETH4 ETH("0800")
#define ETH6 ETH("86dd")

#define DATA "64617461 "
#define ZEROS_32 "0000000000000000000000000000000000000000000000000000000000000000 "
#define TCP(payload) "03e8 0050 00000001 00000002 50 18 0400 0000 0000 " payload
#define UDP(ports, len) ports " " len " 0000 "

/* Total length and protocol in hex; the flow's own ends, or those of a carrier. */
#define IP4(len, proto) "45 00 " len " 0001 0000 40 " proto " 0000 0a000001 0a000002 "
#define OUTER4(len, proto) "45 00 " len " 0002 0000 40 " proto " 0000 c0000201 c0000202 "
#define IP6(len, next) "60000000 " len " " next " 40 " ADDR6_1 ADDR6_2
#define ADDR6_1 "20010db8000000000000000000000001 "
#define ADDR6_2 "20010db8000000000000000000000002 "
#define OUTER6(len, next) "60000000 " len " " next " 40 " \
	"20010db8ffff00000000000000000001 20010db8ffff00000000000000000002 "

#define IP4_TCP IP4("002c", "06") TCP(DATA)
#define IP6_UDP IP6("000c", "11") UDP("03e8 07d0", "000c") DATA
#define FRAME ETH4 IP4_TCP                     /* 58 bytes */
/* A tunnel in UDP: IP total length, destination port, UDP length. */
#define OVER_UDP(ip_len, port, udp_len) ETH4 OUTER4(ip_len, "11") UDP("c001 " port, udp_len)
#define OVER_IP(ip_len, proto) ETH4 OUTER4(ip_len, proto)

struct sample {
	const char *name; /* of the row in decode/decoders.h, and a word more where it has several */
	uint16_t linktype;
	const char *hex; /* spaces are ignored */
	uint8_t other, proto;
	uint16_t src_port, dst_port; /* both 0: has_ports is false */
	uint32_t ip_bytes, payload_bytes;
	uint8_t tunnel; /* innermost enum tunnel_kind */
	uint32_t tunnel_id;
	uint8_t vlans;
};

#define FLOW(proto_, sport, dport, ip, payload) \
	.proto = proto_, .src_port = sport, .dst_port = dport, .ip_bytes = ip, .payload_bytes = payload
#define TCP_FLOW FLOW(6, 1000, 80, 44, 4)
#define UDP_FLOW FLOW(17, 1000, 2000, 52, 4)
#define IN(kind, id) .tunnel = TUNNEL_##kind, .tunnel_id = id

static const struct sample samples[] = {
	/* links */
	{"ether", 1, FRAME, TCP_FLOW},
	{"ether padded", 1, ETH4 IP4("0028", "06") TCP("") "000000000000", FLOW(6, 1000, 80, 40, 0)},
	{"ether ipv6", 1, ETH6 IP6_UDP, UDP_FLOW},
	{"null little", 0, "02000000 " IP4_TCP, TCP_FLOW},
	{"null big", 0, "0000001e " IP6_UDP, UDP_FLOW},
	{"null loop", 108, "00000002 " IP4_TCP, TCP_FLOW},
	{"null enc", 109, "02000000 00001234 00000000 " IP4_TCP, TCP_FLOW},
	{"raw 4", 101, IP4_TCP, TCP_FLOW},
	{"raw 6", 12, IP6_UDP, UDP_FLOW},
	{"ipv4", 228, IP4_TCP, TCP_FLOW},
	{"ipv6", 229, IP6_UDP, UDP_FLOW},
	{"sll", 113, "0000 0001 0006 0200000000010000 0800 " IP4_TCP, TCP_FLOW},
	{"sll llc", 113, "0000 0001 0006 0200000000010000 0004 424203 0000", .other = PACKET_LLC},
	{"sll2", 276, "86dd 0000 00000002 0001 00 06 0200000000010000 " IP6_UDP, UDP_FLOW},
	{"ppp", 9, "ff03 0021 " IP4_TCP, TCP_FLOW},
	{"ppp compressed", 9, "21 " IP4_TCP, TCP_FLOW},
	{"ppp ipv6", 50, "ff03 0057 " IP6_UDP, UDP_FLOW},
	{"ppp hdlc", 50, "0f00 0800 " IP4_TCP, TCP_FLOW},
	{"ppp direction", 204, "01 ff03 0021 " IP4_TCP, TCP_FLOW},
	{"ppp lcp", 9, "ff03 c021 01010004", .other = PACKET_CONTROL},
	{"hdlc", 104, "0f00 86dd " IP6_UDP, UDP_FLOW},
	{"hdlc slarp", 104, "8f00 8035 00000002 00000001 00000000 ffff 0000", .other = PACKET_CONTROL},
	{"frelay nlpid", 107, "1841 03 cc " IP4_TCP, TCP_FLOW},
	{"frelay cisco", 107, "1841 0800 " IP4_TCP, TCP_FLOW},
	{"frelay snap", 107, "1841 03 00 80 000000 86dd " IP6_UDP, UDP_FLOW},
	{"slip", 8, "00 40 0000000000000000000000000000 " IP4_TCP, TCP_FLOW},
	{"fddi", 10, "50 " MACS "aaaa03 000000 0800 " IP4_TCP, TCP_FLOW},
	{"tokenring", 6, "10 40 020000000001 020000000002 aaaa03 000000 0800 " IP4_TCP, TCP_FLOW},
	{"tokenring routed", 6, "10 40 020000000001 820000000002 06300011012a aaaa03 000000 0800 "
		IP4_TCP, TCP_FLOW},
	{"wlan", 105, "0801 0000 " MACS "020000000003 0010 aaaa03 000000 0800 " IP4_TCP, TCP_FLOW},
	{"wlan qos", 105, "8803 0000 " MACS "020000000003 0010 020000000004 0000 aaaa03 000000 0800 "
		IP4_TCP, TCP_FLOW},
	{"wlan ht control", 105, "8880 0000 " MACS "020000000003 0010 0000 00000000 "
		"aaaa03 000000 0800 " IP4_TCP, TCP_FLOW},
	{"wlan amsdu", 105, "8801 0000 " MACS "020000000003 0010 8000 " MACS "0034 "
		"aaaa03 000000 0800 " IP4_TCP "0000 " MACS "0000", TCP_FLOW},
	{"wlan beacon", 105, "8000 0000 " MACS "020000000003 0010 00", .other = PACKET_CONTROL},
	{"wlan secret", 105, "0841 0000 " MACS "020000000003 0010 0102030405060708",
		.other = PACKET_UNKNOWN_TYPE},
	{"radiotap", 127, "00 00 0900 02000000 00 0801 0000 " MACS "020000000003 0010 "
		"aaaa03 000000 0800 " IP4_TCP, TCP_FLOW},
	{"radiotap padded", 127, "00 00 1900 030000a0 00000020 00000000 0102030405060708 20 8801 0000 "
		MACS "020000000003 0010 0000 0000 aaaa03 000000 0800 " IP4_TCP, TCP_FLOW},
	{"avs", 163, "80211001 0000000c 00000000 0801 0000 " MACS "020000000003 0010 "
		"aaaa03 000000 0800 " IP4_TCP, TCP_FLOW},
	{"ppi", 192, "00 00 0800 01000000 " FRAME, TCP_FLOW},
	{"pktap", 258, "6c000000 01000000 01000000 " ZEROS_32 ZEROS_32 ZEROS_32 FRAME, TCP_FLOW},
	{"nflog", 239, "02 00 0000 0500 0a00 00000000 0800 0100 00000000 3000 0900 " IP4_TCP, TCP_FLOW},
	{"nflog big", 239, "0a 00 0000 0008 0001 00000000 0038 0009 " IP6_UDP, UDP_FLOW},
	{"pflog", 117, "3d 02 00 00 "
		ZEROS_32 "0000000000000000000000000000000000000000000000000000 0000 " IP4_TCP, TCP_FLOW},
	{"ipnet", 226, "01 02 0000 0000002c 00000002 00000000 00000000 00000000 " IP4_TCP, TCP_FLOW},
	{"ipoib", 242, ZEROS_32 "0000000000000000 0800 0000 " IP4_TCP, TCP_FLOW},
	{"unknown link", 9999, FRAME, .other = PACKET_UNKNOWN_LINK},
	/* tags and what lies between link and network */
	{"vlan", 1, ETH("8100") "0064 0800 " IP4_TCP, TCP_FLOW, .vlans = 1},
	{"vlan stacked", 1, ETH("88a8") "0064 8100 2065 86dd " IP6_UDP, UDP_FLOW, .vlans = 2},
	{"llc snap", 1, ETH("0034") "aaaa03 000000 0800 " IP4_TCP, TCP_FLOW},
	{"llc bridged", 1, ETH("0044") "aaaa03 0080c2 0007 0000 " FRAME, TCP_FLOW},
	{"llc atm", 11, "aaaa03 000000 0800 " IP4_TCP, TCP_FLOW},
	{"llc ip", 1, ETH("002f") "060603 " IP4_TCP, TCP_FLOW},
	{"llc spanning tree", 1, ETH("0007") "424203 00000000", .other = PACKET_LLC},
	{"arp", 1, ETH("0806") "0001 0800 06 04 0001 020000000002 c0000201 000000000000 c0000202",
		.other = PACKET_ARP},
	{"control lldp", 1, ETH("88cc") "0207 04 020000000002", .other = PACKET_CONTROL},
	{"unknown type", 1, ETH("88b5") "00000000", .other = PACKET_UNKNOWN_TYPE},
	{"dsa", 284, MACS "c0640064 0800 " IP4_TCP, TCP_FLOW},
	{"edsa", 285, ETH("dada") "0000 e0640064 0800 " IP4_TCP, TCP_FLOW, .vlans = 1},
	{"vntag", 1, ETH("8926") "00000000 0800 " IP4_TCP, TCP_FLOW},
	{"etag", 1, ETH("893f") "100000d30000 0800 " IP4_TCP, TCP_FLOW},
	{"hsr", 1, ETH("892f") "0034 0001 0800 " IP4_TCP, TCP_FLOW},
	{"cmd", 1, ETH("8909") "01 01 00010064 0800 " IP4_TCP, TCP_FLOW},
	{"fabricpath", 1, ETH("8903") "0460 " FRAME "00000000", TCP_FLOW},
	{"trill", 1, ETH("22f3") "0060 0001 0002 01020304 " FRAME, TCP_FLOW},
	{"pbb", 1, ETH("88e7") "00001234 " FRAME, TCP_FLOW},
	{"mpls", 1, ETH("8847") "00010040 00020140 " IP4_TCP, TCP_FLOW},
	{"mpls link", 219, "00010140 " IP4_TCP, TCP_FLOW},
	{"mpls word", 1, ETH("8847") "00010140 00000000 " FRAME, TCP_FLOW},
	{"mpls no word", 1, ETH("8847") "00010140 " FRAME, TCP_FLOW},
	{"mpls ether", 1, ETH("8847") "00010140 " "a20000000001 020000000002 0800 " IP4_TCP, TCP_FLOW},
	{"pppoe", 1, ETH("8864") "11 00 0001 002e 0021 " IP4_TCP, TCP_FLOW},
	{"pppoe discovery", 1, ETH("8863") "11 09 0000 0000", .other = PACKET_CONTROL},
	{"nsh", 1, ETH("894f") "0fc2 02 01 00000aff " IP4_TCP, TCP_FLOW},
	/* IPv6 extension headers */
	{"hopopts", 1, ETH6 IP6("0014", "00") "11 00 0104 00000000 " UDP("03e8 07d0", "000c") DATA,
		FLOW(17, 1000, 2000, 60, 4)},
	{"dstopts", 1, ETH6 IP6("001c", "3c") "11 01 010c 000000000000000000000000 "
		UDP("03e8 07d0", "000c") DATA, FLOW(17, 1000, 2000, 68, 4)},
	{"routing", 1, ETH6 IP6("0024", "2b") "11 02 04 01 00 00 0000 " ADDR6_1
		UDP("03e8 07d0", "000c") DATA, FLOW(17, 1000, 2000, 76, 4)},
	{"fragment atomic", 1, ETH6 IP6("0014", "2c") "11 00 0000 00000007 " UDP("03e8 07d0", "000c")
		DATA, FLOW(17, 1000, 2000, 60, 4)},
	{"nonext", 1, ETH6 IP6("0000", "3b"), FLOW(59, 0, 0, 40, 0)},
	/* transport */
	{"udp", 1, ETH4 IP4("0020", "11") UDP("03e8 07d0", "000c") DATA, FLOW(17, 1000, 2000, 32, 4)},
	{"udplite", 1, ETH4 IP4("0020", "88") UDP("03e8 07d0", "0008") DATA,
		FLOW(136, 1000, 2000, 32, 4)},
	{"dccp", 1, ETH4 IP4("0028", "21") "03e8 07d0 04 00 0000 05000001 00000000 " DATA,
		FLOW(33, 1000, 2000, 40, 4)},
	{"sctp", 1, ETH4 IP4("0024", "84") "03e8 07d0 00000001 00000000 0b000004",
		FLOW(132, 1000, 2000, 36, 4)},
	{"icmp echo", 1, ETH4 IP4("0020", "01") "08 00 0000 1234 0001 " DATA, FLOW(1, 8, 0, 32, 4)},
	{"icmp error", 1, ETH4 OUTER4("0038", "01") "03 03 0000 00000000 " IP4("002c", "06")
		"03e8 0050 00000001", FLOW(1, 3, 3, 56, 28)},
	{"icmp6 error", 1, ETH6 OUTER6("0038", "3a") "01 04 0000 00000000 " IP6("000c", "11")
		UDP("03e8 07d0", "000c"), FLOW(58, 1, 4, 96, 48)},
	{"no decoder", 1, ETH4 IP4("0018", "59") DATA, FLOW(89, 0, 0, 24, 4)},
	{"esp", 1, OVER_IP("0024", "32") "00000100 00000001 0102030405060708", FLOW(50, 0, 0, 36, 16)},
	{"ah", 1, ETH4 IP4("0044", "33") "06 04 0000 00000100 00000001 000000000000000000000000 "
		TCP(DATA), FLOW(6, 1000, 80, 68, 4)},
	{"ah tunnel", 1, OVER_IP("0058", "33") "04 04 0000 00000100 00000001 000000000000000000000000 "
		IP4_TCP, TCP_FLOW, IN(AH, 256)},
	/* tunnels on IP */
	{"ipip", 1, OVER_IP("0040", "04") IP4_TCP, TCP_FLOW, IN(IPIP, 0)},
	{"ipip 6in4", 1, OVER_IP("0048", "29") IP6_UDP, UDP_FLOW, IN(IPIP, 0)},
	{"ipip 4in6", 1, ETH6 OUTER6("002c", "04") IP4_TCP, TCP_FLOW, IN(IPIP, 0)},
	{"etherip", 1, OVER_IP("0050", "61") "3000 " FRAME, TCP_FLOW, IN(IPIP, 0)},
	{"srv6ether", 1, ETH6 OUTER6("003a", "8f") FRAME, TCP_FLOW, IN(IPIP, 0)},
	{"gre", 1, OVER_IP("0048", "2f") "2000 0800 0000002a " IP4_TCP, TCP_FLOW, IN(GRE, 42)},
	{"gre all", 1, OVER_IP("0050", "2f") "b000 0800 0000 0000 0000002a 00000001 " IP4_TCP, TCP_FLOW,
		IN(GRE, 42)},
	{"gre nvgre", 1, OVER_IP("0056", "2f") "2000 6558 00138801 " FRAME, TCP_FLOW,
		IN(GRE, 0x138801)},
	{"gre pptp", 1, OVER_IP("0054", "2f") "3081 880b 0030 0007 00000001 00000001 ff03 0021 " IP4_TCP,
		TCP_FLOW, IN(GRE, 0x300007)},
	{"gre udp", 1, OVER_UDP("004c", "1292", "0038") "0000 0800 " IP4_TCP, TCP_FLOW, IN(GRE, 0)},
	{"gre wccp", 1, OVER_IP("0048", "2f") "0000 883e 00000000 " IP4_TCP, TCP_FLOW, IN(GRE, 0)},
	{"erspan 1", 1, OVER_IP("0052", "2f") "0000 88be " FRAME, TCP_FLOW, IN(ERSPAN, 0)},
	{"erspan 2", 1, OVER_IP("005e", "2f") "1000 88be 00000001 1064 0064 00000000 " FRAME, TCP_FLOW,
		IN(ERSPAN, 100)},
	{"erspan 3", 1, OVER_IP("006a", "2f") "1000 22eb 00000001 2064 0064 00000000 0000 0001 "
		"0000000000000000 " FRAME, TCP_FLOW, IN(ERSPAN, 100)},
	{"eoip", 1, OVER_IP("0056", "2f") "2001 6400 003a 2a00 " FRAME, TCP_FLOW, IN(EOIP, 42)},
	/* tunnels on UDP */
	{"teredo", 1, OVER_UDP("0058", "0dd8", "0044") "0000 f3f0 3ffffdfd " IP6_UDP, UDP_FLOW,
		IN(TEREDO, 0)},
	{"teredo auth", 1, OVER_UDP("005d", "0dd8", "0049") "0001 00 00 0102030405060708 00 " IP6_UDP,
		UDP_FLOW, IN(TEREDO, 0)},
	{"ayiya", 1, OVER_UDP("007c", "13d0", "0068") "41 52 11 29 00000000 " ADDR6_1
		"0000000000000000000000000000000000000000 " IP6_UDP, UDP_FLOW, IN(AYIYA, 0)},
	{"vxlan", 1, OVER_UDP("005e", "12b5", "004a") "08 000000 00002a 00 " FRAME, TCP_FLOW,
		IN(VXLAN, 42)},
	{"vxlan_gpe", 1, OVER_UDP("0050", "12b6", "003c") "0c 000001 00002a 00 " IP4_TCP, TCP_FLOW,
		IN(VXLAN, 42)},
	{"geneve", 1, OVER_UDP("0062", "17c1", "004e") "01 00 6558 00002a 00 01020000 " FRAME, TCP_FLOW,
		IN(GENEVE, 42)},
	{"gtpu", 1, OVER_UDP("0050", "0868", "003c") "30 ff 002c 0000002a " IP4_TCP, TCP_FLOW,
		IN(GTPU, 42)},
	{"gtpu extension", 1, OVER_UDP("0058", "0868", "0044") "34 ff 0034 0000002a 0000 00 85 "
		"01 0900 00 " IP4_TCP, TCP_FLOW, IN(GTPU, 42)},
	{"capwap", 1, OVER_UDP("005e", "147f", "004a") "00 10 0000 00000000 " FRAME, TCP_FLOW,
		IN(CAPWAP, 0)},
	{"capwap wlan", 1, OVER_UDP("0070", "147f", "005c") "00 10 0300 00000000 0801 0000 " MACS
		"020000000003 0010 aaaa03 000000 0800 " IP4_TCP, TCP_FLOW, IN(CAPWAP, 0)},
	{"capwap swapped", 1, OVER_UDP("0070", "147f", "005c") "00 10 0300 00000000 0108 0000 " MACS
		"020000000003 0010 aaaa03 000000 0800 " IP4_TCP, TCP_FLOW, IN(CAPWAP, 0)},
	{"l2tp", 1, OVER_UDP("0054", "06a5", "0040") "4002 0038 0001 0002 ff03 0021 " IP4_TCP, TCP_FLOW,
		IN(L2TP, 0x10002)},
	{"tzsp", 1, OVER_UDP("005f", "9090", "004b") "01 00 0001 0a 01 05 00 01 " FRAME, TCP_FLOW,
		IN(TZSP, 0)},
	{"lisp", 1, OVER_UDP("0050", "10f5", "003c") "08 000000 00002a 00 " IP4_TCP, TCP_FLOW,
		IN(LISP, 42)},
	{"mplsip", 1, OVER_UDP("004c", "19eb", "0038") "00010140 " IP4_TCP, TCP_FLOW, IN(MPLS, 16)},
};
/* clang-format on */

enum { SAMPLE_COUNT = sizeof(samples) / sizeof(samples[0]), SAMPLE_MAX = 512 };

static inline uint8_t sample_digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Lower-case hex to bytes; returns their number. */
static inline uint32_t sample_bytes(uint8_t out[SAMPLE_MAX], const char *hex)
{
	uint32_t n = 0;

	for (const char *p = hex; *p && n < SAMPLE_MAX; p += 2) {
		while (*p == ' ')
			p++;
		if (!*p)
			break;
		out[n++] = (uint8_t)(sample_digit(p[0]) << 4 | sample_digit(p[1]));
	}
	return n;
}

/* Decode hex as a frame of which `caplen` bytes were captured (all when larger). */
static inline struct packet sample_decode(uint16_t linktype, const char *hex, uint32_t caplen)
{
	static uint8_t bytes[SAMPLE_MAX];
	uint32_t n = sample_bytes(bytes, hex);
	struct packet p;

	decode_init();
	decode_frame(&p, linktype, bytes, caplen < n ? caplen : n, n, 0);
	return p;
}

#endif
