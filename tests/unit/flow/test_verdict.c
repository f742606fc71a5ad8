/* SPDX-License-Identifier: MIT
 *
 * A test a rule of docs/VERDICT.md, with times worked out by hand. A asks, B answers; both are a
 * millisecond away from the capture.
 */
#include "flow/join/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tcp_cases.h"

#define NEAR_HANDSHAKE                                                                             \
	{0, A, SYN, 99, 0, 0, 64000, 1}, {1, B, SYN | ACK, 499, 100, 0, 64000, 1},                 \
	{                                                                                          \
		2, A, ACK, 100, 500, 0, 64000, 0                                                   \
	}

static struct verdict_row verdict_after(const struct segment_row *rows, unsigned n)
{
	struct flow_table *t = small_table();
	struct verdict_row v;

	feed(t, rows, n);
	v = only_row(t)->verdict;
	flow_table_free(t);
	return v;
}

#define VERDICT_AFTER(rows) verdict_after(rows, sizeof(rows) / sizeof(*rows))

static void assert_verdict(const struct verdict_row *v, const char *waits_for, const char *evidence)
{
	assert_string_equal(v->waits_for, waits_for);
	assert_string_equal(v->evidence, evidence);
}

static void a_server_thinks(void **state)
{
	static const struct segment_row rows[] = {
		NEAR_HANDSHAKE,
		{10, A, ACK | PSH, 100, 500, 10, 64000, 0}, /* A took 8 ms */
		{10.5, B, ACK, 500, 110, 0, 64000, 0},
		{60.5, B, ACK | PSH, 500, 110, 10, 64000, 0}, /* B took 50 */
		{61, A, ACK, 110, 510, 0, 64000, 0},
	};
	struct verdict_row v = VERDICT_AFTER(rows);

	(void)state;
	assert_verdict(&v, "peer", "silent");
	assert_int_equal(v.app_ns, 8 * MS);
	assert_int_equal(v.peer_ns, 50 * MS);
	assert_int_equal(v.network_ns, 3 * MS);
	assert_int_equal(v.receiver_ns + v.unknown_ns + v.loss_ns, 0);
}

/* No ack of its own: the way there and back is not the server's. */
static void an_answer_brings_the_ack(void **state)
{
	static const struct segment_row rows[] = {
		NEAR_HANDSHAKE,
		{2.5, A, ACK | PSH, 100, 500, 10, 64000, 0},
		{52.5, B, ACK | PSH, 500, 110, 10, 64000, 0},
	};
	struct verdict_row v = VERDICT_AFTER(rows);

	(void)state;
	assert_int_equal(v.peer_ns, 49 * MS);
}

/* Who breaks the silence had been the one to wait for; an ack that was held back is silence, too.
 */
static void a_client_writes_slowly(void **state)
{
	static const struct segment_row rows[] = {
		NEAR_HANDSHAKE,
		{10, A, ACK | PSH, 100, 500, 10, 64000, 0},
		{50, B, ACK, 500, 110, 0, 64000, 0},	     /* a delayed ack: 39 of 40 ms */
		{100, A, ACK | PSH, 110, 500, 10, 64000, 0}, /* 49 of 50 ms */
	};
	struct verdict_row v = VERDICT_AFTER(rows);

	(void)state;
	assert_verdict(&v, "app", "silent");
	assert_int_equal(v.app_ns, (8 + 39 + 49) * MS);
	assert_int_equal(v.peer_ns, 0);
}

/* It had waited for that ack: for the network. */
static void what_follows_an_ack_at_once_waited_for_it(void **state)
{
	static const struct segment_row rows[] = {
		NEAR_HANDSHAKE,
		{3, A, ACK | PSH, 100, 500, 10, 64000, 0},
		{43, B, ACK, 500, 110, 0, 64000, 0},
		{43.5, A, ACK | PSH, 110, 500, 10, 64000, 0},
	};
	struct verdict_row v = VERDICT_AFTER(rows);

	(void)state;
	assert_verdict(&v, "network", "in_transit");
	assert_int_equal(v.app_ns, 0);
}

static void a_silent_peer(void **state)
{
	static const struct segment_row rows[] = {
		NEAR_HANDSHAKE,
		{3, A, ACK | PSH, 100, 500, 10, 64000, 0},
		{3.5, B, ACK, 500, 110, 0, 64000, 0},
		{503.5, A, ACK | FIN, 110, 500, 0, 64000, 0}, /* gives up */
	};
	struct verdict_row v = VERDICT_AFTER(rows);

	(void)state;
	assert_verdict(&v, "peer", "silent");
	assert_int_equal(v.peer_ns, 499 * MS); /* A's way takes one */
}

