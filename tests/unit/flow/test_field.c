/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "flow/rows/field.h"

/* A row that knows nothing. */
static struct flow_row blank_row(void)
{
	struct flow_row row = {0};
	unsigned count;
	const struct field *f = fields(&count);
	int64_t absent = ROW_ABSENT;

	for (unsigned i = 0; i < count; i++)
		if (field_is_integer(&f[i]) || f[i].type == FIELD_TIME)
			memcpy((char *)&row + f[i].offset, &absent, sizeof(absent));
	return row;
}

static const char *text(const char *name, const struct flow_row *row, bool human)
{
	static char out[FIELD_TEXT_MAX];
	const struct field *f = field_find(name);
	size_t n;

	assert_non_null(f);
	n = field_text(f, row, human, out, sizeof(out));
	assert_int_equal(n, strlen(out));
	return out;
}

static void names_are_those_of_the_schema(void **state)
{
	static const char *const names[] = {
		"id", "community_id", "proto", "start", "start_ns", "end_ns", "duration_ns",
		"originator", "state", "history", "end_reason", "rtt_ns.handshake", "rtt_ns.min",
		"rtt_ns.avg", "rtt_ns.max", "rtt_ns.samples", "names.dns", "names.sni",
		"names.host", "tls.version", "app", "interface", "vlan", "tunnel",
	};
	static const char *const of_an_end[] = {
		"ip", "port", "name", "packets", "bytes", "ip_bytes", "payload_bytes", "fragments",
		"tcp.missing_bytes", "process.pid", "process.tid", "process.name", "process.exe",
		"process.uid", "process.netns", "process.fd", "process.match", "process.reason",
		"ledger.written_bytes", "ledger.sent_bytes", "ledger.acked_bytes",
		"ledger.arrived_bytes", "ledger.read_bytes", "ledger.queued_bytes",
		"ledger.retransmitted_bytes", "ledger.in_flight_bytes", "ledger.unread_bytes",
		"ledger.lost_to_reset_bytes", "seq.first", "seq.next", "seq.write_seq", "seq.snd_nxt",
		"seq.snd_una", "seq.rcv_nxt", "seq.copied_seq",
#define X(id, name, help) "tcp." #name,
		TCP_COUNTER_ROWS(X)
#undef X
	};
	char name[64];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_non_null(field_find(names[i]));
	for (size_t i = 0; i < sizeof(of_an_end) / sizeof(of_an_end[0]); i++) {
		strcpy(stpcpy(name, "src."), of_an_end[i]);
		assert_string_equal(field_find(name)->name, name);
		memcpy(name, "dst", 3);
		assert_string_equal(field_find(name)->name, name);
	}
}

