/* SPDX-License-Identifier: MIT
 *
 * DNS and its kin as application protocols: which payloads are theirs, and which names they tell.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "decode/app.h"
#include "decode/app_rows.h"

/* clang-format off */
#define HEADER "\x12\x34\1\0\0\1\0\0\0\0\0\0"
#define QUERY HEADER "\7example\3com\0\0\1\0\1"
#define TWO "\0\x1d" QUERY "\0\x18" HEADER "\1b\4test\0\0\1\0\1" /* 29 and 24 bytes */
#define BYTES(text) (text), sizeof(text) - 1
/* clang-format on */

/* Names told, each after a comma. */
struct told {
	char text[512];
	size_t len;
};

static void tell(void *ctx, enum fact_kind kind, const void *bytes, size_t len)
{
	struct told *t = ctx;

	assert_int_equal(kind, FACT_DNS);
	assert_true(t->len + len + 2 < sizeof(t->text));
	t->text[t->len++] = ',';
	memcpy(t->text + t->len, bytes, len);
	t->len += len;
}

static enum app_status run(app_fn fn, struct app_input in, const void *bytes, size_t n,
			   struct told *told)
{
	struct app_sink sink = {.fact = tell, .ctx = told};
	uint8_t *copy = malloc(n ? n : 1);
	enum app_status s;

	memset(told, 0, sizeof(*told));
	memcpy(copy, bytes, n);
	in.data = cursor_init(copy, n);
	s = fn(&in, &sink);
	free(copy);
	return s;
}

static const struct app_input datagram53 = {.datagram = true, .port = {40000, 53}};
static const struct app_input datagram = {.datagram = true, .port = {40000, 40001}};
static const struct app_input stream53 = {.port = {40000, 53}};
static const struct app_input stream = {.port = {40000, 40001}};

static void test_datagram(void **state)
{
	struct told told;

	(void)state;
	assert_int_equal(run(app_dns, datagram53, BYTES(QUERY), &told), APP_DONE);
	assert_string_equal(told.text, ",example.com");
	assert_int_equal(run(app_dns, datagram, BYTES(QUERY), &told), APP_DONE);
	assert_string_equal(told.text, ",example.com");
}

/* Beyond its port a message must end where it says. */
static void test_every_prefix_of_a_datagram(void **state)
{
	struct told told;

	(void)state;
	for (size_t n = 0; n < sizeof(QUERY) - 1; n++) {
		assert_int_equal(run(app_dns, datagram, QUERY, n, &told), APP_NO);
		assert_int_equal(run(app_dns, datagram53, QUERY, n, &told),
				 n < 12 ? APP_NO : APP_DONE);
		assert_int_equal(told.len, 0);
	}
	assert_int_equal(run(app_dns, datagram, QUERY, sizeof(QUERY), &told), APP_NO);
}

static void test_stream_of_messages(void **state)
{
	struct app_input last = stream53;
	struct told told;

	(void)state;
	last.final = true;
	for (size_t n = 0; n < sizeof(TWO) - 1; n++) {
		assert_int_equal(run(app_dns, stream53, TWO, n, &told), APP_MORE);
		assert_string_equal(told.text, n < 31 ? "" : ",example.com");
		assert_int_not_equal(run(app_dns, stream, TWO, n, &told), APP_NO);
	}
	assert_int_equal(run(app_dns, stream53, BYTES(TWO), &told), APP_MORE);
	assert_string_equal(told.text, ",example.com,b.test");
	assert_int_equal(run(app_dns, last, BYTES(TWO), &told), APP_DONE);
	assert_string_equal(told.text, ",example.com,b.test");
}

static void test_other_streams_leave_early(void **state)
{
	struct told told;

	(void)state;
	assert_int_equal(run(app_dns, stream, BYTES("GET / HTTP/1.1"), &told), APP_NO);
	assert_int_equal(run(app_dns, stream, BYTES("\x16\3\1\2\0\1\0\1\xfc\3\3abcd"), &told),
			 APP_NO);
	assert_int_equal(run(app_dns, stream, BYTES("\0\4abcd"), &told), APP_NO);
	/* a question with an error */
	assert_int_equal(run(app_dns, stream, BYTES("\1\0\1\2\0\1\0\1\0\0\0\0\0\0"), &told),
			 APP_NO);
}

static void test_mdns_announcement(void **state)
{
	struct app_input in = {.datagram = true, .port = {5353, 5353}};
	struct told told;

	(void)state;
	assert_int_equal(run(app_mdns, in,
			     BYTES("\0\0\x84\0\0\0\0\1\0\0\0\0\4host\5local\0\0\1\x80\1\0\0\0\x78\0"
				   "\4\x0a\0\0\1"),
			     &told),
			 APP_DONE);
	assert_string_equal(told.text, ",host.local");
}

/* A browser of services asks for all kinds at once. */
static void test_mdns_many_questions(void **state)
{
	enum { QUESTIONS = 17 };
	struct app_input in = {.datagram = true, .port = {5353, 5353}};
	char message[12 + QUESTIONS * 7] = {[5] = QUESTIONS}, want[2 * QUESTIONS + 1];
	struct told told;

	(void)state;
	for (int i = 0; i < QUESTIONS; i++) {
		memcpy(message + 12 + i * 7, (char[]){1, (char)('a' + i), 0, 0, 12, 0, 1}, 7);
		memcpy(want + 2 * i, (char[]){',', (char)('a' + i), '\0'}, 3);
	}
	assert_int_equal(run(app_mdns, in, message, 12 + QUESTIONS * 7, &told), APP_DONE);
	assert_string_equal(told.text, want);
}

/* Coded by hand as RFC 1001 14.1 says: 15 characters, then the kind of service (0x20). */
static void test_netbios_name(void **state)
{
	struct app_input in = {.datagram = true, .port = {137, 137}};
	struct told told;

	(void)state;
	assert_int_equal(run(app_nbns, in,
			     BYTES("\x12\x34\1\x10\0\1\0\0\0\0\0\0\x20"
				   "FEGIGFCAEOGFHEECEJEPFDCAGOGBGNCA\0\0\x20\0\1"),
			     &told),
			 APP_DONE);
	assert_string_equal(told.text, ",The NetBIOS nam");
	/* "HOST", filled with spaces */
	assert_int_equal(run(app_nbns, in,
			     BYTES(HEADER "\x20"
					  "EIEPFDFECACACACACACACACACACACAAA\0\0\x20\0\1"),
			     &told),
			 APP_DONE);
	assert_string_equal(told.text, ",HOST");
}

static void test_llmnr(void **state)
{
	struct app_input in = {.datagram = true, .port = {50000, 5355}};
	struct told told;

	(void)state;
	assert_int_equal(
		run(app_llmnr, in, BYTES("\x12\x34\0\0\0\1\0\0\0\0\0\0\4wpad\0\0\1\0\1"), &told),
		APP_DONE);
	assert_string_equal(told.text, ",wpad");
	assert_int_equal(run(app_llmnr, in, BYTES("\x12\x34\x28\0\0\1\0\0\0\0\0\0"), &told),
			 APP_NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_datagram),
		cmocka_unit_test(test_every_prefix_of_a_datagram),
		cmocka_unit_test(test_stream_of_messages),
		cmocka_unit_test(test_other_streams_leave_early),
		cmocka_unit_test(test_mdns_announcement),
		cmocka_unit_test(test_mdns_many_questions),
		cmocka_unit_test(test_netbios_name),
		cmocka_unit_test(test_llmnr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
