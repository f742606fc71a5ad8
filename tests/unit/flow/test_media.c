/* SPDX-License-Identifier: MIT */
#include "flow/app/media.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

enum { ROOM = 4 };

static bool say(struct media_table *t, const char *text, int64_t now_ns)
{
	return media_message(t, cursor_init(text, strlen(text)), now_ns);
}

static bool announce(struct media_table *t, unsigned port, const char *codec, int64_t now_ns)
{
	char text[256];

	snprintf(
		text, sizeof(text),
		"INVITE sip:a SIP/2.0\r\n\r\nv=0\r\nc=IN IP4 192.0.2.1\r\nm=audio %u RTP/AVP 97\r\n"
		"a=rtpmap:97 %s/8000\r\n",
		port, codec);
	return say(t, text, now_ns);
}

static const char *codec_at(const struct media_table *t, uint16_t port, int64_t now_ns)
{
	static const uint8_t v4[4] = {192, 0, 2, 1};
	struct addr a = addr_v4(v4);
	const struct media_codecs *c = media_find(t, &a, port, now_ns);

	return c ? c->codec[0].name : "none";
}

static void keeps_what_was_announced_last(void **state)
{
	struct media_table t;

	(void)state;
	assert_int_equal(media_init(&t, ROOM), 0);
	assert_string_equal(codec_at(&t, 4000, 0), "none");
	assert_true(announce(&t, 4000, "iLBC", 5));
	assert_true(announce(&t, 4000, "speex", 6));
	assert_string_equal(codec_at(&t, 4000, 7), "speex");
	assert_string_equal(codec_at(&t, 4001, 7), "none");
	assert_int_equal(t.count, 1);
	media_done(&t);
}

static void is_bounded_and_forgets(void **state)
{
	struct media_table t;

	(void)state;
	assert_int_equal(media_init(&t, ROOM), 0);
	for (unsigned i = 0; i <= ROOM; i++)
		announce(&t, 4000 + 2 * i, "iLBC", i);
	assert_int_equal(t.count, ROOM);
	assert_string_equal(codec_at(&t, 4000, 9), "none"); /* made room */
	assert_string_equal(codec_at(&t, 4002, 9), "iLBC");
	assert_string_equal(codec_at(&t, 4000 + 2 * ROOM, 9), "iLBC");
	assert_string_equal(codec_at(&t, 4002, MEDIA_NS + 2), "none");
	media_done(&t);
}

static void what_names_no_receiver_is_left_out(void **state)
{
	static const char *const texts[] = {
		"",
		"INVITE sip:a SIP/2.0\r\n\r\n",
		"v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 0\r\n", /* no header before it */
		"SIP/2.0 200 OK\r\n\r\nv=0\r\nc=IN IP4 0.0.0.0\r\nm=audio 4000 RTP/AVP 0\r\n",
		"SIP/2.0 200 OK\r\n\r\nv=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 0 RTP/AVP 0\r\n",
		"SIP/2.0 200 OK\r\n\r\nv=0\r\nc=IN IP4 192.0.2.1\r\nm=video 4000 udp 33\r\n",
	};
	struct media_table t;

	(void)state;
	assert_int_equal(media_init(&t, ROOM), 0);
	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_false(say(&t, texts[i], 0));
	assert_int_equal(t.count, 0);
	media_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_was_announced_last),
		cmocka_unit_test(is_bounded_and_forgets),
		cmocka_unit_test(what_names_no_receiver_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
