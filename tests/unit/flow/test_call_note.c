/* SPDX-License-Identifier: MIT
 *
 * Which flow a call is shown with: the one whose end is bound to the very socket of the call.
 */
#include "correlate_world.h"

#include "flow/join/call_note.h"

enum { COOKIE = 77, OTHER = 78, PID = 4021 };

static struct call_event call_of(uint64_t cookie, struct endpoint local, struct endpoint remote)
{
	struct call_event c = {
		.ev = event_of((struct sock_event_args){.kind = SOCK_EVENT_CALL, .proto = TCP,
							.cookie = cookie, .time_ns = T0 + 5 * MS,
							.local = local, .remote = remote,
							.pid = PID}),
		.flags = CALL_FLAG_SOCKET,
	};

	c.ev.call.call = CALL_SENDTO;
	c.ev.call.args[2] = 120;
	c.ev.call.result = 100;
	c.ev.call.duration_ns = 1500;
	return c;
}

static struct flow *note_of(struct world *w, const struct call_event *c, struct recent_note *n)
{
	struct call_row row = {.event = c, .name = "sendto"};

	call_remote(&row.remote, c);
	return call_note(n, w->c, &row);
}

static void the_flow_of_its_socket(void **state)
{
	struct world w;
	struct recent_note n;
	struct call_event c;
	struct flow *f;

	(void)state;
	begin(&w);
	take(&w, .kind = SOCK_EVENT_ADDRESS, .proto = TCP, .cookie = COOKIE, .time_ns = T0,
	     .local = HERE, .remote = THERE, .pid = PID);
	f = frame(&w, TCP, HERE, THERE, T0 + MS);
	c = call_of(COOKIE, HERE, THERE);
	assert_ptr_equal(note_of(&w, &c, &n), f);
	assert_int_equal(n.end, f->originator);
	assert_int_equal(n.kind, RECENT_CALL);
	assert_true(n.time_ns == T0 + 5 * MS);
	assert_int_equal(n.asked, 120);
	assert_int_equal(n.result, 100);
	assert_int_equal(n.took_us, 2);
	c = call_of(COOKIE, ANY(0), ANY(0)); /* its connect failed: it has no ends any more */
	assert_ptr_equal(note_of(&w, &c, &n), f);
	c.ev.call.result = INT64_MAX;
	c.ev.call.duration_ns = UINT64_MAX;
	note_of(&w, &c, &n);
	assert_int_equal(n.result, INT32_MAX);
	assert_int_equal(n.took_us, UINT32_MAX);
	finish(&w);
}

static void never_another_one(void **state)
{
	struct world w;
	struct recent_note n;
	struct call_event c;

	(void)state;
	begin(&w);
	take(&w, .kind = SOCK_EVENT_ADDRESS, .proto = TCP, .cookie = COOKIE, .time_ns = T0,
	     .local = HERE, .remote = THERE, .pid = PID);
	c = call_of(COOKIE, HERE, THERE);
	assert_null(note_of(&w, &c, &n)); /* nothing of it was captured */
	frame(&w, TCP, HERE, THERE, T0 + MS);
	c.ev.netns = HOST_NETNS + 1;
	assert_null(note_of(&w, &c, &n));
	c = call_of(OTHER, HERE, THERE); /* the same ends, another socket: nobody told of it */
	assert_null(note_of(&w, &c, &n));
	take(&w, .kind = SOCK_EVENT_OPEN, .proto = TCP, .cookie = OTHER, .time_ns = T0, .pid = PID);
	assert_null(note_of(&w, &c, &n));
	c = call_of(COOKIE, HERE, THERE);
	c.flags = 0; /* on no socket */
	assert_null(note_of(&w, &c, &n));
	finish(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_flow_of_its_socket),
		cmocka_unit_test(never_another_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
