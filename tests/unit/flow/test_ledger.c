/* SPDX-License-Identifier: MIT
 *
 * Ledgers from samples of the kernel's TCP, as a connection lives and dies; flow/tcp/tcp_info.h's
 * sums too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <netinet/in.h>

#include "flow/join/ledger.h"

#define SECOND 1000000000ll
#define MS     1000000ll

enum { ESTABLISHED = 1, FIN_WAIT1 = 4, FIN_WAIT2 = 5, CLOSE = 7, CLOSE_WAIT = 8, LISTEN = 10 };

static struct sock_event sample(int64_t time_ns, uint8_t state)
{
	return (struct sock_event){
		.kind = SOCK_EVENT_INFO, .time_ns = (uint64_t)time_ns, .tcp_state = state};
}

/* Numbers of one's own data: written, sent, acknowledged. */
static void note_sent(struct socket *s, int64_t time_ns, uint8_t state, uint32_t write_seq,
		      uint32_t snd_nxt, uint32_t snd_una)
{
	struct sock_event ev = sample(time_ns, state);

	ev.info.write_seq = write_seq;
	ev.info.snd_nxt = snd_nxt;
	ev.info.snd_una = snd_una;
	tcp_info_note(&s->info, &ev);
}

static struct socket born(void)
{
	return (struct socket){.proto = IPPROTO_TCP, .birth_ns = SECOND, .has_totals = true};
}

static struct ledger_row ledger_of(const struct socket *s, bool passive)
{
	struct flow_end_row end;

	end.payload_bytes = end.retransmitted_bytes = ROW_ABSENT;
	ledger_absent(&end);
	ledger_fill(&end, s, passive);
	return end.ledger;
}

static void queued_in_flight_acknowledged(void **state)
{
	struct socket s = born();
	struct ledger_row l;

	(void)state;
	note_sent(&s, 2 * SECOND, ESTABLISHED, 1001 + 500, 1001 + 300, 1001 + 100);
	s.tx_bytes = 500;
	s.acked_bytes = 101; /* with the SYN */
	l = ledger_of(&s, false);
	assert_int_equal(l.written, 500);
	assert_int_equal(l.queued, 200);
	assert_int_equal(l.sent, 300);
	assert_int_equal(l.in_flight, 200);
	assert_int_equal(l.acked, 100);
	assert_true(l.lost == ROW_ABSENT);
	s.acked_bytes = 100; /* one that was accepted has its SYN acknowledged before it exists */
	assert_int_equal(ledger_of(&s, true).acked, 100);
}

static void numbers_wrap(void **state)
{
	struct socket s = born();

	(void)state;
	note_sent(&s, 2 * SECOND, ESTABLISHED, 200, 100, UINT32_MAX - 99);
	s.tx_bytes = (1ull << 33) + 300;
	s.acked_bytes = (1ull << 33) + 1;
	assert_int_equal(ledger_of(&s, false).queued, 100);
	assert_int_equal(ledger_of(&s, false).in_flight, 200);
	assert_int_equal(ledger_of(&s, false).sent, (1ll << 33) + 200);
	assert_int_equal(ledger_of(&s, false).written, (1ll << 33) + 300);
}

/* The change to FIN_WAIT1 comes before the FIN has its number. */
static void a_fin_is_no_byte(void **state)
{
	struct socket s = born();
	struct ledger_row l;

	(void)state;
	s.tx_bytes = 50;
	note_sent(&s, 1 * SECOND, ESTABLISHED, 51, 51, 1);
	note_sent(&s, 2 * SECOND, FIN_WAIT1, 51, 51, 1);
	note_sent(&s, 3 * SECOND, FIN_WAIT1, 52, 52, 1);
	s.acked_bytes = 1;
	assert_int_equal(ledger_of(&s, false).in_flight, 50);
	note_sent(&s, 4 * SECOND, FIN_WAIT2, 52, 52, 52);
	s.acked_bytes = 52;
	s.death_ns = 5 * SECOND;
	l = ledger_of(&s, false);
	assert_int_equal(l.in_flight, 0);
	assert_int_equal(l.acked, 50);
	assert_int_equal(l.lost, 0);
}