static void a_closed_window(void **state)
{
	static const struct segment_row rows[] = {
		NEAR_HANDSHAKE,
		{3, A, ACK, 100, 500, 1000, 64000, 0},
		{4, B, ACK, 500, 1100, 0, 0, 0},
		{54, B, ACK, 500, 1100, 0, 64000, 0},
		{54.5, A, ACK, 1100, 500, 1000, 64000, 0},
	};
	struct verdict_row v = VERDICT_AFTER(rows);

	(void)state;
	assert_verdict(&v, "receiver", "window_closed");
	assert_int_equal(v.receiver_ns, 50 * MS);
}

static void a_filled_window(void **state)
{
	static const struct segment_row rows[] = {
		NEAR_HANDSHAKE,
		{3, A, ACK, 100, 500, 100, 64000, 0},
		{4, B, ACK, 500, 200, 0, 1000, 0},
		{5, A, ACK, 200, 500, 1000, 64000, 0}, /* all that B has room for */
		{55, B, ACK, 500, 1200, 0, 1000, 0},
	};
	struct verdict_row v = VERDICT_AFTER(rows);

	(void)state;
	assert_verdict(&v, "receiver", "window_closed");
	assert_int_equal(v.receiver_ns, 50 * MS);
}

static void a_lost_segment(void **state)
{
	static const struct segment_row rows[] = {
		NEAR_HANDSHAKE,
		{3, A, ACK, 100, 500, 100, 64000, 0},
		{4, B, ACK, 500, 200, 0, 64000, 0},
		{5, A, ACK, 200, 500, 100, 64000, 0},
		{205, A, ACK, 200, 500, 100, 64000, 0},
		{206, B, ACK, 500, 300, 0, 64000, 0},
	};
	struct verdict_row v = VERDICT_AFTER(rows);

	(void)state;
	assert_verdict(&v, "network", "loss");
	assert_int_equal(v.loss_ns, 200 * MS);
}

/* No host holds back an ack for so long: the first answer was lost before we could see it. */
static void a_loss_out_of_sight(void **state)
{
	static const struct segment_row rows[] = {
		NEAR_HANDSHAKE,
		{3, A, ACK | PSH, 100, 500, 10, 64000, 0},
		{303, B, ACK | PSH, 500, 110, 10, 64000, 0},
	};
	struct verdict_row v = VERDICT_AFTER(rows);

	(void)state;
	assert_verdict(&v, "network", "in_transit");
}

/* Segments of B were lost before: this may be one that was sent again. */
static void silence_where_segments_get_lost(void **state)
{
	static const struct segment_row rows[] = {
		NEAR_HANDSHAKE,
		{3, A, ACK | PSH, 100, 500, 10, 64000, 0},
		{4, B, ACK | PSH, 600, 110, 100, 64000, 0}, /* 100 bytes before it are missing */
		{4.5, B, ACK | PSH, 500, 110, 100, 64000, 0},
		{5, A, ACK, 110, 700, 0, 64000, 0},
		{305, B, ACK | PSH, 700, 110, 10, 64000, 0},
	};
	struct verdict_row v = VERDICT_AFTER(rows);

	(void)state;
	assert_verdict(&v, "unknown", "unanswered");
	assert_int_equal(v.peer_ns, 0);
}

static void nobody_answers(void **state)
{
	static const struct segment_row rows[] = {
		{0, A, SYN, 99, 0, 0, 64000, 1},
		{1000, A, SYN, 99, 0, 0, 64000, 1},
		{3000, A, SYN, 99, 0, 0, 64000, 1},
	};
	struct verdict_row v = VERDICT_AFTER(rows);

	(void)state;
	assert_verdict(&v, "unknown", "unanswered");
	assert_int_equal(v.unknown_ns, 3000 * MS);
}

static void no_cause_has_most(void **state)
{
	static const struct segment_row rows[] = {
		NEAR_HANDSHAKE,
		{50, A, ACK | PSH, 100, 500, 10, 64000, 0},
		{51, B, ACK, 500, 110, 0, 64000, 0},
		{99, B, ACK | PSH, 500, 110, 10, 64000, 0},
		{103, A, ACK, 110, 510, 0, 64000, 0},
	};
	struct verdict_row v = VERDICT_AFTER(rows);

	(void)state;
	assert_verdict(&v, "unknown", "mixed");
}

