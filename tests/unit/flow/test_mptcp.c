/* SPDX-License-Identifier: MIT */
#include "flow/app/mptcp.h"
#include "flow/app/tokens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>

#include "tcp_cases.h"

static const uint64_t key_a = 0x0102030405060708, key_b = 0xf1e2d3c4b5a69788;

/* By `printf '\1\2\3\4\5\6\7\10' | sha1sum` and sha256sum: the first 8 digits. */
static void makes_tokens_of_keys(void **state)
{
	(void)state;
	assert_int_equal(mptcp_token_of_key(key_a, 0), 0xdd5783bc);
	assert_int_equal(mptcp_token_of_key(key_a, 1), 0x66840dda);
}

static void send(struct flow_table *t, const struct segment_row *row, uint16_t port, uint64_t key,
		 uint32_t token)
{
	struct packet p = segment_packet(row);

	*(row->from == A ? &p.src_port : &p.dst_port) = port;
	p.tcp.mptcp_version = 1;
	p.tcp.mptcp_key = key;
	p.tcp.mptcp_has_key = key;
	p.tcp.mptcp_token = token;
	p.tcp.mptcp_has_token = token;
	flow_table_packets(t, &p, 1);
}

static void joins_subflows(void **state)
{
	static const struct segment_row syn = {0, A, SYN, 99, 0, 0, 1000, 0};
	static const struct segment_row syn_ack = {10, B, SYN | ACK, 499, 100, 0, 1000, 0};
	static const struct segment_row ack = {20, A, ACK, 100, 500, 0, 1000, 0};
	uint32_t token = mptcp_token_of_key(key_b, 1);
	struct flow_table *t = small_table();
	static struct flow_row row;
	char parent[17];
	struct flow *f;

	(void)state;
	send(t, &syn, 1001, 0, 0);
	send(t, &syn_ack, 1001, key_b, 0);
	send(t, &ack, 1001, key_a, 0);
	send(t, &syn, 1002, 0, token); /* joins it */
	send(t, &syn, 1003, 0, token + TOKENS); /* joins one that nobody saw */

	f = flow_table_next(t, NULL);
	flow_row_fill(&row, t, f);
	assert_int_equal(row.mptcp_token, token);
	assert_string_equal(row.mptcp_parent, "");
	snprintf(parent, sizeof(parent), "%016" PRIx64, row.id);
	f = flow_table_next(t, f);
	flow_row_fill(&row, t, f);
	assert_int_equal(row.mptcp_token, token);
	assert_string_equal(row.mptcp_parent, parent);
	f = flow_table_next(t, f);
	flow_row_fill(&row, t, f);
	assert_int_equal(row.mptcp_token, (uint32_t)(token + TOKENS));
	assert_string_equal(row.mptcp_parent, "");
	flow_table_free(t);
}

/* Flow id 0 would be taken for none; a plain connection has neither field. */
static void is_absent_from_plain_tcp(void **state)
{
	static const struct segment_row rows[] = {HANDSHAKE};
	struct flow_table *t = small_table();

	(void)state;
	feed(t, rows, 3);
	assert_int_equal(only_row(t)->mptcp_token, ROW_ABSENT);
	assert_int_not_equal(only_row(t)->id, 0);
	flow_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_tokens_of_keys),
		cmocka_unit_test(joins_subflows),
		cmocka_unit_test(is_absent_from_plain_tcp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
