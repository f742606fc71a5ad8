/* SPDX-License-Identifier: MIT
 *
 * RTP: headers, finding a stream, loss, order, doubles, jitter. Expected values by hand from RFC
 * 3550.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "decode/rtp.h"

#define BYTES(text) cursor_init((text), sizeof(text) - 1)
#define MS	    1000000ll

/* Packets of 20 ms of an 8 kHz codec. */
static struct rtp_header packet(unsigned seq)
{
	return (struct rtp_header){.ssrc = 0x1234,
				   .seq = (uint16_t)seq,
				   .timestamp = seq * 160,
				   .clock_hz = 8000,
				   .payload = BYTES("sound")};
}

static enum rtp_status show(struct rtp_track *t, unsigned seq, int64_t time_ns)
{
	struct rtp_header h = packet(seq);

	return rtp_track_packet(t, &h, time_ns);
}

static struct rtp_track confirmed(unsigned from)
{
	struct rtp_track t = {.run = 0};

	for (unsigned i = 0; i < RTP_CONFIRM; i++)
		show(&t, from + i, i * 20 * MS);
	assert_true(rtp_track_confirmed(&t));
	return t;
}

static void test_header(void **state)
{
	struct rtp_header h;

	(void)state;
	assert_true(rtp_parse(BYTES("\x80\xe0\x12\x34\0\0\1\0\xde\xad\xbe\xefX"), &h));
	assert_int_equal(h.payload_type, 96);
	assert_true(h.marker);
	assert_int_equal(h.seq, 0x1234);
	assert_int_equal(h.timestamp, 256);
	assert_int_equal(h.ssrc, 0xdeadbeef);
	assert_int_equal(cursor_left(&h.payload), 1);
}

static void test_header_with_all(void **state)
{
	static const char all[] = "\xb1\x08\0\1\0\0\0\0\0\0\0\1" /* padding, extension, one CSRC */
				  "CSRC"
				  "\xbe\xde\0\1"
				  "EXT."
				  "payload"
				  "\0\0\3";
	struct rtp_header h;

	(void)state;
	assert_true(rtp_parse(BYTES(all), &h));
	assert_int_equal(cursor_left(&h.payload), 7);
	assert_memory_equal(h.payload.p, "payload", 7);
	for (size_t n = 0; n < 25;
	     n++) { /* through the first byte of payload: no padding of 'p' bytes */
		uint8_t *copy = malloc(n ? n : 1);

		memcpy(copy, all, n);
		assert_false(rtp_parse(cursor_init(copy, n), &h));
		free(copy);
	}
}

static void test_what_is_no_rtp(void **state)
{
	struct rtp_header h;

	(void)state;
	assert_false(rtp_parse(BYTES("\x40\x08\0\1\0\0\0\0\0\0\0\1x"), &h)); /* version 1 */
	assert_false(rtp_parse(BYTES("\x80\xc8\0\1\0\0\0\0\0\0\0\1x"), &h)); /* RTCP */
	assert_false(
		rtp_parse(BYTES("\xa0\x08\0\1\0\0\0\0\0\0\0\1x\x09"), &h)); /* padding too long */
}

static void test_found_by_agreement(void **state)
{
	struct rtp_track t = {.run = 0};
	struct rtp_header other = packet(103);

	(void)state;
	for (unsigned i = 0; i < RTP_CONFIRM - 1; i++)
		assert_int_equal(show(&t, 100 + i, 0), RTP_CANDIDATE);
	other.ssrc = 1;
	assert_int_equal(rtp_track_packet(&t, &other, 0), RTP_CANDIDATE); /* from the beginning */
	assert_int_equal(t.misses, 1);
	for (unsigned i = 0; i < RTP_CONFIRM - 1; i++)
		assert_int_equal(show(&t, 104 + i, 0), RTP_CANDIDATE);
	assert_int_equal(show(&t, 108, 0), RTP_CONFIRMED);
	assert_int_equal(t.packets, RTP_CONFIRM);
	assert_int_equal(rtp_track_packet(&t, &other, 0), RTP_OTHER);
}

/* A counter that jumps about proves nothing, even under a constant "ssrc". */
static void test_not_found_in_jumps(void **state)
{
	struct rtp_track t = {.run = 0};

	(void)state;
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(show(&t, i * 100, i * MS), RTP_CANDIDATE);
	for (unsigned i = 0; i < 10; i++)
		assert_int_equal(show(&t, 7, i * MS), RTP_CANDIDATE);
}