/* --- what sockets add
 * ----------------------------------------------------------------------------- */

static struct flow_row row_with(int64_t app_ms, int64_t peer_ms, int64_t network_ms,
				int64_t unknown_ms)
{
	struct flow_row row = {.start_ns = 100 * SECOND, .end_ns = 101 * SECOND};

	row.verdict = (struct verdict_row){.app_ns = app_ms * MS,
					   .peer_ns = peer_ms * MS,
					   .network_ns = network_ms * MS,
					   .unknown_ns = unknown_ms * MS,
					   .unanswered_ns = unknown_ms * MS};
	return row;
}

static void unread_data_is_the_receivers(void **state)
{
	struct flow_row row = row_with(0, 900, 100, 0);
	struct socket server = {.info.unread_ns = 800 * MS, .death_ns = 1};

	(void)state;
	verdict_sockets(&row, &(struct verdict_sockets){.src = &server, .dst = &server});
	assert_verdict(&row.verdict, "receiver", "unread");
	assert_int_equal(row.verdict.receiver_ns, 800 * MS);
	assert_int_equal(row.verdict.peer_ns + row.verdict.network_ns, 200 * MS);
}

static void what_the_sender_counts_as_limited(void **state)
{
	struct flow_row row = row_with(0, 0, 1000, 0);
	struct socket client = {.info.window_ns = 700 * MS};
	struct verdict_sockets s = {.src = &client};

	(void)state;
	verdict_sockets(&row, &s);
	assert_verdict(&row.verdict, "receiver", "window_limited");
}

static void a_full_accept_queue(void **state)
{
	struct flow_row row = row_with(0, 0, 1, 999);
	struct socket listener = {.listener = true};
	struct verdict_sockets s = {.listener = &listener};

	(void)state;
	verdict_sockets(&row, &s);
	assert_verdict(&row.verdict, "unknown", "unanswered");
	listener.info.time_ns = 50 * SECOND;
	verdict_sockets(&row, &s);
	assert_verdict(&row.verdict, "unknown", "unanswered"); /* the next walk may tell */
	listener.info.full[0].since_ns = 99 * SECOND;
	listener.info.full[0].until_ns = 100 * SECOND;
	verdict_sockets(&row, &s);
	assert_verdict(&row.verdict, "peer", "accept_queue_full");
}

/* It would have told: what got no answer was lost. */
static void an_accept_queue_with_room(void **state)
{
	struct flow_row row = row_with(0, 0, 1, 999);
	struct socket listener = {.listener = true, .info.time_ns = 50 * SECOND};

	(void)state;
	verdict_sockets(&row, &(struct verdict_sockets){.listener = &listener, .settled = true});
	assert_verdict(&row.verdict, "network", "loss");
}

/* The only process that is known is the local one, whoever began. */
static void the_local_application_is_the_one_we_know(void **state)
{
	struct flow_row row = row_with(0, 900, 100, 0);
	struct socket server = {.death_ns = 1};

	(void)state;
	verdict_sockets(&row, &(struct verdict_sockets){.dst = &server});
	assert_verdict(&row.verdict, "app", "silent");
	assert_int_equal(row.verdict.app_ns, 900 * MS);
	assert_int_equal(row.verdict.peer_ns, 0);
}

static void each_rule_has_a_sentence(void **state)
{
	(void)state;
	for (int i = 1; i < VERDICT_RULES; i++)
		assert_true(*verdict_sentence(verdict_rule_name((enum verdict_rule)i)));
	assert_string_equal(verdict_sentence("nonsense"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_thinks),
		cmocka_unit_test(an_answer_brings_the_ack),
		cmocka_unit_test(a_client_writes_slowly),
		cmocka_unit_test(what_follows_an_ack_at_once_waited_for_it),
		cmocka_unit_test(a_silent_peer),
		cmocka_unit_test(a_closed_window),
		cmocka_unit_test(a_filled_window),
		cmocka_unit_test(a_lost_segment),
		cmocka_unit_test(a_loss_out_of_sight),
		cmocka_unit_test(silence_where_segments_get_lost),
		cmocka_unit_test(nobody_answers),
		cmocka_unit_test(no_cause_has_most),
		cmocka_unit_test(unread_data_is_the_receivers),
		cmocka_unit_test(what_the_sender_counts_as_limited),
		cmocka_unit_test(a_full_accept_queue),
		cmocka_unit_test(an_accept_queue_with_room),
		cmocka_unit_test(the_local_application_is_the_one_we_know),
		cmocka_unit_test(each_rule_has_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
