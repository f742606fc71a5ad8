/* SPDX-License-Identifier: MIT
 *
 * From packets to what a row says about the application: which bytes the parsers are shown, and
 * when.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "decode/app.h"
#include "packets.h"

enum { WEB = 80 };

static struct flow_table *table;
static int64_t clock_ns;

static int fresh(void **state)
{
	(void)state;
	table = small_table();
	clock_ns = 0;
	return table ? 0 : -1;
}

static int drop(void **state)
{
	(void)state;
	flow_table_free(table);
	return 0;
}

static void ports(struct packet *p, int from, uint16_t a, uint16_t b)
{
	p->src_port = from == A ? a : b;
	p->dst_port = from == A ? b : a;
}

/* A segment between A's port 40000 and port `port` of B, of which `captured` bytes are there. */
static void send_cut(int from, uint16_t port, uint8_t flags, uint32_t seq, const char *text,
		     size_t captured)
{
	struct segment_row r = {.ms = (double)clock_ns++,
				.from = from,
				.flags = flags,
				.seq = seq,
				.len = (uint32_t)strlen(text),
				.window = 1000};
	struct packet p = segment_packet(&r);

	ports(&p, from, A_PORT, port);
	p.payload = cursor_init(text, captured);
	p.payload_cut = captured < strlen(text);
	flow_table_packets(table, &p, 1);
}

static void send_segment(int from, uint8_t flags, uint32_t seq, const char *text)
{
	send_cut(from, WEB, flags, seq, text, strlen(text));
}

static void send_data(uint32_t seq, const char *text)
{
	send_segment(A, TCP_ACK | TCP_PSH, seq, text);
}

static void open_at(uint32_t seq)
{
	send_segment(A, TCP_SYN, seq - 1, "");
}

static void send_datagram(int from, uint16_t port, const void *bytes, size_t n)
{
	struct packet p = udp_from(from, clock_ns++ * MS, (uint32_t)n);

	ports(&p, from, A_PORT, port);
	p.payload = cursor_init(bytes, n);
	flow_table_packets(table, &p, 1);
}

static void assert_says(const char *app, const char *host)
{
	const struct flow_row *row = only_row(table);

	assert_string_equal(row->app, app);
	assert_string_equal(row_fact(row, FACT_HOST), host);
}

static const char *const request = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";

/* --- streams ------------------------------------------------------------------------------------
 */

static void one_segment_tells_all(void **state)
{
	(void)state;
	open_at(1000);
	assert_says("", "");
	send_data(1000, request);
	assert_says("http", "a.example");
	assert_string_equal(row_fact(only_row(table), FACT_HTTP_METHOD), "GET");
}

