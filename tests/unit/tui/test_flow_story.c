/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake.h"
#include "flow/join/verdict.h"
#include "tui/flow_story.h"

/* 1000 written: 100 queued, 300 in flight of which 50 have arrived, 600 acknowledged; of the 650, 500 are read. */
static void fake_ledgers(struct flow_row *row)
{
	fake_flow(row, 1);
	verdict_absent(&row->verdict);
	row->src.ledger = (struct ledger_row){.written = 1000, .queued = 100, .sent = 900,
					      .in_flight = 300, .acked = 600, .lost = ROW_ABSENT,
					      .arrived = 0, .unread = 0, .read = 0};
	row->dst.ledger = (struct ledger_row){.written = 0, .queued = 0, .sent = 0, .in_flight = 0,
					      .acked = 0, .lost = ROW_ABSENT,
					      .arrived = 650, .unread = 150, .read = 500};
}

static void expect(const struct flow_end_row *from, const struct flow_end_row *to,
		   const int64_t want[STORY_STAGES])
{
	int64_t got[STORY_STAGES];

	story_stages(got, from, to);
	for (int i = 0; i < STORY_STAGES; i++)
		assert_int_equal(got[i], want[i]);
}

static void both_ends_known(void **state)
{
	static const int64_t want[STORY_STAGES] = {
		[STORY_READ] = 500, [STORY_UNREAD] = 150, [STORY_IN_FLIGHT] = 250,
		[STORY_QUEUED] = 100};
	struct flow_row row;

	(void)state;
	fake_ledgers(&row);
	expect(&row.src, &row.dst, want);
}

static void one_end_known(void **state)
{
	static const int64_t sender[STORY_STAGES] = {
		[STORY_ACKED] = 600, [STORY_IN_FLIGHT] = 300, [STORY_QUEUED] = 100};
	static const int64_t reader[STORY_STAGES] = {[STORY_READ] = 500, [STORY_UNREAD] = 150,
						     [STORY_SENT] = 250};
	struct flow_row row;

	(void)state;
	fake_ledgers(&row);
	ledger_absent(&row.dst);
	expect(&row.src, &row.dst, sender);
	fake_ledgers(&row);
	ledger_absent(&row.src);
	row.src.payload_bytes = 950;
	row.src.retransmitted_bytes = 50;
	expect(&row.src, &row.dst, reader);
}

static void frames_alone(void **state)
{
	static const int64_t acked[STORY_STAGES] = {[STORY_ACKED] = 700, [STORY_LOST] = 200};
	static const int64_t hole[STORY_STAGES] = {[STORY_ACKED] = 900, [STORY_LOST] = 200};
	static const int64_t sent[STORY_STAGES] = {[STORY_SENT] = 900};
	struct flow_row row;

	(void)state;
	fake_flow(&row, 1);
	row.src.payload_bytes = 1000;
	row.src.retransmitted_bytes = 100;
	expect(&row.src, &row.dst, sent);
	row.src.undelivered_bytes = 200;
	snprintf(row.src.delivery_reason, sizeof(row.src.delivery_reason), "unacknowledged");
	expect(&row.src, &row.dst, acked);
	snprintf(row.src.delivery_reason, sizeof(row.src.delivery_reason), "lost");
	expect(&row.src, &row.dst, hole);
}

/* A reset: what was not acknowledged is lost, to the byte. */
static void reset(void **state)
{
	static const int64_t want[STORY_STAGES] = {[STORY_ACKED] = 600, [STORY_LOST] = 400};
	struct flow_row row;

	(void)state;
	fake_ledgers(&row);
	ledger_absent(&row.dst);
	row.src.ledger.queued = row.src.ledger.in_flight = 0;
	row.src.ledger.lost = 400;
	expect(&row.src, &row.dst, want);
}

static void open_detail(struct app *a, int width, int height, bool utf8,
			void (*change)(struct flow_row *))
{
	struct snapshot *s = fake_snapshot(0, 1, 1);
	const struct app_options o = {.source = "eth0", .live = true, .utf8 = utf8};

	fake_ledgers(&s->rows[0]);
	if (change)
		change(&s->rows[0]);
	assert_int_equal(app_init(a, &o, width, height), 0);
	app_draw(a);
	app_take(a, s);
	fake_key(a, INPUT_ENTER);
}

static void bars_are_on_top(void **state)
{
	struct app a;

	(void)state;
	open_detail(&a, 80, 24, true, NULL);
	/* 62 cells: 31, 9.3, 15.5, 6.2 */
	assert_true(shows(&a, " ↑ wrote 1000B   ███████████████████████████████▓▓▓▓▓▓▓▓▓░░░░░░░░░░░░"
			      "░░░░······\n"));
	assert_true(shows(&a, "█ read 500B  ▓ unread 150B  ░ in flight 250B  · queued 100B"));
	assert_true(shows(&a, " ↓ wrote 0B\n"));
	assert_true(hides(&a, "Waits for"));
	app_done(&a);
	open_detail(&a, 80, 24, false, NULL);
	assert_true(shows(&a, "###%%%%%%%%%----------------......"));
	assert_int_equal(style_of(&a, "%%%"), STYLE_WARN);
	app_done(&a);
}

static void put_verdict(struct flow_row *row)
{
	row->verdict = (struct verdict_row){
		.waits_for = "peer", .evidence = "silent",
		.app_ns = 8000000, .receiver_ns = 0, .network_ns = 12000000,
		.peer_ns = 60000000, .unknown_ns = 0, .loss_ns = 2000000,
	};
}

static void put_remote(struct flow_row *row)
{
	put_verdict(row);
	row->dst.process = row->src.process;
	row->src.process.match = MATCH_NONE;
	row->src.process.name[0] = '\0';
	snprintf(row->dst.process.name, ROW_NAME_MAX, "nginx");
}

static void put_network(struct flow_row *row)
{
	put_verdict(row);
	row->closed = true;
	snprintf(row->verdict.waits_for, sizeof(row->verdict.waits_for), "network");
	snprintf(row->verdict.evidence, sizeof(row->verdict.evidence), "loss");
}

static void verdict_in_words(void **state)
{
	struct app a;

	(void)state;
	open_detail(&a, 120, 24, true, put_verdict);
	assert_true(shows(&a, " Waits for       the responder's application: everything was "
			      "acknowledged, and it was this application's turn"));
	assert_true(shows(&a, "█ app 10% 8.0ms  ▓ peer 75% 60ms  ░ network 15% 12ms (loss 2.0ms)"));
	app_done(&a);
	/* Only the responder's socket is here: that one is the application. */
	open_detail(&a, 120, 24, true, put_remote);
	assert_true(shows(&a, "Waits for       the originator's application"));
	app_done(&a);
	open_detail(&a, 120, 24, true, put_network);
	assert_true(shows(&a, "Waited for      the network: segments had to be sent again"));
	app_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ends_known), cmocka_unit_test(one_end_known),
		cmocka_unit_test(frames_alone),	   cmocka_unit_test(reset),
		cmocka_unit_test(bars_are_on_top), cmocka_unit_test(verdict_in_words),
	};

	return cmocka_run_group_tests(tests, fake_locale, NULL);
}
