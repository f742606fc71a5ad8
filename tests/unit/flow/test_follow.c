/* SPDX-License-Identifier: MIT
 *
 * Connections of which every segment counts: HTTP, DNS over TCP, signalling.
 */
#include "flow/app/follow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packets.h"

struct talk {
	struct flow_table *t;
	uint32_t seq[2];
	uint16_t port; /* of B; 0 = as usual */
};

static struct flow_row ended; /* the row of the last flow that ended */

static void on_end(void *ctx, struct flow *f, enum flow_end why)
{
	(void)why;
	flow_row_fill(&ended, *(struct flow_table **)ctx, f);
}

static struct talk begin(void)
{
	static struct flow_table *t;
	struct flow_table_options o = {.max_flows = 64, .seed = 1, .on_end = on_end, .ctx = &t};

	t = flow_table_new(&o);
	return (struct talk){.t = t, .seq = {100, 500}};
}

/* The next bytes of an end; of them only `captured` were kept. */
static void say_cut(struct talk *k, int from, const void *bytes, size_t n, size_t captured,
		    int64_t ms)
{
	struct segment_row row = {(double)ms,	 from,	      TCP_ACK, k->seq[from],
				  k->seq[!from], (uint32_t)n, 1000,    0};
	struct packet p = segment_packet(&row);

	p.payload = cursor_init(bytes, captured);
	if (k->port)
		*(from == A ? &p.dst_port : &p.src_port) = k->port;
	flow_table_packets(k->t, &p, 1);
	k->seq[from] += (uint32_t)n;
}

static void say(struct talk *k, int from, const char *text, int64_t ms)
{
	say_cut(k, from, text, strlen(text), strlen(text), ms);
}

static void counts_and_times_http(void **state)
{
	struct talk k = begin();
	struct flow_row *row;

	(void)state;
	say(&k, A, "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", 0);
	say(&k, B, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234", 10);
	say(&k, B, "56789", 20);
	say(&k, A,
	    "HEAD / HTTP/1.1\r\nHost: b.example\r\n\r\nPOST / HTTP/1.1\r\nHost: a.example\r\n"
	    "Content-Length: 4\r\n\r\nab",
	    30);
	say(&k, A, "cd", 40);
	say(&k, B, "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n",
	    50);
	k.seq[B] -= 5; /* sent again */
	say(&k, B, "e\r\n\r\n", 55);
	say(&k, B, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 70);
	say(&k, A, "GET / HTTP/1.1\r\n\r\n", 80);
	row = only_row(k.t);
	assert_string_equal(row->app, "http");
	assert_int_equal(row->http.requests, 4);
	assert_int_equal(row->http.responses, 3);
	assert_int_equal(row->http.unanswered, 1);
	assert_int_equal(row->http.last_status, 404);
	assert_int_equal(row->http.delay_min_ns, 10 * MS);
	assert_int_equal(row->http.delay_avg_ns, 20 * MS); /* 10, 20, 30 */
	assert_int_equal(row->http.delay_max_ns, 30 * MS);
	assert_string_equal(row_fact(row, FACT_HTTP_HOSTS), "a.example\x1f"
							    "b.example");
	assert_string_equal(row_fact(row, FACT_HOST), "a.example");
	flow_table_free(k.t);
}

/* A header in two segments, bodies cut by the snap length and lost in part. */
static void http_in_pieces(void **state)
{
	struct talk k = begin();
	struct flow_row *row;

	(void)state;
	say(&k, A, "GET / HTTP/1.1\r\nHo", 0);
	say(&k, A, "st: a.example\r\n\r\n", 1);
	say_cut(&k, B, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", 541, 41, 2);
	k.seq[B] += 500; /* lost */
	say(&k, A, "GET / HTTP/1.1\r\n\r\n", 10);
	say(&k, B, "HTTP/1.1 204 No Content\r\n\r\n", 15);
	row = only_row(k.t);
	assert_int_equal(row->http.requests, 2);
	assert_int_equal(row->http.responses, 2);
	assert_int_equal(row->http.delay_max_ns, 5 * MS);
	flow_table_free(k.t);
}

static void what_is_no_http_has_no_fields(void **state)
{
	struct talk k = begin();

	(void)state;
	say(&k, A, "HELO mail.example\r\n", 0);
	say(&k, B, "SSH-2.0-x\r\n", 1);
	assert_int_equal(only_row(k.t)->http.requests, ROW_ABSENT);
	flow_table_free(k.t);
}

static void dns_over_tcp(void **state)
{
	static const uint8_t query[] = {0, 19, 0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0, 1, 0, 1};
	static const uint8_t answer[] = {0, 19, 0, 7, 0x81, 0x83, 0, 1, 0, 0, 0,
					 0, 0, 0, 1, 'a', 0, 0, 1, 0, 1};
	struct talk k = begin();
	struct flow_row *row;

	(void)state;
	k.port = 53;
	say_cut(&k, A, query, sizeof(query), sizeof(query), 0);
	say_cut(&k, A, query, 9, 9, 5); /* another, in pieces */
	say_cut(&k, A, query + 9, sizeof(query) - 9, sizeof(query) - 9, 6);
	say_cut(&k, B, answer, sizeof(answer), sizeof(answer), 30);
	flow_table_flush(k.t); /* until then more may come that is none */
	row = &ended;
	assert_string_equal(row->app, "dns");
	assert_int_equal(row->dns.queries, 2);
	assert_int_equal(row->dns.answers, 1);
	assert_int_equal(row->dns.rcode, 3);
	assert_int_equal(row->dns.delay_min_ns, 30 * MS);
	flow_table_free(k.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_and_times_http),
		cmocka_unit_test(http_in_pieces),
		cmocka_unit_test(what_is_no_http_has_no_fields),
		cmocka_unit_test(dns_over_tcp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