static void test_loss_order_and_doubles(void **state)
{
	struct rtp_track t = confirmed(65533); /* wraps to 1 */

	(void)state;
	assert_int_equal(rtp_lost(&t), 0);
	show(&t, 65533 + 8, 0); /* 5, 6, 7 after 4 are missing */
	assert_int_equal(rtp_expected(&t), 9);
	assert_int_equal(rtp_lost(&t), 3);
	show(&t, 65533 + 6, 0); /* late */
	assert_int_equal(t.reordering.packets, 1);
	assert_int_equal(rtp_lost(&t), 2);
	show(&t, 65533 + 6, 0);
	show(&t, 65533 + 8, 0);
	assert_int_equal(t.duplicates, 2);
	assert_int_equal(rtp_lost(&t), 0); /* as RFC 3550 A.3 counts: doubles make up for losses */
}

static void test_sender_begins_anew(void **state)
{
	struct rtp_track t = confirmed(100);

	(void)state;
	assert_int_equal(show(&t, 30000, 0), RTP_NO);
	assert_int_equal(show(&t, 105, 0), RTP_CONFIRMED); /* only a stray */
	assert_int_equal(show(&t, 30001, 0), RTP_NO);
	assert_int_equal(show(&t, 30002, 0), RTP_CONFIRMED);
	assert_int_equal(t.restarts, 1);
	assert_int_equal(rtp_expected(&t), 7);
	assert_int_equal(rtp_lost(&t), 0);
}

/* The fifth packet 16 ms late: D = 16, J = 1; the sixth in time again: D = -16, J = 1 + 15/16. */
static void test_jitter(void **state)
{
	struct rtp_track t = {.run = 0};

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		show(&t, i, i * 20 * MS);
	assert_true(t.jitter_ns < 1);
	show(&t, 4, 96 * MS);
	assert_int_equal((int64_t)(t.jitter_ns + 0.5), 1 * MS);
	show(&t, 5, 100 * MS);
	assert_int_equal((int64_t)(t.jitter_ns + 0.5), 1937500);
	assert_int_equal((int64_t)(t.jitter_max_ns + 0.5), 1937500);
	assert_int_equal(t.jitter_count, 5);
}

static void test_jitter_needs_a_clock(void **state)
{
	struct rtp_track t = {.run = 0}, known = {.run = 0};

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		struct rtp_header h = packet(i);

		h.payload_type = 97;
		h.clock_hz = 0;
		rtp_track_packet(&t, &h, i * 36 * MS);
		h.clock_hz = 8000;
		rtp_track_packet(&known, &h, i * 36 * MS);
	}
	assert_int_equal(t.jitter_count, 0);
	assert_int_equal(known.jitter_count, 5);
	assert_true(known.jitter_ns > 1.0 * MS);
}

static void test_streams_that_share_ports(void **state)
{
	struct rtp_tracks s = {.track = {{.run = 0}}};
	unsigned found = 0;

	(void)state;
	for (unsigned i = 0; i < RTP_CONFIRM; i++) {
		for (unsigned ssrc = 1; ssrc <= RTP_TRACKS_MAX + 1; ssrc++) {
			struct rtp_header h = packet(i);

			h.ssrc = ssrc > RTP_TRACKS_MAX ? 1000 + i
						       : ssrc; /* noise takes no track for long */
			rtp_tracks_packet(&s, &h, i * MS + ssrc);
		}
	}
	for (unsigned i = 0; i < RTP_TRACKS_MAX; i++)
		found += rtp_track_confirmed(&s.track[i]);
	assert_int_equal(found, RTP_TRACKS_MAX - 1); /* one was lost to the noise */
}

static void test_rtcp(void **state)
{
	/* a receiver's report (one block) and a description */
	static const char compound[] = "\x81\xc9\0\7\0\0\0\1"
				       "\0\0\0\2\x40\xff\xff\xff\0\0\0\x99\0\0\0\x11"
				       "\0\0\0\0\0\0\0\0"
				       "\x81\xca\0\2\0\0\0\1\1\0\0\0";
	struct rtcp r;

	(void)state;
	assert_true(rtcp_parse(BYTES(compound), &r));
	assert_int_equal(r.type, RTCP_RR);
	assert_int_equal(r.ssrc, 1);
	assert_true(r.has_report);
	assert_int_equal(r.about, 2);
	assert_int_equal(r.fraction_lost, 0x40);
	assert_int_equal(r.lost, -1);
	assert_int_equal(r.jitter, 0x11);
	for (size_t n = 0; n < sizeof(compound) - 1; n++) {
		uint8_t *copy = malloc(n ? n : 1);

		memcpy(copy, compound, n);
		assert_int_equal(rtcp_parse(cursor_init(copy, n), &r),
				 n == 32); /* the first alone */
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_header_with_all),
		cmocka_unit_test(test_what_is_no_rtp),
		cmocka_unit_test(test_found_by_agreement),
		cmocka_unit_test(test_not_found_in_jumps),
		cmocka_unit_test(test_loss_order_and_doubles),
		cmocka_unit_test(test_sender_begins_anew),
		cmocka_unit_test(test_jitter),
		cmocka_unit_test(test_jitter_needs_a_clock),
		cmocka_unit_test(test_streams_that_share_ports),
		cmocka_unit_test(test_rtcp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
