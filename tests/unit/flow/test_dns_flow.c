/* SPDX-License-Identifier: MIT */
#include "flow/app/dns_flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packets.h"

enum { QUERY = 0x0100, RESPONSE = 0x8180, NXDOMAIN = 3 };

static void say(struct dns_flow *d, uint16_t id, uint16_t flags, int64_t time_ns)
{
	const uint8_t header[12] = {(uint8_t)(id >> 8), (uint8_t)id, (uint8_t)(flags >> 8),
				    (uint8_t)flags};

	dns_flow_message(d, cursor_init(header, sizeof(header)), time_ns);
}

static void times_each_transaction(void **state)
{
	struct dns_flow d = {0};

	(void)state;
	say(&d, 1, QUERY, 10 * MS);
	say(&d, 2, QUERY, 11 * MS);
	say(&d, 2, RESPONSE, 15 * MS);		   /* 4 ms */
	say(&d, 1, RESPONSE | NXDOMAIN, 30 * MS); /* 20 ms */
	say(&d, 3, QUERY, 40 * MS);
	assert_int_equal(d.queries, 3);
	assert_int_equal(d.answers, 2);
	assert_int_equal(dns_flow_unanswered(&d), 1);
	assert_int_equal(d.rcode, NXDOMAIN);
	assert_int_equal(d.delay_min_ns, 4 * MS);
	assert_int_equal(d.delay_max_ns, 20 * MS);
	assert_int_equal(d.delay_sum_ns, 24 * MS);
}

/* The same id again is the same question, asked again; a second answer is no transaction. */
static void repeated_messages_are_one_transaction(void **state)
{
	struct dns_flow d = {0};

	(void)state;
	say(&d, 7, QUERY, 0);
	say(&d, 7, QUERY, 1000 * MS);
	say(&d, 7, RESPONSE, 1010 * MS);
	say(&d, 7, RESPONSE, 1020 * MS);
	assert_int_equal(d.queries, 2);
	assert_int_equal(d.answers, 2);
	assert_int_equal(d.matched, 1);
	assert_int_equal(d.delay_max_ns, 1010 * MS);
	assert_int_equal(dns_flow_unanswered(&d), 0);
}

static void gives_up_the_oldest(void **state)
{
	struct dns_flow d = {0};

	(void)state;
	for (uint16_t id = 1; id <= DNS_WAITING + 2; id++)
		say(&d, id, QUERY, id * MS);
	assert_int_equal(dns_flow_unanswered(&d), DNS_WAITING + 2);
	say(&d, 2, RESPONSE, 100 * MS); /* too late */
	say(&d, 3, RESPONSE, 100 * MS);
	assert_int_equal(dns_flow_unanswered(&d), DNS_WAITING + 1);
	assert_int_equal(d.matched, 1);
	assert_int_equal(d.delay_max_ns, 97 * MS);
}

static void ignores_what_is_no_message(void **state)
{
	const uint8_t cut[11] = {0};
	struct dns_flow d = {0};

	(void)state;
	dns_flow_message(&d, cursor_init(cut, sizeof(cut)), 0);
	assert_int_equal(d.queries, 0);
}

/* www.example.org A, on port 53. */
static void rows_tell_it(void **state)
{
	static const uint8_t query[] = {0x90, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0,	 3, 'w', 'w', 'w',
					7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'o', 'r', 'g',
					0, 0, 1, 0, 1};
	struct packet p = udp_from(A, 0, sizeof(query));
	struct flow_table *t = small_table();
	struct flow_row *row;

	(void)state;
	p.dst_port = 53;
	p.payload = cursor_init(query, sizeof(query));
	flow_table_packets(t, &p, 1);
	row = only_row(t);
	assert_string_equal(row->app, "dns");
	assert_int_equal(row->dns.queries, 1);
	assert_int_equal(row->dns.answers, 0);
	assert_int_equal(row->dns.unanswered, 1);
	assert_int_equal(row->dns.rcode, ROW_ABSENT);
	assert_int_equal(row->dns.delay_min_ns, ROW_ABSENT);
	flow_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_each_transaction),
		cmocka_unit_test(repeated_messages_are_one_transaction),
		cmocka_unit_test(gives_up_the_oldest),
		cmocka_unit_test(ignores_what_is_no_message),
		cmocka_unit_test(rows_tell_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
