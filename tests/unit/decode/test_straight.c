/* SPDX-License-Identifier: MIT
 *
 * The straight path against the decoders it stands for: the same frame under another number of the
 * same link type takes the long way, and both must leave the same packet, byte for byte. Frames
 * are those of plain TCP, whole, cut at every length, and with every byte changed in every way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "decode/straight.h"
#include "samples.h"

enum { LINKTYPE_LONG_WAY = 285 }; /* Ethernet as well (decode/decoders.h) */

/* Right IP header checksums: with a wrong one no frame would go straight. */
#define IP_HEAD(len, sum)     ETH4 "45 00 " len " 0001 4000 40 06 " sum " 0a000001 0a000002 "
#define TCP_HEAD(head, flags) "03e8 0050 00000001 00000002 " head " " flags " 0400 0000 0000 "

static const char *const frames[] = {
	IP_HEAD("002c", "26c9") TCP_HEAD("50", "18") DATA,
	IP_HEAD("0028", "26cd") TCP_HEAD("50", "10") "000000000000",
	IP_HEAD("0038", "26bd") TCP_HEAD("80", "10") "0101080a 00000007 00000009" DATA,
	IP_HEAD("0034", "26c1") TCP_HEAD("80", "02") "020405b4 0402 0103 0307 0101",
	IP_HEAD("0034", "26c1") TCP_HEAD("80", "10") "0101050a 00000010 00000020",
};
enum { FRAMES = sizeof(frames) / sizeof(frames[0]) };

static unsigned straight; /* frames that went that way */

static void both_ways(const uint8_t *data, uint32_t caplen, uint32_t wirelen)
{
	struct packet p, q;

	memset(&p, 0, sizeof(p));
	memset(&q, 0, sizeof(q));
	decode_frame(&p, LINKTYPE_ETHERNET, data, caplen, wirelen, 7);
	decode_frame(&q, LINKTYPE_LONG_WAY, data, caplen, wirelen, 7);
	assert_false(q.straight);
	q.straight = p.straight; /* they differ in nothing else */
	assert_memory_equal(&p, &q, sizeof(p));
	straight += decode_straight(&p, data, caplen, wirelen);
}

static void each_frame(void (*check)(uint8_t *data, uint32_t n))
{
	for (unsigned i = 0; i < FRAMES; i++) {
		uint8_t bytes[SAMPLE_MAX];
		uint32_t n = sample_bytes(bytes, frames[i]);
		uint8_t *heap = malloc(n); /* of the exact size, for the address sanitizer */

		assert_non_null(heap);
		memcpy(heap, bytes, n);
		check(heap, n);
		free(heap);
	}
}

static void whole(uint8_t *data, uint32_t n)
{
	both_ways(data, n, n);
}

/* Cut by the snap length, or so short, or said to be shorter than they are. */
static void cut(uint8_t *data, uint32_t n)
{
	for (uint32_t caplen = 0; caplen < n; caplen++) {
		uint8_t *heap = malloc(caplen ? caplen : 1);

		assert_non_null(heap);
		memcpy(heap, data, caplen);
		both_ways(heap, caplen, n);
		both_ways(heap, caplen, caplen);
		both_ways(heap, caplen, caplen / 2);
		free(heap);
	}
}

static void changed(uint8_t *data, uint32_t n)
{
	for (uint32_t at = 0; at < n; at++) {
		for (unsigned change = 1; change < 256; change++) {
			data[at] ^= (uint8_t)change;
			both_ways(data, n, n);
			data[at] ^= (uint8_t)change;
		}
	}
}

/* A changed length with the checksum made right again: only then does it reach the comparison. */
static void other_lengths(uint8_t *data, uint32_t n)
{
	for (uint32_t total = 0; total < 2 * n; total++) {
		uint32_t sum = (uint32_t)data[16] << 8 | data[17];

		sum += ((uint32_t)data[24] << 8 | data[25]) + 0xffff - total;
		sum = (sum & 0xffff) + (sum >> 16);
		sum = (sum & 0xffff) + (sum >> 16);
		data[16] = (uint8_t)(total >> 8);
		data[17] = (uint8_t)total;
		data[24] = (uint8_t)(sum >> 8);
		data[25] = (uint8_t)sum;
		both_ways(data, n, n);
	}
}

static void test_same_as_the_long_way(void **state)
{
	(void)state;
	straight = 0;
	each_frame(whole);
	assert_int_equal(straight, FRAMES);
	each_frame(cut);
	each_frame(changed);
	straight = 0;
	each_frame(other_lengths);
	assert_true(straight > FRAMES);
}

static int setup(void **state)
{
	(void)state;
	decode_init();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_as_the_long_way)};

	return cmocka_run_group_tests(tests, setup, NULL);
}
