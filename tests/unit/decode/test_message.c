/* SPDX-License-Identifier: MIT */
#include "decode/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

/* What was told, one letter or more each: q request, 200 response, h host, b body bytes, ! end. */
struct told {
	char text[256];
	unsigned body;
	bool no_body;
};

static void say(struct told *t, const char *what, size_t n)
{
	strncat(t->text, what, n);
	strcat(t->text, " ");
}

static bool on_begun(void *ctx, const struct message *m)
{
	struct told *t = ctx;
	char status[8];

	snprintf(status, sizeof(status), "%u", m->status);
	say(t, m->status ? status : "q", 7);
	return m->status && t->no_body;
}

static void on_host(void *ctx, struct cursor name)
{
	say(ctx, (const char *)name.p, cursor_left(&name));
}

static void on_body(void *ctx, struct cursor piece, bool last)
{
	struct told *t = ctx;

	(void)last;
	t->body += (unsigned)cursor_left(&piece);
}

static void on_ended(void *ctx, const struct message *m)
{
	(void)m;
	say(ctx, "!", 1);
}

static struct message_sink sink_of(struct told *t)
{
	return (struct message_sink){on_begun, on_host, on_body, on_ended, t};
}

/* The same in one portion, and byte by byte. */
static void assert_tells(const char *stream, const char *want, unsigned body)
{
	for (size_t step = strlen(stream); step; step = step > 1 ? 1 : 0) {
		struct message m = {.left = 0};
		struct told t = {.body = 0};
		struct message_sink sink = sink_of(&t);

		if (step == 1) { /* a lone byte begins nothing: a portion must */
			message_feed(&m, cursor_init("\r\n", 0), &sink);
			m.state = 1;
		}
		for (size_t i = 0; i < strlen(stream); i += step)
			assert_true(message_feed(&m, cursor_init(stream + i, step), &sink));
		assert_string_equal(t.text, want);
		assert_int_equal(t.body, body);
	}
}

static void bodies_of_all_kinds(void **state)
{
	(void)state;
	assert_tells("GET / HTTP/1.1\r\nHost: a.example\r\n\r\nGET /b HTTP/1.1\r\nHost: b\r\n\r\n",
		     "q a.example ! q b ! ", 0);
	assert_tells("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nGETPUT / HTTP/1.0\n\n",
		     "q ! q ! ", 3);
	assert_tells(
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: "
		"chunked\r\n\r\n3\r\nabc\r\n10;x=y\r\n0123456789abcdef\r\n"
		"0\r\nTrailer: x\r\n\r\nHTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n",
		"200 ! 304 ! ", 19);
	assert_tells("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\nHTTP/1.1 500 to the end",
		     "100 ! 200 ", 23);
	assert_tells("SIP/2.0 180 Ringing\r\nl: 2\r\n\r\nxxSIP/2.0 200 OK\r\n\r\nBYE sip:a "
		     "SIP/2.0\r\n\r\n",
		     "180 ! 200 ! q ! ", 2);
}

static void a_head_has_no_body(void **state)
{
	static const char text[] =
		"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nHTTP/1.1 201 OK\r\n\r\n";
	struct message m = {.left = 0};
	struct told t = {.no_body = true};
	struct message_sink sink = sink_of(&t);

	(void)state;
	assert_true(message_feed(&m, cursor_init(text, strlen(text)), &sink));
	assert_string_equal(t.text, "200 ! 201 ! ");
}

static void a_gap_in_a_body_is_no_matter(void **state)
{
	static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc",
			  next[] = "HTTP/1.1 404 No\r\n";
	struct message m = {.left = 0};
	struct told t = {.body = 0};
	struct message_sink sink = sink_of(&t);

	(void)state;
	message_feed(&m, cursor_init(text, strlen(text)), &sink);
	message_gap(&m, 97, &sink);
	assert_string_equal(t.text, "200 ! ");
	message_gap(&m, 5, &sink);
	message_feed(&m, cursor_init("anything\r\n", 10), &sink);
	message_feed(&m, cursor_init(next, strlen(next)), &sink);
	assert_string_equal(t.text, "200 ! 404 ");
}

static void another_protocol_ends_it(void **state)
{
	static const char text[] =
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\x81\x05hello";
	struct message m = {.left = 0};
	struct told t = {.body = 0};
	struct message_sink sink = sink_of(&t);

	(void)state;
	assert_false(message_feed(&m, cursor_init(text, strlen(text)), &sink));
	assert_string_equal(t.text, "101 ! ");
}

static void what_begins_no_message(void **state)
{
	static const char *const texts[] = {
		"",	  "GET",	  "GET ",   "get / HTTP/1.1\r\n",
		"GE / x", "\x16\x03\x01", "HTTP/2", "AVERYLONGMETHODNAMEINDEED / HTTP/1.1"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_false(message_begins(cursor_init(texts[i], strlen(texts[i]))));
	assert_true(message_begins(cursor_init("M-SEARCH * HTTP/1.1", 19)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies_of_all_kinds),
		cmocka_unit_test(a_head_has_no_body),
		cmocka_unit_test(a_gap_in_a_body_is_no_matter),
		cmocka_unit_test(another_protocol_ends_it),
		cmocka_unit_test(what_begins_no_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
