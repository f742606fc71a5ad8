/* SPDX-License-Identifier: MIT
 *
 * QUIC as an application protocol: which datagrams are its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "decode/app.h"
#include "decode/app_rows.h"

#define BYTES(text) (text), sizeof(text) - 1

static void keep_version(void *ctx, enum fact_kind kind, const void *bytes, size_t len)
{
	char *text = ctx;

	assert_int_equal(kind, FACT_QUIC_VERSION);
	memcpy(text, bytes, len);
	text[len] = '\0';
}

static void assert_app(const char *bytes, size_t n, enum app_status want, const char *version)
{
	char text[16] = "";
	struct app_sink sink = {.fact = keep_version, .ctx = text};
	struct app_input in = {
		.data = cursor_init(bytes, n), .datagram = true, .port = {50000, 443}};

	assert_int_equal(app_quic(&in, &sink), want);
	assert_string_equal(text, version);
}

static void test_datagrams(void **state)
{
	(void)state;
	assert_app(BYTES("\xe0\0\0\0\1\0\0\2ab"), APP_DONE, "v1");
	assert_app(BYTES("\xe0\x6b\x33\x43\xcf\0\0\2ab"), APP_DONE, "v2");
	assert_app(BYTES("\xc0\xff\0\0\x1d\0\0\0\2ab"), APP_DONE, "draft-29");
	assert_app(BYTES("\xca\0\0\0\0\0\0\0\0\0\1"), APP_DONE, ""); /* negotiation has none */
	assert_app(BYTES("\x09"
			 "12345678Q039\1"),
		   APP_DONE, "Q039");
}

static void test_other_datagrams(void **state)
{
	(void)state;
	assert_app(BYTES(""), APP_NO, "");
	assert_app(BYTES("\x40"
			 "abcdefghijklmnop"),
		   APP_NO, "");
	assert_app(BYTES("\x09"
			 "12345678R039\1"),
		   APP_NO, "");
	assert_app(BYTES("\x80\x60\0\1\0\0\0\xa0\0\0\0\1payload"), APP_NO, ""); /* RTP */
	assert_app(BYTES("\x16\xfe\xff\0\0\0\0\0\0\0\0\0\1x"), APP_NO, "");	/* DTLS */
}

struct told_ids {
	char dcid[48], scid[48];
};

static void keep_ids(void *ctx, enum fact_kind kind, const void *bytes, size_t len)
{
	struct told_ids *t = ctx;
	char *to = kind == FACT_QUIC_DCID ? t->dcid : t->scid;

	if (kind == FACT_QUIC_VERSION)
		return;
	memcpy(to, bytes, len);
	to[len] = '\0';
}

static void assert_ids(bool to_server, const char *dcid, const char *scid)
{
	static const char handshake[] = "\xe0\0\0\0\1\2\xab\xcd\1\x09\2ab";
	struct told_ids t = {"", ""};
	struct app_sink sink = {.fact = keep_ids, .ctx = &t};
	struct app_input in = {.data = cursor_init(BYTES(handshake)),
			       .datagram = true,
			       .to_server = to_server,
			       .port = {50000, 443}};

	assert_int_equal(app_quic(&in, &sink), APP_DONE);
	assert_string_equal(t.dcid, dcid);
	assert_string_equal(t.scid, scid);
}

static void test_connection_ids(void **state)
{
	(void)state;
	assert_ids(true, "abcd", "09");
	assert_ids(false, "", "09");
}

static int ready(void **state)
{
	(void)state;
	app_parsers_init();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_datagrams),
		cmocka_unit_test(test_other_datagrams),
		cmocka_unit_test(test_connection_ids),
	};

	return cmocka_run_group_tests(tests, ready, NULL);
}
