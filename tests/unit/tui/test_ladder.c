/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "bpf/call_event.h"
#include "fake.h"

static struct flow_frames *frames_of(uint64_t id, const struct recent_note *notes, uint32_t count)
{
	struct flow_frames *f = malloc(sizeof(*f) + count * sizeof(*notes));

	f->id = id;
	f->count = count;
	f->calls = 0;
	memcpy(f->notes, notes, count * sizeof(*notes));
	return f;
}

/* A handshake, a request, a hole, and the request again. */
static const struct recent_note story[] = {
	{.time_ns = 1000, .number = 1, .seq = 4294967295u, .flags = TCP_SYN},
	{.time_ns = 2000, .number = 2, .seq = 500, .ack = 0, .flags = TCP_SYN | TCP_ACK, .end = 1},
	{.time_ns = 3000, .number = 3, .seq = 0, .ack = 501, .flags = TCP_ACK},
	{.time_ns = 4000, .number = 4, .seq = 0, .ack = 501, .bytes = 120, .flags = TCP_PSH | TCP_ACK},
	{.time_ns = 300004000, .number = 9, .seq = 0, .ack = 501, .bytes = 120,
	 .flags = TCP_PSH | TCP_ACK,
	 .marks = 1 << TCP_COUNT_RETRANSMISSION | 1 << TCP_COUNT_SPURIOUS_RETRANSMISSION},
};
enum { STORY = sizeof(story) / sizeof(story[0]) };

static void words(void **state)
{
	static const char *const want[STORY] = {
		"SYN seq 0", "SYN ACK seq 0 ack 1", "ACK seq 1 ack 1", "PSH ACK seq 1 ack 1 len 120",
		"PSH ACK seq 1 ack 1 len 120"};
	const struct recent_note datagram = {.number = 1, .bytes = 33};
	char text[LADDER_TEXT_MAX];
	struct ladder l;

	(void)state;
	ladder_init(&l);
	ladder_take(&l, frames_of(1, story, STORY));
	for (uint32_t i = 0; i < STORY; i++) {
		ladder_text(&l, i, text);
		assert_string_equal(text, want[i]);
	}
	assert_int_equal(ladder_marks(&l, 4, text), STYLE_BAD);
	assert_string_equal(text, "spurious retransmission");
	ladder_marks(&l, 0, text);
	assert_string_equal(text, "");
	ladder_take(&l, frames_of(2, &datagram, 1));
	ladder_text(&l, 0, text);
	assert_string_equal(text, "len 33");
	ladder_done(&l);
}

/* Met under way: the first byte that each end is known by is its number 1. */
static void without_a_syn(void **state)
{
	const struct recent_note n = {.seq = 100, .ack = 900, .bytes = 5, .flags = TCP_ACK, .number = 7};
	char text[LADDER_TEXT_MAX];
	struct ladder l;

	(void)state;
	ladder_init(&l);
	ladder_take(&l, frames_of(1, &n, 1));
	ladder_text(&l, 0, text);
	assert_string_equal(text, "ACK seq 1 ack 1 len 5");
	ladder_done(&l);
}

static void the_cursor_sticks_to_its_frame(void **state)
{
	struct ladder l;

	(void)state;
	ladder_init(&l);
	ladder_take(&l, frames_of(1, story, 4));
	ladder_show(&l, 2);
	ladder_move(&l, MOVE_DOWN);
	ladder_move(&l, MOVE_DOWN);
	assert_int_equal(l.number, 3);
	ladder_take(&l, frames_of(1, story + 1, 4)); /* the first is no longer kept */
	assert_int_equal(l.cursor, 1);
	ladder_move(&l, MOVE_END);
	ladder_take(&l, frames_of(1, story, STORY));
	assert_int_equal(l.cursor, STORY - 1); /* goes on with what comes */
	ladder_move(&l, MOVE_HOME);
	ladder_move(&l, MOVE_UP);
	assert_int_equal(l.cursor, 0);
	ladder_move(&l, MOVE_PAGE_DOWN);
	assert_int_equal(l.cursor, 1);
	ladder_take(&l, frames_of(9, story, 0)); /* another flow, of which nothing is kept */
	for (int how = MOVE_UP; how <= MOVE_END; how++)
		ladder_move(&l, how);
	ladder_show(&l, 5);
	assert_false(ladder_find(&l, "x", 1));
	ladder_done(&l);
}

