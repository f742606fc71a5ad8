/* SPDX-License-Identifier: MIT
 *
 * Checksums that are right, wrong, not there, and not filled in yet. The right ones were computed
 * by hand from RFC 1071, over the headers written here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "decode/checksum.h"
#include "samples.h"

/* clang-format off */
#define HEAD4(len, proto, sum) "45 00 " len " 0001 0000 40 " proto " " sum " 0a000001 0a000002 "
#define TCP_SUM(sum) "03e8 0050 00000001 00000002 50 18 0400 " sum " 0000 " DATA
#define TCP4(sum) HEAD4("002c", "06", "66c9") TCP_SUM(sum)
#define TCP6(sum) IP6("0018", "06") TCP_SUM(sum)
#define UDP_ODD(sum) "03e8 07d0 000b " sum " 646174 "
#define UDP4(sum) HEAD4("001f", "11", "66cb") UDP_ODD(sum)
#define UDP6(sum) IP6("000b", "11") UDP_ODD(sum)
#define ICMP4(sum) HEAD4("0020", "01", "66da") "08 00 " sum " 0001 0002 " DATA
#define ICMP6(sum) IP6("000c", "3a") "80 00 " sum " 0001 0002 " DATA
/* clang-format on */

enum { RAW_IP = 101 };

/* Decoded from a block of exactly the frame's size, and verified while it is there. */
static enum checksum sum_of(const char *hex, uint32_t caplen)
{
	uint8_t bytes[SAMPLE_MAX], *exact;
	uint32_t n = sample_bytes(bytes, hex);
	enum checksum sum;
	struct packet p;

	caplen = caplen < n ? caplen : n;
	exact = malloc(caplen);
	assert_non_null(exact);
	memcpy(exact, bytes, caplen);
	decode_init();
	decode_frame(&p, RAW_IP, exact, caplen, n, 0);
	sum = checksum_transport(&p);
	checksum_verify(&p);
	assert_int_equal(!!(p.anomalies & ANOMALY_BIT(ANOMALY_L4_CHECKSUM)), sum == CHECKSUM_BAD);
	free(exact);
	return sum;
}

static enum checksum whole(const char *hex)
{
	return sum_of(hex, UINT32_MAX);
}

static void test_right(void **state)
{
	(void)state;
	assert_int_equal(whole(TCP4("bac8")), CHECKSUM_GOOD);
	assert_int_equal(whole(TCP6("7356")), CHECKSUM_GOOD);
	assert_int_equal(whole(UDP4("07bc")), CHECKSUM_GOOD);
	assert_int_equal(whole(UDP6("c049")), CHECKSUM_GOOD);
	assert_int_equal(whole(ICMP4("1f3a")), CHECKSUM_GOOD);
	assert_int_equal(whole(ICMP6("4b7e")), CHECKSUM_GOOD);
}

static void test_wrong(void **state)
{
	(void)state;
	assert_int_equal(whole(TCP4("bac9")), CHECKSUM_BAD);
	assert_int_equal(whole(TCP6("bac8")), CHECKSUM_BAD);
	assert_int_equal(whole(UDP4("07bd")), CHECKSUM_BAD);
	assert_int_equal(whole(UDP6("c04a")), CHECKSUM_BAD);
	assert_int_equal(whole(ICMP4("1f3b")), CHECKSUM_BAD);
	assert_int_equal(whole(ICMP4("1410")), CHECKSUM_BAD); /* ICMP has no pseudo-header */
	assert_int_equal(whole(ICMP6("1f3a")), CHECKSUM_BAD);
}

/* What a host with offload leaves in the field: the pseudo-header's sum, with or without length. */
static void test_unfilled(void **state)
{
	(void)state;
	assert_int_equal(whole(TCP4("1421")), CHECKSUM_UNFILLED);
	assert_int_equal(whole(TCP4("1409")), CHECKSUM_UNFILLED);
	assert_int_equal(whole(TCP6("5b93")), CHECKSUM_UNFILLED);
	assert_int_equal(whole(UDP4("141f")), CHECKSUM_UNFILLED);
	assert_int_equal(whole(UDP6("5b91")), CHECKSUM_UNFILLED);
	assert_int_equal(whole(TCP4("1422")), CHECKSUM_BAD);
}