static void a_reset_loses_what_was_not_acknowledged(void **state)
{
	struct socket s = born();
	struct ledger_row l;

	(void)state;
	s.tx_bytes = 1000;
	note_sent(&s, 2 * SECOND, ESTABLISHED, 801, 801, 401);
	note_sent(&s, 3 * SECOND, CLOSE, 1001, 801, 601);
	s.acked_bytes = 601;
	s.death_ns = 3 * SECOND;
	l = ledger_of(&s, false);
	assert_int_equal(l.lost, 400);
	assert_int_equal(l.acked + l.lost, l.written);
	assert_int_equal(l.queued, 0);
	assert_int_equal(l.in_flight, 0);
}

static void a_refused_connection_lost_nothing(void **state)
{
	struct socket s = born();

	(void)state;
	note_sent(&s, 2 * SECOND, CLOSE, 1001, 1001, 1000); /* the SYN is outstanding */
	s.death_ns = 2 * SECOND;
	assert_int_equal(ledger_of(&s, false).lost, 0);
	assert_int_equal(ledger_of(&s, false).sent, 0);
}

/* Its calls were not all seen; the kernel counted all the same. */
static void an_older_socket_follows_from_numbers(void **state)
{
	struct socket s = born();
	struct ledger_row l;

	(void)state;
	s.birth_ns = 0;
	s.tx_bytes = 10;
	s.rx_bytes = 20;
	assert_true(ledger_of(&s, true).acked == ROW_ABSENT);
	note_sent(&s, 2 * SECOND, ESTABLISHED, 1300, 1200, 1000);
	s.acked_bytes = 5000000000;
	s.received_bytes = 7000000000;
	s.unread_bytes = 70;
	l = ledger_of(&s, true);
	assert_int_equal(l.written, 5000000300);
	assert_int_equal(l.sent, 5000000200);
	assert_int_equal(l.arrived, 7000000000);
	assert_int_equal(l.unread, 70);
	assert_int_equal(l.read, 6999999930);
}

static void bytes_that_no_call_returned_are_read(void **state)
{
	struct socket s = born();

	(void)state;
	note_sent(&s, 2 * SECOND, ESTABLISHED, 1, 1, 1);
	s.received_bytes = 900; /* 600 of them spliced into a pipe */
	s.rx_bytes = 200;
	s.unread_bytes = 100;
	assert_int_equal(ledger_of(&s, true).read, 800);
}

static struct sock_event unread_sample(int64_t time_ns, uint8_t state, uint32_t rcv,
				       uint32_t copied)
{
	struct sock_event ev = sample(time_ns, state);

	ev.info.rcv_nxt = rcv;
	ev.info.copied_seq = copied;
	return ev;
}

static void time_unread(void **state)
{
	const struct sock_event series[] = {
		unread_sample(1 * SECOND, ESTABLISHED, 100, 100),
		unread_sample(2 * SECOND, ESTABLISHED, 200, 100), /* since when? not known */
		unread_sample(3 * SECOND, ESTABLISHED, 300, 100), /* a second */
		unread_sample(4 * SECOND, ESTABLISHED, 400, 200), /* it was read, at some time */
		unread_sample(6 * SECOND, ESTABLISHED, 400, 200), /* two more */
		unread_sample(5 * SECOND, ESTABLISHED, 400, 200), /* late: nothing */
	};
	struct tcp_info_kept k = {0};
	struct sock_event fin = unread_sample(7 * SECOND, CLOSE_WAIT, 401, 400);

	(void)state;
	for (unsigned i = 0; i < sizeof(series) / sizeof(series[0]); i++)
		tcp_info_note(&k, &series[i]);
	assert_int_equal(k.unread_ns, 3 * SECOND);
	assert_int_equal(tcp_info_unread(&k), 200);
	tcp_info_note(&k, &fin);
	assert_int_equal(tcp_info_unread(&k), 0); /* the peer's FIN is no byte */
}

/* What is behind a lost segment fills the window: it is not the reader who is slow then. */
static void the_window_explains_what_loss_does_not(void **state)
{
	static const struct {
		int64_t time_ns;
		uint32_t limited_ms, retransmits;
		int64_t window_ns;
	} series[] = {
		{1 * SECOND, 600, 0, 600 * MS},
		{2 * SECOND, 1500, 1,
		 1200 * MS}, /* 200 ms until it was missed, 100 there and back */
		{3 * SECOND, 2400, 4, 1200 * MS}, /* all of it */
		{4 * SECOND, 3400, 4, 2200 * MS},
		{5 * SECOND, 100, 0, 2200 * MS}, /* disconnected: it counts anew */
		{6 * SECOND, 150, 0, 2250 * MS},
	};
	struct tcp_info_kept k = {0};

	(void)state;
	for (unsigned i = 0; i < sizeof(series) / sizeof(series[0]); i++) {
		struct sock_event ev = sample(series[i].time_ns, ESTABLISHED);

		ev.info.rwnd_limited_ms = series[i].limited_ms;
		ev.info.retransmits = series[i].retransmits;
		ev.info.rto_us = 200000;
		ev.info.srtt_us = 100000;
		tcp_info_note(&k, &ev);
		assert_int_equal(k.window_ns, series[i].window_ns);
	}
}