static void each_tcp_counter_reads_its_own_member(void **state)
{
	struct flow_row row = blank_row();

	(void)state;
	for (int i = 0; i < TCP_COUNTERS; i++) {
		row.src.tcp[i] = 100 + i;
		row.dst.tcp[i] = 200 + i;
	}
#define X(id, name, help)                                                                          \
	assert_int_equal(field_int(field_find("src.tcp." #name), &row), 100 + TCP_COUNT_##id);        \
	assert_int_equal(field_int(field_find("dst.tcp." #name), &row), 200 + TCP_COUNT_##id);
	TCP_COUNTER_ROWS(X)
#undef X
}

static void found_by_both_spellings_and_no_other(void **state)
{
	const struct field *f = field_find("src.tcp.fast_retransmission");

	(void)state;
	assert_non_null(f);
	assert_ptr_equal(field_find("src_tcp_fast_retransmission"), f);
	assert_ptr_equal(field_find("rtt_ns_avg"), field_find("rtt_ns.avg"));
	assert_null(field_find("src.tcp.fast.retransmission")); /* its _ is no dot */
	assert_null(field_find("src.tcp"));
	assert_null(field_find("src.ports"));
	assert_null(field_find("src.por"));
	assert_null(field_find(""));
}

static void rows_are_sound(void **state)
{
	unsigned count;
	const struct field *f = fields(&count);

	(void)state;
	for (unsigned i = 0; i < count; i++) {
		assert_ptr_equal(field_find(f[i].name), &f[i]); /* unique, even with underscores */
		assert_true(f[i].width >= strlen(f[i].title));
		assert_true(strlen(f[i].help) > 0);
	}
}

static void absent_is_absent(void **state)
{
	static const char *const always[] = {"id", "proto", "src.ip", "dst.ip", "originator",
					     "src.process.match", "dst.process.match"};
	struct flow_row row = blank_row();
	unsigned count, present = 0;
	const struct field *f = fields(&count);

	(void)state;
	for (unsigned i = 0; i < count; i++) {
		present += field_present(&f[i], &row);
		if (!field_present(&f[i], &row)) {
			assert_int_equal(field_int(&f[i], &row), ROW_ABSENT);
			assert_string_equal(text(f[i].name, &row, false), "");
			assert_string_equal(text(f[i].name, &row, true), "");
		}
	}
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		assert_true(field_present(field_find(always[i]), &row));
	assert_int_equal(present, sizeof(always) / sizeof(always[0]));
}

static void zero_is_not_absent(void **state)
{
	struct flow_row row = {0};

	(void)state;
	assert_string_equal(text("src.port", &row, false), "0");
	assert_string_equal(text("rtt_ns.min", &row, false), "0");
	assert_string_equal(text("start", &row, false), "1970-01-01T00:00:00.000000000Z");
	row.id = (uint64_t)ROW_ABSENT; /* any bits are an id */
	assert_string_equal(text("id", &row, false), "8000000000000000");
}

static void texts_exact_and_human(void **state)
{
	struct flow_row row = blank_row();

	(void)state;
	row.start_ns = 1767323045000000006;
	row.src.bytes = 1048576;
	row.src.rate_bps = 1500000;
	row.duration_ns = 1500000000;
	row.id = 0x0000000500000001;
	row.proto = PROTO_TCP;
	row.originator = ORIGINATOR_CONNECT;
	row.src.port = 40000;
	row.src.addr = addr_v4((const uint8_t[]){192, 0, 2, 1});
	row.src.process.match = MATCH_EXACT;
	row.dst.process.reason = UNBOUND_REMOTE;
	assert_string_equal(text("start", &row, false), "2026-01-02T03:04:05.000000006Z");
	assert_string_equal(text("start", &row, true), "03:04:05.000000");
	assert_string_equal(text("start_ns", &row, true), "1767323045000000006");
	assert_string_equal(text("src.bytes", &row, false), "1048576");
	assert_string_equal(text("src.bytes", &row, true), "1.0M");
	assert_string_equal(text("src.rate_bps", &row, true), "1.5M");
	assert_string_equal(text("duration_ns", &row, false), "1500000000");
	assert_string_equal(text("duration_ns", &row, true), "1.5s");
	assert_string_equal(text("id", &row, true), "0000000500000001");
	assert_string_equal(text("proto", &row, false), "tcp");
	assert_string_equal(text("originator", &row, false), "connect");
	assert_string_equal(text("src.port", &row, true), "40000");
	assert_string_equal(text("src.ip", &row, false), "192.0.2.1");
	assert_string_equal(text("src.process.match", &row, false), "exact");
	assert_string_equal(text("dst.process.reason", &row, false), "remote");
	row.proto = 253; /* RFC 3692: for experiments, no name */
	assert_string_equal(text("proto", &row, false), "253");
}

static void extremes(void **state)
{
	struct flow_row row = blank_row();

	(void)state;
	row.src.bytes = INT64_MAX;
	row.dst.bytes = INT64_MIN + 1;
	assert_string_equal(text("src.bytes", &row, false), "9223372036854775807");
	assert_string_equal(text("dst.bytes", &row, false), "-9223372036854775807");
	assert_string_equal(text("dst.bytes", &row, true), "-9223372036854775807");
	row.start_ns = INT64_MAX;
	assert_string_equal(text("start", &row, false), "2262-04-11T23:47:16.854775807Z");
}

static void lists_vlans_tunnels(void **state)
{
	struct flow_row row = blank_row();

	(void)state;
	row.fact[FACT_DNS] = row_put_text(&row, "a.example\x1f" "b.example", sizeof("a.example\x1f" "b.example") - 1);
	row.vlan_count = 2;
	row.vlan[0] = 10;
	row.vlan[1] = 4094;
	row.tunnel_count = 2;
	row.tunnel[0] = (struct tunnel){.kind = TUNNEL_VXLAN,
					.id = 42,
					.src = addr_v4((const uint8_t[]){192, 0, 2, 1}),
					.dst = addr_v4((const uint8_t[]){192, 0, 2, 2})};
	row.tunnel[1] = (struct tunnel){.kind = TUNNEL_GRE, .src = {.b = {0x20, 1, [15] = 1}}};
	assert_string_equal(text("names.dns", &row, false), "a.example b.example");
	assert_string_equal(text("vlan", &row, false), "10 4094");
	assert_int_equal(field_int(field_find("vlan"), &row), 10);
	assert_string_equal(text("tunnel", &row, false),
			    "vxlan 42 192.0.2.1 192.0.2.2; gre 2001::1 ::");
	assert_string_equal(text("tunnel", &row, true), "vxlan 42; gre");
}

static void text_is_cut_at_a_whole_character(void **state)
{
	struct flow_row row = blank_row();
	char out[8] = "xxxxxxx";

	(void)state;
	strcpy(row.src.process.name, "aé€");
	assert_int_equal(field_text(field_find("src.process.name"), &row, false, out, 6), 3);
	assert_string_equal(out, "aé");
	assert_int_equal(field_text(field_find("src.process.name"), &row, false, out, 1), 0);
	assert_string_equal(out, "");
	assert_int_equal(field_text(field_find("src.process.name"), &row, false, out, 7), 6);
	assert_string_equal(out, "aé€");
}

/* --- order ------------------------------------------------------------------------------------ */

static void absent_comes_last_and_ties_go_by_id(void **state)
{
	const struct field *f = field_find("src.bytes");
	struct flow_row small = blank_row(), large = small, unknown = small, twin;

	(void)state;
	small.id = 9;
	large.id = 2;
	unknown.id = 1;
	small.src.bytes = INT64_MIN + 1;
	large.src.bytes = INT64_MAX;
	twin = large;
	twin.id = UINT64_MAX;
	assert_true(field_compare(f, &small, &large) < 0);
	assert_true(field_compare(f, &large, &small) > 0);
	assert_true(field_compare(f, &large, &unknown) < 0);
	assert_true(field_compare(f, &unknown, &large) > 0);
	assert_true(field_compare(f, &large, &twin) < 0);
	assert_true(field_compare(f, &twin, &large) > 0);
	assert_int_equal(field_compare(f, &large, &large), 0);
}

static void texts_and_addresses_have_an_order(void **state)
{
	struct flow_row a = blank_row(), b = a;

	(void)state;
	a.id = 2;
	b.id = 1;
	a.fact[FACT_SNI] = row_put_text(&a, "a.example", sizeof("a.example") - 1);
	b.fact[FACT_SNI] = row_put_text(&b, "b.example", sizeof("b.example") - 1);
	a.src.addr = addr_v4((const uint8_t[]){9, 0, 0, 1});
	b.src.addr = addr_v4((const uint8_t[]){10, 0, 0, 1}); /* by value, not as text */
	assert_true(field_compare(field_find("names.sni"), &a, &b) < 0);
	assert_true(field_compare(field_find("src.ip"), &a, &b) < 0);
	assert_true(field_compare(field_find("id"), &a, &b) > 0);
	a.id = UINT64_MAX; /* unsigned */
	assert_true(field_compare(field_find("id"), &a, &b) > 0);
}

/* A row of small random values, many of them equal or absent. */
static struct flow_row random_row(unsigned *seed, uint64_t id)
{
	struct flow_row row = blank_row();
	unsigned count;
	const struct field *f = fields(&count);

	row.id = id;
	for (unsigned i = 0; i < count; i++) {
		int64_t v = rand_r(seed) % 3;
		char *at = (char *)&row + f[i].offset;

		if (v && field_is_integer(&f[i]))
			memcpy(at, &v, sizeof(v));
		if (field_is_text(&f[i]) && f[i].type != FIELD_FACT)
			*at = (char)(v ? 'a' + v : 0);
		if (f[i].type >= FIELD_PROTO && f[i].type <= FIELD_ORIGIN)
			*at = (char)v;
	}
	row.src.addr.b[0] = row.dst.addr.b[15] = (uint8_t)(rand_r(seed) % 3);
	row.vlan_count = row.tunnel_count = (uint8_t)(rand_r(seed) % 2);
	row.vlan[0] = (uint16_t)(rand_r(seed) % 2);
	row.tunnel[0].kind = TUNNEL_GRE;
	return row;
}

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

static void order_is_total_by_every_field(void **state)
{
	enum { ROWS = 12 };
	static struct flow_row row[ROWS];
	unsigned count, seed = 1;
	const struct field *f = fields(&count);

	(void)state;
	for (unsigned i = 0; i < ROWS; i++)
		row[i] = random_row(&seed, ROWS - i);
	for (; count--; f++)
		for (int a = 0; a < ROWS; a++)
			for (int b = 0; b < ROWS; b++) {
				int ab = field_compare(f, &row[a], &row[b]);

				assert_int_equal(ab == 0, a == b);
				assert_int_equal(sign(ab), -sign(field_compare(f, &row[b], &row[a])));
				for (int c = 0; c < ROWS && ab < 0; c++)
					if (field_compare(f, &row[b], &row[c]) < 0)
						assert_true(field_compare(f, &row[a], &row[c]) < 0);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_those_of_the_schema),
		cmocka_unit_test(each_tcp_counter_reads_its_own_member),
		cmocka_unit_test(found_by_both_spellings_and_no_other),
		cmocka_unit_test(rows_are_sound),
		cmocka_unit_test(absent_is_absent),
		cmocka_unit_test(zero_is_not_absent),
		cmocka_unit_test(texts_exact_and_human),
		cmocka_unit_test(extremes),
		cmocka_unit_test(lists_vlans_tunnels),
		cmocka_unit_test(text_is_cut_at_a_whole_character),
		cmocka_unit_test(absent_comes_last_and_ties_go_by_id),
		cmocka_unit_test(texts_and_addresses_have_an_order),
		cmocka_unit_test(order_is_total_by_every_field),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