static void finding(void **state)
{
	struct ladder l;

	(void)state;
	ladder_init(&l);
	assert_false(ladder_find(&l, "syn", 0));
	ladder_take(&l, frames_of(1, story, STORY));
	assert_true(ladder_find(&l, "syn", 0));
	assert_int_equal(l.cursor, 0);
	assert_true(ladder_find(&l, "syn", 1));
	assert_int_equal(l.cursor, 1);
	assert_true(ladder_find(&l, "syn", 1)); /* round the end */
	assert_int_equal(l.cursor, 0);
	assert_true(ladder_find(&l, "len 120", -1));
	assert_int_equal(l.cursor, 4);
	assert_true(ladder_find(&l, "retrans", 0));
	assert_int_equal(l.cursor, 4);
	assert_false(ladder_find(&l, "zero", 0));
	ladder_done(&l);
}

static void open_ladder(struct app *a, int width, int height)
{
	struct snapshot *s = fake_snapshot(0, 3, 3);

	fake_app(a, width, height);
	app_take(a, s);
	fake_key(a, 'l');
	assert_true(shows(a, "only of a flow that is open"));
	fake_key(a, INPUT_ENTER);
	fake_key(a, 'l');
	assert_ptr_equal(a->view, &view_ladder);
}

static void it_is_asked_for_and_shown(void **state)
{
	struct snapshot *s = fake_snapshot(0, 3, 3);
	struct query q;
	struct app a;

	(void)state;
	open_ladder(&a, 80, 24);
	assert_true(shows(&a, "waiting for its frames"));
	assert_true(app_query(&a, &q));
	assert_true(q.frames);
	assert_int_equal(q.open_id, 1);
	fake_open(s, 1, 0);
	free(s->frames);
	s->frames = frames_of(1, story, STORY);
	app_take(&a, s);
	assert_true(shows(&a, "     1    0.000000         │SYN seq 0 ───────────────────────────────────────▶│\n"));
	assert_true(shows(&a, "     2    0.000001   1.0us │◀───────────────────────────── SYN ACK seq 0 ack 1│\n"));
	assert_true(shows(&a, "300ms⋮│PSH ACK seq 1 ack 1 len 120  spurious retransmis"));
	/* ASCII, so that styles can be found */
	a.canvas.utf8 = false;
	assert_int_equal(style_of(&a, "300ms"), STYLE_WARN);
	assert_int_equal(style_of(&a, "spurious"), STYLE_BAD);
	assert_int_equal(style_of(&a, "    9"), STYLE_WARN); /* 5 to 8 are not kept */
	fake_keys(&a, "/len");
	assert_int_equal(a.ladder.cursor, 3);
	fake_key(&a, INPUT_ENTER);
	fake_key(&a, 'n');
	assert_int_equal(a.ladder.cursor, 4);
	fake_key(&a, INPUT_ESCAPE);
	assert_ptr_equal(a.view, &view_detail);
	fake_key(&a, INPUT_ESCAPE);
	assert_ptr_equal(a.view, &view_flows);
	app_done(&a);
}

/* Paused or not: what is opened is shown; and then it stands still. */
static void while_paused(void **state)
{
	struct snapshot *s = fake_snapshot(0, 3, 3);
	struct query q;
	struct app a;

	(void)state;
	fake_app(&a, 80, 24);
	fake_answer(&a, 3);
	fake_key(&a, 'p');
	fake_answer(&a, 3);
	assert_false(app_query(&a, &q));
	fake_key(&a, INPUT_ENTER);
	fake_key(&a, 'l');
	assert_true(app_query(&a, &q));
	fake_open(s, 1, 4);
	app_take(&a, s);
	assert_false(app_query(&a, &q));
	assert_true(shows(&a, "ACK seq 3 ack 1 len 2"));
	app_done(&a);
}

static void every_size(void **state)
{
	(void)state;
	for (int width = 0; width < 100; width++) {
		const struct input in = {.kind = INPUT_RESIZE, .width = width, .height = 4 + width % 9};
		const struct input click = {.kind = INPUT_CLICK, .y = 5, .x = 5};
		struct snapshot *s = fake_snapshot(0, 3, 3);
		struct app a;

		open_ladder(&a, 80, 24);
		fake_open(s, 1, 40);
		app_take(&a, s);
		app_input(&a, &in);
		app_draw(&a);
		fake_key(&a, INPUT_END);
		app_input(&a, &click);
		app_draw(&a);
		app_done(&a);
	}
}