/* A recording can say anything: this would explain more time than there is a number for. */
static void more_loss_than_can_be_explained(void **state)
{
	struct tcp_info_kept k = {0};
	struct sock_event ev = sample(SECOND, ESTABLISHED);

	(void)state;
	ev.info.rwnd_limited_ms = 600;
	ev.info.retransmits = ev.info.rto_us = ev.info.srtt_us = UINT32_MAX;
	tcp_info_note(&k, &ev);
	assert_int_equal(k.window_ns, 0);
}

static void when_the_accept_queue_is_full(void **state)
{
	struct tcp_info_kept k = {0};
	struct sock_event ev = sample(1 * SECOND, LISTEN);

	(void)state;
	ev.info.backlog_max = 5;
	for (int i = 1; i <= 4; i++) {
		ev.time_ns = (uint64_t)(i * SECOND);
		ev.info.backlog = i == 1 ? 5 : 6;
		tcp_info_note(&k, &ev);
		assert_int_equal(tcp_info_is_full(&k), i > 1);
	}
	ev.time_ns = 7 * SECOND; /* nothing changed until then: no sample */
	ev.info.backlog = 0;
	tcp_info_note(&k, &ev);
	assert_true(tcp_info_was_full(&k, 7 * SECOND, 8 * SECOND));
	assert_true(tcp_info_was_full(&k, 0, 2 * SECOND));
	assert_false(tcp_info_was_full(&k, 8 * SECOND, 9 * SECOND));
	assert_false(tcp_info_was_full(&k, 0, 1 * SECOND));
}

/* Between two samples it was full, and is not any more. */
static void when_somebody_was_turned_away(void **state)
{
	struct tcp_info_kept k = {0};
	struct sock_event ev = sample(10 * SECOND, LISTEN);

	(void)state;
	tcp_info_note(&k, &ev);
	ev.time_ns = 20 * SECOND;
	ev.info.drops = 1;
	tcp_info_note(&k, &ev);
	assert_true(tcp_info_was_full(&k, 18 * SECOND, 18 * SECOND));
	assert_false(tcp_info_was_full(&k, 17 * SECOND, 17 * SECOND));
	ev.time_ns = 30 * SECOND;
	ev.info.drops = 2;
	tcp_info_note(&k, &ev); /* another trouble; the first is still known */
	assert_true(tcp_info_was_full(&k, 20 * SECOND, 20 * SECOND));
	assert_false(tcp_info_was_full(&k, 22 * SECOND, 22 * SECOND));
	assert_true(tcp_info_was_full(&k, 30 * SECOND, 30 * SECOND));
}

/* A lossy path makes a listener drop as well. */
static void drops_of_an_empty_queue_say_nothing(void **state)
{
	struct tcp_info_kept k = {0};
	struct sock_event ev = sample(10 * SECOND, LISTEN);

	(void)state;
	ev.info.backlog_max = 128;
	tcp_info_note(&k, &ev);
	ev.time_ns = 20 * SECOND;
	ev.info.drops = 1;
	tcp_info_note(&k, &ev);
	assert_false(tcp_info_was_full(&k, 0, 30 * SECOND));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queued_in_flight_acknowledged),
		cmocka_unit_test(numbers_wrap),
		cmocka_unit_test(a_fin_is_no_byte),
		cmocka_unit_test(a_reset_loses_what_was_not_acknowledged),
		cmocka_unit_test(a_refused_connection_lost_nothing),
		cmocka_unit_test(an_older_socket_follows_from_numbers),
		cmocka_unit_test(bytes_that_no_call_returned_are_read),
		cmocka_unit_test(time_unread),
		cmocka_unit_test(the_window_explains_what_loss_does_not),
		cmocka_unit_test(more_loss_than_can_be_explained),
		cmocka_unit_test(when_the_accept_queue_is_full),
		cmocka_unit_test(when_somebody_was_turned_away),
		cmocka_unit_test(drops_of_an_empty_queue_say_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