static void test_none(void **state)
{
	(void)state;
	assert_int_equal(whole(UDP4("0000")), CHECKSUM_NONE);
	/* lengths that lie; before segmentation */
	assert_int_equal(whole(HEAD4("002d", "06", "66c8") TCP_SUM("1234")), CHECKSUM_NONE);
	assert_int_equal(whole(HEAD4("0000", "11", "66ea") "03e8 07d0 0000 1234 646174"),
			 CHECKSUM_NONE);
	/* the header's is not filled in either */
	assert_int_equal(whole(HEAD4("002c", "06", "0000") TCP_SUM("1234")), CHECKSUM_NONE);
	/* no transport with a checksum of this kind; none inside a carrier with one */
	assert_int_equal(whole(HEAD4("0018", "2f", "66b4") "00000000"), CHECKSUM_NONE);
	/* a first fragment, and a cut segment: the whole is not there */
	assert_int_equal(whole("45 00 002c 0001 2000 40 06 46c9 0a000001 0a000002 " TCP_SUM("1234")),
			 CHECKSUM_NONE);
	assert_int_equal(sum_of(TCP4("1234"), 43), CHECKSUM_NONE);
	assert_int_equal(sum_of(TCP4("1234"), 24), CHECKSUM_NONE);
	assert_int_equal(sum_of(UDP4("1234"), 30), CHECKSUM_NONE);
	assert_int_equal(sum_of(ICMP4("1234"), 26), CHECKSUM_NONE);
}

/* What follows the datagram, a trailer or padding, is not part of the sum. */
static void test_trailer(void **state)
{
	(void)state;
	assert_int_equal(whole(TCP4("bac8") "ffff"), CHECKSUM_GOOD);
	assert_int_equal(whole(UDP4("07bc") "ff"), CHECKSUM_GOOD);
}

/* Of a jumbo frame it is known; of what is longer, not even whether it was ever sent so. */
static void test_super_frame(void **state)
{
	static uint8_t segment[10000];
	struct packet p = {.ip_version = 4, .proto = PROTO_TCP, .has_ports = true};

	(void)state;
	segment[16] = 1;
	p.transport = segment;
	p.transport_bytes = 9000;
	p.ip_bytes = 9020;
	assert_int_equal(checksum_transport(&p), CHECKSUM_BAD);
	p.transport_bytes = 9980;
	p.ip_bytes = 10000;
	assert_int_equal(checksum_transport(&p), CHECKSUM_NONE);
}

static uint32_t ipv4_anomalies(const char *hex, uint32_t caplen)
{
	return sample_decode(RAW_IP, hex, caplen).anomalies & ANOMALY_BIT(ANOMALY_IP_CHECKSUM);
}

static void test_ipv4_header(void **state)
{
	static const char bad_options[] =
		"46 00 0030 0001 0000 40 06 d1c1 0a000001 0a000002 94040000 " TCP_SUM("0000");

	(void)state;
	assert_int_equal(ipv4_anomalies(TCP4("0000"), UINT32_MAX), 0);
	assert_int_equal(ipv4_anomalies(HEAD4("002c", "06", "0000") TCP_SUM("0000"), UINT32_MAX), 0);
	assert_true(ipv4_anomalies(HEAD4("002c", "06", "66ca") TCP_SUM("0000"), UINT32_MAX));
	assert_int_equal(ipv4_anomalies("46 00 0030 0001 0000 40 06 d1c0 0a000001 0a000002 "
					"94040000 " TCP_SUM("0000"), UINT32_MAX), 0);
	assert_true(ipv4_anomalies(bad_options, UINT32_MAX));
	assert_int_equal(ipv4_anomalies(bad_options, 22), 0); /* options cut */
}

/* Every length and every alignment, against the definition: 16-bit words, carries added again. */
static void test_sum_of_every_length(void **state)
{
	uint8_t bytes[80];

	(void)state;
	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(0xff - i * 37 % 11);
	for (unsigned at = 0; at < 8; at++) {
		for (unsigned n = 0; n <= sizeof(bytes) - at; n++) {
			uint64_t sum = checksum_add(0, cursor_init(bytes + at, n));
			uint16_t got = checksum_fold(sum), stored[1] = {got};
			uint32_t want = 0;

			for (unsigned i = 0; i < n; i++)
				want += i % 2 ? bytes[at + i] : (uint32_t)bytes[at + i] << 8;
			while (want >> 16)
				want = (want & 0xffff) + (want >> 16);
			assert_int_equal(((uint8_t *)stored)[0] << 8 | ((uint8_t *)stored)[1], want);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_unfilled),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_trailer),
		cmocka_unit_test(test_super_frame),
		cmocka_unit_test(test_ipv4_header),
		cmocka_unit_test(test_sum_of_every_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
