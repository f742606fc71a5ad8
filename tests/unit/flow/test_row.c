/* SPDX-License-Identifier: MIT */
#include "flow/rows/row.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "flow/rows/end_text.h"
#include "packets.h"

static struct flow_row row_of(const struct packet *p)
{
	struct flow_table *t = small_table();
	struct flow_row row;

	flow_table_packets(t, p, 1);
	row = *only_row(t);
	flow_table_free(t);
	return row;
}

static void names_qualities_and_reasons(void **state)
{
	(void)state;
	assert_string_equal(match_name(MATCH_EXACT), "exact");
	assert_string_equal(match_name(MATCH_NONE), "none");
	assert_string_equal(unbound_name(UNBOUND_NO_PORTS), "no_ports");
	assert_string_equal(unbound_name(UNBOUND_NONE), "");
}

static void the_syn_tells_the_originator(void **state)
{
	static const struct segment_row syn = {0, B, TCP_SYN, 99, 0, 0, 1000, 0};
	struct packet p = segment_packet(&syn);
	struct flow_row row = row_of(&p);

	(void)state;
	assert_int_equal(row.originator, ORIGINATOR_SYN);
	assert_int_equal(row.src.port, B_PORT);
	assert_int_equal(row.src.packets, 1);
	assert_int_equal(row.dst.packets, 0);
}

/* A hint for writers, which then look for no counts. */
static void only_tcp_without_trouble_is_plain(void **state)
{
	static const struct segment_row syn = {0, B, TCP_SYN, 99, 0, 0, 1000, 0};
	static const struct segment_row closed = {0, B, TCP_ACK, 99, 5, 0, 0, 0};
	struct packet p = segment_packet(&syn);

	(void)state;
	assert_true(row_of(&p).plain);
	p = segment_packet(&closed);
	assert_int_equal(row_of(&p).src.tcp[TCP_COUNT_ZERO_WINDOW], 1);
	assert_false(row_of(&p).plain);
	p = udp_from(A, 0, 10);
	assert_false(row_of(&p).plain);
}

/* The answer came first: who is asked is known all the same. */
static void the_syn_ack_tells_it_too(void **state)
{
	static const struct segment_row syn_ack = {0, B, TCP_SYN | TCP_ACK, 99, 5, 0, 1000, 0};
	struct packet p = segment_packet(&syn_ack);
	struct flow_row row = row_of(&p);

	(void)state;
	assert_int_equal(row.originator, ORIGINATOR_SYN);
	assert_int_equal(row.src.port, A_PORT);
}

static void ports_tell_the_originator_else(void **state)
{
	static const struct {
		uint16_t from, to;
		bool sender_began;
		uint8_t by;
	} rows[] = {
		{50000, 53, true, ORIGINATOR_PORT},    {53, 50000, false, ORIGINATOR_PORT},
		{50000, 40000, true, ORIGINATOR_FIRST}, {68, 67, true, ORIGINATOR_PORT},
		{67, 68, false, ORIGINATOR_PORT},      {5353, 5353, true, ORIGINATOR_FIRST},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct packet p = udp_from(A, 0, 1);
		struct flow_row row;

		p.src_port = rows[i].from;
		p.dst_port = rows[i].to;
		row = row_of(&p);
		assert_int_equal(addr_eq(&row.src.addr, &p.src), rows[i].sender_began);
		assert_int_equal(row.originator, rows[i].by);
	}
}

static void absent_is_not_zero(void **state)
{
	struct packet u = udp_from(A, 0, 1), gre = packet_from(A, 0, 47);
	struct flow_row row = row_of(&u);

	(void)state;
	assert_int_equal(row.src.tcp[TCP_COUNT_RETRANSMISSION], ROW_ABSENT);
	assert_int_equal(row.src.missing_bytes, ROW_ABSENT);
	assert_int_equal(row.rtt_ns.handshake, ROW_ABSENT);
	assert_int_equal(row.rtt_ns.samples, ROW_ABSENT);
	assert_int_equal(row.icmp_type, ROW_ABSENT);
	assert_int_equal(row.src.process.pid, ROW_ABSENT);
	assert_int_equal(row.src.rate_bps, ROW_ABSENT);
	assert_int_equal(row.dst.packets, 0);
	assert_string_equal(row_fact(&row, FACT_SNI), "");
	row = row_of(&gre);
	assert_int_equal(row.src.port, ROW_ABSENT);
	assert_string_equal(row.state, "OTH");
}

static void icmp_has_types_instead_of_ports(void **state)
{
	struct packet reply = icmp_from(B, 0, 0, 0), error = icmp_from(B, 0, 3, 1);
	struct flow_row row = row_of(&reply);

	(void)state;
	assert_int_equal(row.src.port, ROW_ABSENT);
	assert_int_equal(row.icmp_type, 8); /* of the request, though only the reply was seen */
	assert_int_equal(row.dst.packets, 1);
	row = row_of(&error);
	assert_int_equal(row.icmp_type, 3);
	assert_int_equal(row.icmp_code, 1);
	assert_int_equal(row.src.packets, 1);
}

static void carries_vlans_and_tunnels(void **state)
{
	struct packet p = udp_from(A, 0, 1);
	struct flow_row row;

	(void)state;
	p.vlan_count = 2;
	p.vlan[0] = 100;
	p.vlan[1] = 7;
	p.tunnel_count = 1;
	p.tunnel[0] = (struct tunnel){.src = p.dst, .dst = p.src, .id = 42, .kind = TUNNEL_VXLAN};
	row = row_of(&p);
	assert_int_equal(row.vlan_count, 2);
	assert_int_equal(row.vlan[0], 100);
	assert_int_equal(row.vlan[1], 7);
	assert_int_equal(row.tunnel_count, 1);
	assert_int_equal(row.tunnel[0].id, 42);
	assert_int_equal(row.tunnel[0].kind, TUNNEL_VXLAN);
	assert_true(addr_eq(&row.tunnel[0].src, &p.dst));
}

static void an_end_in_words(void **state)
{
	struct flow_end_row end = {.addr = addr_v4((const uint8_t[]){192, 0, 2, 1}), .port = 443};
	char text[END_TEXT_MAX];

	(void)state;
	process_row_absent(&end.process, UNBOUND_REMOTE);
	end_text(text, &end, ' ');
	assert_string_equal(text, "192.0.2.1:443");
	end.process.pid = 4021;
	end_text(text, &end, ' ');
	assert_string_equal(text, "? 4021 192.0.2.1:443");
	strcpy(end.process.name, "curl");
	end.port = ROW_ABSENT;
	end_text(text, &end, '/');
	assert_string_equal(text, "curl/4021 192.0.2.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_qualities_and_reasons),
		cmocka_unit_test(the_syn_tells_the_originator),
		cmocka_unit_test(only_tcp_without_trouble_is_plain),
		cmocka_unit_test(the_syn_ack_tells_it_too),
		cmocka_unit_test(ports_tell_the_originator_else),
		cmocka_unit_test(absent_is_not_zero),
		cmocka_unit_test(icmp_has_types_instead_of_ports),
		cmocka_unit_test(carries_vlans_and_tunnels),
		cmocka_unit_test(an_end_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
