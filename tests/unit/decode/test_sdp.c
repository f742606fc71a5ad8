/* SPDX-License-Identifier: MIT
 *
 * SDP: media, their codecs, and text that lies.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "decode/sdp.h"

/* After the example of RFC 8866 5. */
static const char description[] = "v=0\r\n"
				  "o=jdoe 3724394400 3724394405 IN IP4 198.51.100.1\r\n"
				  "s=Call\r\n"
				  "c=IN IP4 198.51.100.1\r\n"
				  "t=0 0\r\n"
				  "m=audio 49170 RTP/AVP 0 96 97\r\n"
				  "a=rtpmap:96 opus/48000/2\r\n"
				  "a=rtpmap:99 none/1\r\n"
				  "m=video 51372/2 RTP/SAVPF 98\n"
				  "c=IN IP6 2001:db8::2/127\n"
				  "a=rtpmap:98 H264/90000\n"
				  "m=application 9 UDP/DTLS/SCTP webrtc-datachannel";

static bool parse(const char *text, size_t n, struct sdp *out)
{
	char *copy = malloc(n ? n : 1);
	bool is_sdp;

	memcpy(copy, text, n);
	is_sdp = sdp_parse(cursor_init(copy, n), out);
	free(copy);
	return is_sdp;
}

static void assert_codec(const struct sdp_media *m, uint8_t type, const char *name,
			 uint32_t clock_hz)
{
	const struct sdp_codec *c = sdp_codec(m, type);

	assert_non_null(c);
	assert_string_equal(c->name, name);
	assert_int_equal(c->clock_hz, clock_hz);
}

static void assert_media(const struct sdp_media *m, const char *kind, const char *addr,
			 unsigned port)
{
	char text[ADDR_TEXT_MAX];

	addr_format(text, &m->addr);
	assert_string_equal(text, addr);
	assert_string_equal(m->kind, kind);
	assert_int_equal(m->port, port);
}

static void test_description(void **state)
{
	struct sdp s;

	(void)state;
	assert_true(parse(description, sizeof(description) - 1, &s));
	assert_int_equal(s.media_count, 3);
	assert_media(&s.media[0], "audio", "198.51.100.1", 49170);
	assert_int_equal(s.media[0].codec_count, 3);
	assert_codec(&s.media[0], 0, "PCMU", 8000);
	assert_codec(&s.media[0], 96, "opus", 48000);
	assert_codec(&s.media[0], 97, "", 0);
	assert_null(sdp_codec(&s.media[0], 99));
	assert_media(&s.media[1], "video", "2001:db8::2", 51372);
	assert_codec(&s.media[1], 98, "H264", 90000);
	assert_media(&s.media[2], "application", "198.51.100.1", 9);
	assert_int_equal(s.media[2].codec_count, 0);
}

static void test_every_prefix(void **state)
{
	struct sdp s;
	const char *first = strstr(description, "m=audio");

	(void)state;
	for (size_t n = 0; n < sizeof(description); n++)
		assert_int_equal(parse(description, n, &s), n >= (size_t)(first - description) + 2);
}

static void assert_first(const char *text, unsigned port, unsigned codecs)
{
	struct sdp s;

	assert_true(parse(text, strlen(text), &s));
	assert_int_equal(s.media[0].port, port);
	assert_int_equal(s.media[0].codec_count, codecs);
}

static void test_text_that_lies(void **state)
{
	static const char escape[] = "v=0\nm=a 2 RTP/AVP 96\na=rtpmap:96 a\x1b[2J/5\n";
	struct sdp s;

	(void)state;
	assert_false(parse("m=audio 1 RTP/AVP 0\n", 20, &s)); /* no version */
	assert_first("v=0\nm=audio 65536 RTP/AVP 0\n", 0, 1);
	assert_first("v=0\nm=audio -1 RTP/AVP 128 999999999999999999999 x 5\n", 0, 1);
	assert_first("v=0\nm=audio 2 RTP/AVP 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\n", 2,
		     SDP_CODECS_MAX);
	assert_first("v=0\nm=audio 2 RTP/AVP 96\na=rtpmap:96 a\x1b[2Jb/4294967296\n", 2, 1);
	assert_true(sdp_parse(cursor_init(escape, sizeof(escape) - 1), &s));
	assert_codec(&s.media[0], 96, "a", 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_description),
		cmocka_unit_test(test_every_prefix),
		cmocka_unit_test(test_text_that_lies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