/* --- calls ------------------------------------------------------------------------------------- */

/* connect() -> SYN -> SYN ACK -> connect = 0 -> send, as they become known: calls after their frames. */
static const struct recent_note called[] = {
	{.time_ns = 100000, .number = 1, .flags = TCP_SYN},
	{.time_ns = 200000, .number = 2, .flags = TCP_SYN | TCP_ACK, .ack = 1, .end = 1},
	{.time_ns = 900000, .number = 5, .seq = 1, .ack = 1, .bytes = 120, .flags = TCP_ACK},
	{.time_ns = 250000, .number = 1, .took_us = 200, .call = CALL_CONNECT, .kind = RECENT_CALL},
	{.time_ns = 950000, .number = 3, .took_us = 60, .call = CALL_SENDTO, .asked = 120,
	 .result = 120, .kind = RECENT_CALL},
	{.time_ns = 960000, .number = 1, .call = CALL_ACCEPT, .result = 4, .end = 1,
	 .flags = CALL_FLAG_RESUMED, .kind = RECENT_CALL},
	{.time_ns = 970000, .number = 4, .took_us = 5, .call = CALL_RECVFROM, .asked = 9,
	 .result = -EAGAIN, .kind = RECENT_CALL},
	{.time_ns = 990000, .number = 5, .took_us = 15, .call = CALL_READ, .asked = 9,
	 .flags = CALL_FLAG_UNFINISHED, .kind = RECENT_CALL},
	{.time_ns = 972000, .number = 6, .took_us = 1, .call = CALL_CONNECT,
	 .result = -ECONNREFUSED, .kind = RECENT_CALL},
};
enum { CALLED = sizeof(called) / sizeof(called[0]) };

static const struct {
	const char *text, *marks;
	enum style style;
	int64_t delta_ns;
	bool jumps;
} rungs_wanted[] = {
	{"connect()", "", STYLE_BAD, 0, false},
	{"SYN seq 0", "", STYLE_WARN, 50000, false},
	{"SYN ACK seq 0 ack 1", "", STYLE_WARN, 100000, false},
	{"connect = 0 in 200us", "", STYLE_BAD, 50000, false},
	{"sendto(120)", "", STYLE_BAD, 640000, false},
	{"ACK seq 1 ack 1 len 120", "", STYLE_WARN, 10000, true},
	{"sendto = 120 in 60us", "", STYLE_BAD, 50000, false},
	{"accept = 4", "", STYLE_BAD, 10000, false},
	{"recvfrom(9) = -1 in 5.0us", "EAGAIN", STYLE_WARN, 5000, false},
	{"connect() = -1 in 1.0us", "ECONNREFUSED", STYLE_BAD, 6000, false},
	{"read(9)", "unfinished", STYLE_WARN, 4000, false},
};
enum { RUNGS = sizeof(rungs_wanted) / sizeof(rungs_wanted[0]) };

static void calls_and_frames_on_one_axis(void **state)
{
	char text[LADDER_TEXT_MAX], marks[LADDER_TEXT_MAX];
	struct ladder l;

	(void)state;
	ladder_init(&l);
	ladder_take(&l, frames_of(1, called, CALLED));
	assert_int_equal(ladder_count(&l), RUNGS);
	assert_int_equal(l.kept[RECENT_FRAME], 3);
	assert_int_equal(l.kept[RECENT_CALL], CALLED - 3);
	for (uint32_t i = 0; i < RUNGS; i++) {
		ladder_text(&l, i, text);
		assert_string_equal(text, rungs_wanted[i].text);
		assert_int_equal(ladder_marks(&l, i, marks), rungs_wanted[i].style);
		assert_string_equal(marks, rungs_wanted[i].marks);
		assert_int_equal(ladder_delta_ns(&l, i), rungs_wanted[i].delta_ns);
		assert_int_equal(ladder_jumps(&l, i), rungs_wanted[i].jumps);
	}
	assert_true(ladder_find(&l, "connect = 0", 0));
	assert_int_equal(l.cursor, 3);
	ladder_take(&l, frames_of(1, called + 1, CALLED - 1)); /* the SYN is no longer kept */
	assert_int_equal(l.cursor, 2);
	ladder_done(&l);
}

