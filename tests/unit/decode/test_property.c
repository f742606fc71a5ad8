/* SPDX-License-Identifier: MIT
 *
 * Every prefix and every single-byte change of every sample, in a heap buffer of the exact size (so
 * that the address sanitizer sees one byte too many): the result is consistent, the same each time,
 * and tells "cut" from "wrong".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "consistent.h"
#include "samples.h"

static void decode_checked(struct packet *p, const struct sample *s, const uint8_t *data,
			   uint32_t caplen, uint32_t wirelen)
{
	const char *wrong;

	decode_frame(p, s->linktype, data, caplen, wirelen, 7);
	wrong = inconsistency(p, data, caplen, wirelen);
	if (wrong)
		fail_msg("%s, %u of %u bytes: not so: %s", s->name, caplen, wirelen, wrong);
}

/* The same, twice: whatever the structs held before must not show. */
static void decode_twice(struct packet *p, const struct sample *s, const uint8_t *data,
			 uint32_t caplen, uint32_t wirelen)
{
	struct packet again;

	memset(p, 0xa5, sizeof(*p));
	memset(&again, 0x5a, sizeof(again));
	decode_checked(p, s, data, caplen, wirelen);
	decode_checked(&again, s, data, caplen, wirelen);
	assert_memory_equal(p, &again, offsetof(struct packet, payload));
	assert_ptr_equal(p->payload.p, again.payload.p);
	assert_ptr_equal(p->payload.end, again.payload.end);
	assert_int_equal(p->quote.proto, again.quote.proto);
}

/* Calls `each` with the sample's bytes, in a buffer of its own of exactly n bytes. */
static void with_prefix(const struct sample *s, uint32_t n,
			void (*each)(const struct sample *s, uint8_t *data, uint32_t n,
				     uint32_t whole))
{
	uint8_t bytes[SAMPLE_MAX];
	uint32_t whole = sample_bytes(bytes, s->hex);
	uint8_t *heap = malloc(n ? n : 1);

	assert_non_null(heap);
	memcpy(heap, bytes, n);
	each(s, heap, n, whole);
	free(heap);
}

static void prefix(const struct sample *s, uint8_t *data, uint32_t n, uint32_t whole)
{
	struct packet p;

	/* Cut by the snap length: a sound frame does not become a malformed one. */
	decode_twice(&p, s, data, n, whole);
	if (p.other == PACKET_MALFORMED || p.anomalies & ~ANOMALY_BIT(ANOMALY_CUT))
		fail_msg("%s cut to %u: %s, anomalies %x", s->name, n, packet_other_name(p.other),
			 p.anomalies);
	/* So short on the wire: nothing was cut. */
	decode_twice(&p, s, data, n, n);
	if (p.other == PACKET_TRUNCATED || p.payload_cut || p.anomalies & ANOMALY_BIT(ANOMALY_CUT))
		fail_msg("%s of %u: %s, anomalies %x", s->name, n, packet_other_name(p.other),
			 p.anomalies);
}

static void test_every_prefix(void **state)
{
	uint8_t bytes[SAMPLE_MAX];

	(void)state;
	for (unsigned i = 0; i < SAMPLE_COUNT; i++) {
		uint32_t whole = sample_bytes(bytes, samples[i].hex);

		for (uint32_t n = 0; n < whole; n++)
			with_prefix(&samples[i], n, prefix);
	}
}

static void changes(const struct sample *s, uint8_t *data, uint32_t n, uint32_t whole)
{
	struct packet p;

	for (uint32_t at = 0; at < n; at++) {
		for (unsigned change = 1; change < 256; change++) {
			data[at] ^= (uint8_t)change;
			decode_checked(&p, s, data, n, whole);
			if (p.other == PACKET_TRUNCATED)
				fail_msg("%s, byte %u ^ %02x: cut", s->name, at, change);
			data[at] ^= (uint8_t)change;
		}
	}
}

static void test_every_byte_changed(void **state)
{
	uint8_t bytes[SAMPLE_MAX];

	(void)state;
	for (unsigned i = 0; i < SAMPLE_COUNT; i++)
		with_prefix(&samples[i], sample_bytes(bytes, samples[i].hex), changes);
}

/* Frames captured longer than they claim to have been: the captured bytes count. */
static void tail(const struct sample *s, uint8_t *data, uint32_t n, uint32_t whole)
{
	struct packet p;

	(void)whole;
	decode_checked(&p, s, data, n, n / 2);
}

static void test_wire_length_below_captured(void **state)
{
	uint8_t bytes[SAMPLE_MAX];

	(void)state;
	for (unsigned i = 0; i < SAMPLE_COUNT; i++)
		with_prefix(&samples[i], sample_bytes(bytes, samples[i].hex), tail);
}

static int setup(void **state)
{
	(void)state;
	decode_init();
	decode_init(); /* again is harmless */
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_prefix),
		cmocka_unit_test(test_every_byte_changed),
		cmocka_unit_test(test_wire_length_below_captured),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
