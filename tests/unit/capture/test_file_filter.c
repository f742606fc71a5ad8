/* SPDX-License-Identifier: MIT
 *
 * Filter expressions on files; what must pass was counted by tcpdump -r FILE EXPRESSION | wc -l.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "unit/capture/memory_file.h"

#define CORPUS "../shared/corpus"

/* Ethernet (type IPv4) and raw IPv4 frames of a TCP and a UDP packet, cut after the ports. */
static const char tcp_ip[] = "\x45\0\0\x28\0\0\0\0\x40\x06\0\0\x0a\0\0\1\x0a\0\0\2\0\x50\1\1";
static const char udp_ip[] = "\x45\0\0\x28\0\0\0\0\x40\x11\0\0\x0a\0\0\1\x0a\0\0\2\0\x35\1\1";

/* Each packet is longer than the one before, so that the sum tells which ones passed. */
static void put_ip(struct bytes *b, bool ethernet, const char *ip, unsigned more)
{
	char frame[64] = {[12] = 8};
	unsigned at = ethernet ? 14 : 0;

	memcpy(frame + at, ip, 24);
	put_pcap_record(b, 0, 0, frame, at + 24 + more);
}

static int count(bool ethernet, const char *filter, struct frame_sums *t, struct err *e)
{
	struct bytes b = {0};
	struct source *s;
	int rc;

	put_pcap_header(&b, 0xa1b2c3d4, 4, ethernet ? 1 : 101);
	put_ip(&b, ethernet, udp_ip, 1);
	put_ip(&b, ethernet, tcp_ip, 2);
	put_ip(&b, ethernet, tcp_ip, 4);
	assert_int_equal(open_memory(&s, b.data, b.len, filter, e), 0);
	rc = sum_all(s, t, e);
	source_free(s);
	bytes_done(&b);
	return rc;
}

static void test_passes(void **state)
{
	static const struct {
		const char *filter;
		unsigned frames, more;
	} rows[] = {
		{"tcp", 2, 6},	   {"udp", 1, 1},  {"port 53", 1, 1},
		{"port 80", 2, 6}, {"icmp", 0, 0}, {"", 3, 7},
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		struct frame_sums t = {0};
		struct err e;

		assert_int_equal(count(i & 1, rows[i / 2].filter, &t, &e), -ENODATA);
		assert_int_equal(t.frames, rows[i / 2].frames);
		assert_int_equal(t.captured, t.frames * (i & 1 ? 38 : 24) + rows[i / 2].more);
	}
}

static void test_wrong_filter(void **state)
{
	struct frame_sums t = {0};
	struct err e = {""};

	(void)state;
	assert_int_equal(count(true, "tcp prot 80", &t, &e), -EINVAL);
	assert_non_null(strstr(e.text, "wrong filter: "));
	assert_int_equal(count(false, "ether host 1:2:3:4:5:6", &t, &e), -EINVAL);
	assert_int_equal(t.frames, 0);
}

/* A wrong filter is known before any frame, once the file has been looked at. */
static void test_start(void **state)
{
	struct bytes b = {0};
	struct source *s;
	struct err e;

	(void)state;
	put_pcap_header(&b, 0xa1b2c3d4, 4, 1);
	assert_int_equal(open_memory(&s, b.data, b.len, "nonsense", &e), 0);
	assert_int_equal(source_start(s, &e), -EINVAL);
	assert_int_equal(source_start(s, &e), -EINVAL);
	source_free(s);
	bytes_done(&b);
}

static void test_corpus(void **state)
{
	static const struct {
		const char *file, *filter;
		unsigned frames;
	} rows[] = {
		{CORPUS "/zeek__wikipedia.pcap", "tcp port 80", 78},
		{CORPUS "/zeek__wikipedia.pcap", "udp", 48},
		{CORPUS "/zeek__radiotap.pcap", "wlan type data", 3},
		{CORPUS "/mercury__sll2_tls.pcap", "tcp", 1},
		{CORPUS "/mercury__sll2_tls.pcap", "dst port 443", 1},
		{CORPUS "/tcptrace__rawip.dmp", "tcp", 14},
		{CORPUS "/suricata__eve-flow-vlan_input.pcap", "vlan", 2},
		{CORPUS "/ndpi__dns.pcap", "udp port 53", 3},
	};

	(void)state;
	if (access(CORPUS, R_OK)) {
		print_message("skipped: no " CORPUS "\n");
		skip();
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct frame_sums t = {0};
		struct source *s;
		struct err e;

		assert_int_equal(source_open_file(&s, rows[i].file, rows[i].filter, &e), 0);
		assert_int_equal(sum_all(s, &t, &e), -ENODATA);
		assert_int_equal(t.frames, rows[i].frames);
		source_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_passes),
		cmocka_unit_test(test_wrong_filter),
		cmocka_unit_test(test_start),
		cmocka_unit_test(test_corpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