/* Two threads, one of which waits: its call goes round the other's. */
static void calls_in_calls(void **state)
{
	static const struct recent_note notes[] = {
		{.time_ns = 20000, .number = 1, .took_us = 2, .call = CALL_SENDTO, .result = 1,
		 .kind = RECENT_CALL},
		{.time_ns = 90000, .number = 2, .took_us = 80, .call = CALL_READ, .result = 1,
		 .kind = RECENT_CALL},
	};
	static const char *const want[] = {"read()", "sendto() = 1 in 2.0us", "read = 1 in 80us"};
	char text[LADDER_TEXT_MAX];
	struct ladder l;

	(void)state;
	ladder_init(&l);
	ladder_take(&l, frames_of(1, notes, 2));
	assert_int_equal(ladder_count(&l), 3);
	for (uint32_t i = 0; i < 3; i++) {
		ladder_text(&l, i, text);
		assert_string_equal(text, want[i]);
	}
	ladder_done(&l);
}

/* Calls that cross stay apart; a frame of the moment in which its call began and returned is in it. */
static void calls_that_cross(void **state)
{
	static const struct recent_note notes[] = {
		{.time_ns = 50000, .number = 1, .flags = TCP_SYN},
		{.time_ns = 50000, .number = 1, .call = CALL_CONNECT, .kind = RECENT_CALL},
		{.time_ns = 80000, .number = 2, .took_us = 20, .call = CALL_READ, .kind = RECENT_CALL},
		{.time_ns = 90000, .number = 3, .took_us = 20, .call = CALL_SENDTO,
		 .kind = RECENT_CALL},
	};
	static const char *const want[] = {"connect()",	      "SYN seq 0", "connect = 0 in 0ns",
					   "read()",	      "sendto()",  "read = 0 in 20us",
					   "sendto = 0 in 20us"};
	char text[LADDER_TEXT_MAX];
	struct ladder l;

	(void)state;
	ladder_init(&l);
	ladder_take(&l, frames_of(1, notes, 4));
	assert_int_equal(ladder_count(&l), 7);
	for (uint32_t i = 0; i < 7; i++) {
		ladder_text(&l, i, text);
		assert_string_equal(text, want[i]);
	}
	ladder_done(&l);
}

/* Without colour, too: a silence, and frames that are not kept. */
static void gaps_are_marked(void **state)
{
	struct snapshot *s = fake_snapshot(0, 3, 3);
	struct app a;

	(void)state;
	open_ladder(&a, 80, 24);
	fake_open(s, 1, 0);
	free(s->frames);
	s->frames = frames_of(1, story, STORY);
	s->frames->calls = 7; /* none of them is kept */
	app_take(&a, s);
	assert_true(shows(&a, "⋮    9    0.300003   300ms⋮│PSH ACK"));
	assert_true(shows(&a, "0 of 7 calls"));
	a.canvas.utf8 = false;
	assert_true(shows(&a, ":    9    0.300003   300ms:|PSH ACK"));
	app_done(&a);
}

/* Help asked from the ladder leads back there, and on to where the flow was opened. */
static void escape_goes_the_way_back(void **state)
{
	struct app a;

	(void)state;
	open_ladder(&a, 80, 24);
	fake_key(&a, '?');
	fake_key(&a, INPUT_ESCAPE);
	assert_ptr_equal(a.view, &view_ladder);
	fake_key(&a, 'l');
	assert_ptr_equal(a.view, &view_detail);
	fake_key(&a, 'l');
	fake_key(&a, INPUT_ESCAPE);
	assert_ptr_equal(a.view, &view_detail);
	fake_key(&a, INPUT_ESCAPE);
	assert_ptr_equal(a.view, &view_flows);
	app_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(without_a_syn),
		cmocka_unit_test(the_cursor_sticks_to_its_frame),
		cmocka_unit_test(finding),
		cmocka_unit_test(calls_and_frames_on_one_axis),
		cmocka_unit_test(calls_in_calls),
		cmocka_unit_test(calls_that_cross),
		cmocka_unit_test(gaps_are_marked),
		cmocka_unit_test(it_is_asked_for_and_shown),
		cmocka_unit_test(while_paused),
		cmocka_unit_test(every_size),
		cmocka_unit_test(escape_goes_the_way_back),
	};

	return cmocka_run_group_tests(tests, fake_locale, NULL);
}