static void the_other_direction_is_seen_too(void **state)
{
	(void)state;
	send_data(1000, request);
	send_segment(B, TCP_ACK, 5000, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
	assert_string_equal(row_fact(only_row(table), FACT_HTTP_STATUS), "404");
}

static void segments_out_of_order_and_again(void **state)
{
	(void)state;
	open_at(1000);
	send_data(1020, request + 20);
	send_data(1000, "GET / HT");
	assert_says("", "");
	send_data(1008, "TP/1.1\r\nHost");
	assert_says("http", "a.example");
	send_data(1000, "POST / HTTP/1.1\r\nHost: b.example\r\n\r\n");
	assert_says("http", "a.example");
}

static void byte_by_byte_on_its_port(void **state)
{
	(void)state;
	open_at(1000);
	for (uint32_t i = 0; request[i]; i++)
		send_data(1000 + i, (const char[]){request[i], 0});
	assert_says("http", "a.example");
}

static void without_a_syn_the_first_data_begins(void **state)
{
	(void)state;
	send_data(777, "GET / HTTP/1.1\r\nHo");
	send_data(777 + 18, "st: a.example\r\n\r\n");
	assert_says("http", "a.example");
}

static void a_keep_alive_begins_nothing(void **state)
{
	static const char zero[] = "\1";

	(void)state;
	send_segment(A, TCP_ACK, 999, zero);
	send_data(1000, request);
	assert_says("http", "a.example");
}

static void what_is_there_counts_when_the_rest_is_lost(void **state)
{
	(void)state;
	open_at(1000);
	send_data(1000, "GET / HTTP/1.1\r\nAccept: */*\r\nUser-Ag");
	assert_string_equal(only_row(table)->app, "");
	send_data(1100, "later");
	send_segment(A, TCP_ACK | TCP_RST, 1105, "");
	assert_says("http", "");
}

static void a_cut_segment_is_the_last(void **state)
{
	(void)state;
	open_at(1000);
	send_cut(A, WEB, TCP_ACK, 1000, "GET / HTTP/1.1\r\nHost: a.example\r\nUser-Agent: x\r\n",
		 36);
	assert_says("http", "a.example");
}

static void a_lost_beginning_is_skipped_in_the_end(void **state)
{
	(void)state;
	open_at(1000);
	send_data(1100, request);
	assert_says("", "");
	send_segment(A, TCP_ACK | TCP_RST, 1100 + (uint32_t)strlen(request), "");
	assert_says("http", "a.example");
}

static void a_fin_is_an_end(void **state)
{
	(void)state;
	open_at(1000);
	send_segment(A, TCP_ACK | TCP_FIN, 1000, "GET / HTTP/1.1\r\nHost: a.example\r\n");
	assert_says("http", "a.example");
}

static void a_fin_of_its_own_as_well(void **state)
{
	(void)state;
	open_at(1000);
	send_data(1000, "GET / HTTP/1.1\r\nAccept: */*\r\n");
	assert_says("", "");
	send_segment(A, TCP_ACK | TCP_FIN, 1000 + 29, "");
	assert_says("http", "");
}

static void nobody_knows_noise(void **state)
{
	static const char noise[] =
		"\xd7\xd8\xd9\xda\xdb\xdc\xdd\xde\xdf\xe0\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8";

	(void)state;
	open_at(1000);
	send_data(1000, noise);
	send_data(1000 + sizeof(noise) - 1, request);
	assert_says("", "");
}

/* --- datagrams ----------------------------------------------------------------------------------
 */

#define QUESTION(id, name) "\0" id "\1\0\0\1\0\0\0\0\0\0\1" name "\7example\0\0\1\0\1"

static void each_question_is_kept(void **state)
{
	char message[] = QUESTION("\1", "a");

	(void)state;
	for (char c = 'a'; c < 'a' + 20; c++) {
		message[13] = c;
		send_datagram(A, 53, message, sizeof(message) - 1);
	}
	assert_string_equal(only_row(table)->app, "dns");
	assert_int_equal(strlen(row_fact(only_row(table), FACT_DNS)), 20 * 10 - 1);
}

static void an_answer_names_later_flows(void **state)
{
	static const char answer[] = "\0\1\x81\x80\0\1\0\1\0\0\0\0\1a\7example\0\0\1\0\1"
				     "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x0a\0\0\2";
	struct flow_row row;
	struct flow *f;

	(void)state;
	send_datagram(A, 53, QUESTION("\1", "a"), 27);
	send_datagram(B, 53, answer, sizeof(answer) - 1);
	send_data(1000, request);
	f = flow_table_next(table, flow_table_next(table, NULL));
	flow_row_fill(&row, table, f);
	assert_string_equal(row.texts + row.dst.name, "a.example");
	assert_int_equal(row.src.name, 0);
	flow_row_fill(&row, table, flow_table_next(table, NULL));
	assert_int_equal(row.dst.name, 0); /* it was not known when the first flow began */
}

static void unknown_datagrams_are_given_up(void **state)
{
	static const char noise[] = "\xd7\xd8\xd9";

	(void)state;
	for (int i = 0; i < 4; i++)
		send_datagram(A, 9, noise, 3);
	send_datagram(A, 9, request, strlen(request));
	assert_says("", "");
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, fresh, drop)
	const struct CMUnitTest tests[] = {
		CASE(one_segment_tells_all),
		CASE(the_other_direction_is_seen_too),
		CASE(segments_out_of_order_and_again),
		CASE(byte_by_byte_on_its_port),
		CASE(without_a_syn_the_first_data_begins),
		CASE(a_keep_alive_begins_nothing),
		CASE(what_is_there_counts_when_the_rest_is_lost),
		CASE(a_cut_segment_is_the_last),
		CASE(a_lost_beginning_is_skipped_in_the_end),
		CASE(a_fin_is_an_end),
		CASE(a_fin_of_its_own_as_well),
		CASE(nobody_knows_noise),
		CASE(each_question_is_kept),
		CASE(an_answer_names_later_flows),
		CASE(unknown_datagrams_are_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
