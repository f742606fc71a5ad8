/* SPDX-License-Identifier: MIT */
#include "flow/app/rtp_flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packets.h"

enum { HEADER = 12, SAMPLES = 160, PCMU = 0, DYNAMIC = 96, OPUS = 111 };
static const int64_t period_ns = 20 * MS;

struct sent {
	uint8_t bytes[HEADER + SAMPLES];
};

static void rtp(struct sent *s, uint8_t type, uint32_t ssrc, uint16_t seq)
{
	uint32_t timestamp = (uint32_t)seq * SAMPLES;
	const uint8_t header[HEADER] = {
		0x80, type, (uint8_t)(seq >> 8), (uint8_t)seq,
		(uint8_t)(timestamp >> 24), (uint8_t)(timestamp >> 16), (uint8_t)(timestamp >> 8),
		(uint8_t)timestamp, (uint8_t)(ssrc >> 24), (uint8_t)(ssrc >> 16),
		(uint8_t)(ssrc >> 8), (uint8_t)ssrc,
	};

	memset(s, 0x55, sizeof(*s));
	memcpy(s->bytes, header, HEADER);
}

static void send(struct flow_table *t, int from, const struct sent *s, int64_t time_ns)
{
	struct packet p = udp_from(from, time_ns, sizeof(s->bytes));

	p.payload = cursor_init(s->bytes, sizeof(s->bytes));
	flow_table_packets(t, &p, 1);
}

static void send_rtp(struct flow_table *t, uint8_t type, uint32_t ssrc, uint16_t seq, int64_t time_ns)
{
	struct sent s;

	rtp(&s, type, ssrc, seq);
	send(t, A, &s, time_ns);
}

/* 20 of 24: one lost for good, one late, one twice; all in time but the last, 16 ms late: jitter 1 ms. */
static void measures_a_stream(void **state)
{
	struct flow_table *t = small_table();
	struct flow_row *row;

	(void)state;
	for (uint16_t seq = 100; seq < 124; seq++) {
		if (seq == 110 || seq == 115)
			continue;
		if (seq == 117)
			send_rtp(t, PCMU, 7, 115, 117 * period_ns);
		send_rtp(t, PCMU, 7, seq, seq * period_ns + (seq == 123 ? 16 * MS : 0));
		if (seq == 119)
			send_rtp(t, PCMU, 7, seq, seq * period_ns);
	}
	row = only_row(t);
	assert_string_equal(row->app, "rtp");
	assert_int_equal(row->src.rtp.ssrc, 7);
	assert_int_equal(row->src.rtp.payload_type, PCMU);
	assert_string_equal(row->src.rtp.codec, "PCMU");
	assert_int_equal(row->src.rtp.clock_hz, 8000);
	assert_int_equal(row->src.rtp.packets, 24);
	assert_int_equal(row->src.rtp.duplicates, 1);
	assert_int_equal(row->src.rtp.out_of_order, 1);
	assert_int_equal(row->src.rtp.lost, 0); /* RFC 3550 A.3: the double hides the one that is lost */
	assert_int_equal(row->src.rtp.jitter_ns, 1 * MS);
	assert_int_equal(row->src.rtp.streams, 1);
	assert_int_equal(row->src.reordering.packets, 1);
	assert_int_equal(row->src.reordering.ratio_ppm, 1000000 / 24);
	assert_int_equal(row->src.reordering.extent_max, 1);
	assert_int_equal(row->src.reordering.triple, 0);
	assert_int_equal(row->dst.rtp.packets, ROW_ABSENT);
	assert_int_equal(row->dst.reordering.packets, ROW_ABSENT);
	flow_table_free(t);
}

/* Without a known clock there is no jitter, and without SDP no codec. */
static void a_dynamic_type_has_no_clock(void **state)
{
	struct flow_table *t = small_table();
	struct flow_row *row;

	(void)state;
	for (uint16_t seq = 0; seq < 10; seq++) {
		send_rtp(t, DYNAMIC, 1, seq, 2 * seq * period_ns);
		send_rtp(t, OPUS, 2, (uint16_t)(500 + 2 * seq), 2 * seq * period_ns + 1);
		send_rtp(t, OPUS, 2, (uint16_t)(501 + 2 * seq), 2 * seq * period_ns + 2);
	}
	row = only_row(t);
	assert_int_equal(row->src.rtp.streams, 2);
	assert_int_equal(row->src.rtp.ssrc, 2); /* the larger one */
	assert_int_equal(row->src.rtp.packets, 20);
	assert_string_equal(row->src.rtp.codec, "");
	assert_int_equal(row->src.rtp.jitter_ns, ROW_ABSENT);
	flow_table_free(t);
}

/* A datagram of SIP that says where its sender wants to receive. */
static void send_sip(struct flow_table *t, const char *text, int64_t time_ns)
{
	struct packet p = udp_from(A, time_ns, (uint32_t)strlen(text));

	p.src_port = p.dst_port = 5060;
	p.payload = cursor_init(text, strlen(text));
	flow_table_packets(t, &p, 1);
}

static struct flow_row *rtp_row(struct flow_table *t)
{
	static struct flow_row row;

	for (struct flow *f = flow_table_next(t, NULL); f; f = flow_table_next(t, f)) {
		flow_row_fill(&row, t, f);
		if (strcmp(row.app, "rtp") == 0)
			return &row;
	}
	return NULL;
}

/* ... even when SIP has been spoken for long, and the announcement comes after the first packets. */
static void announced_types_have_a_clock(void **state)
{
	static const char ring[] = "SIP/2.0 180 Ringing\r\nCall-ID: x\r\n\r\n";
	static const char answer[] = "SIP/2.0 200 OK\r\nCall-ID: x\r\n\r\nv=0\r\nc=IN IP4 10.0.0.2\r\n"
				     "m=audio 5000 RTP/AVP 96 101\r\na=rtpmap:96 opus/16000/2\r\n"
				     "a=rtpmap:101 telephone-event/16000\r\n";
	struct flow_table *t = small_table();
	struct flow_row *row;

	(void)state;
	for (int i = 0; i < 20; i++)
		send_sip(t, ring, i);
	send_rtp(t, DYNAMIC, 1, 0, 20 * MS);
	send_sip(t, answer, 21 * MS);
	for (uint16_t seq = 1; seq < 8; seq++) /* 160 of 16000 are 10 ms */
		send_rtp(t, DYNAMIC, 1, seq, 20 * MS + seq * 10 * MS + (seq == 7 ? 16 * MS : 0));
	send_rtp(t, 101, 1, 8, 10 * SECOND); /* an event's timestamp is none */
	row = rtp_row(t);
	assert_non_null(row);
	assert_string_equal(row->src.rtp.codec, "opus");
	assert_int_equal(row->src.rtp.clock_hz, 16000);
	assert_int_equal(row->src.rtp.payload_type, DYNAMIC);
	assert_int_equal(row->src.rtp.packets, 9);
	assert_int_equal(row->src.rtp.jitter_ns, 1 * MS);
	flow_table_free(t);
}

/* Looks like RTP, but no two agree: given up, and nothing is claimed. */
static void gives_up_what_never_agrees(void **state)
{
	struct flow_table *t = small_table();
	struct flow_row *row;

	(void)state;
	for (uint32_t i = 0; i < 2 * RTP_PATIENCE; i++)
		send_rtp(t, DYNAMIC, i * 77777, (uint16_t)(i * 4001), i * period_ns);
	row = only_row(t);
	assert_int_equal(row->src.rtp.packets, ROW_ABSENT);
	assert_string_equal(row->app, "");
	assert_int_equal(flow_table_next(t, NULL)->flags & FLOW_FOLLOWED, 0);
	flow_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(measures_a_stream),
		cmocka_unit_test(a_dynamic_type_has_no_clock),
		cmocka_unit_test(announced_types_have_a_clock),
		cmocka_unit_test(gives_up_what_never_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
