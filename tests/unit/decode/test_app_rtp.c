/* SPDX-License-Identifier: MIT
 *
 * RTP and RTCP as application protocols, by one datagram.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decode/app.h"
#include "decode/app_rows.h"

#define BYTES(text) (text), sizeof(text) - 1

static void no_fact(void *ctx, enum fact_kind kind, const void *bytes, size_t len)
{
	(void)ctx, (void)kind, (void)bytes, (void)len;
	fail();
}

static enum app_status run(app_fn fn, const char *bytes, size_t n)
{
	struct app_sink sink = {.fact = no_fact};
	struct app_input in = {
		.data = cursor_init(bytes, n), .datagram = true, .port = {5004, 5004}};

	return fn(&in, &sink);
}

static void test_rtp(void **state)
{
	(void)state;
	assert_int_equal(run(app_rtp, BYTES("\x80\x08\0\1\0\0\0\0\0\0\0\1x")), APP_DONE);
	assert_int_equal(run(app_rtp, BYTES("\x80\x08\0\1\0\0\0\0\0\0\0\1")), APP_NO);
}

static void test_rtcp(void **state)
{
	(void)state;
	assert_int_equal(run(app_rtcp, BYTES("\x80\xc9\0\1\0\0\0\1")), APP_DONE);
	assert_int_equal(run(app_rtcp, BYTES("\x81\xcb\0\1\0\0\0\1")),
			 APP_DONE); /* goodbye alone */
	assert_int_equal(run(app_rtcp, BYTES("\x80\xcc\0\1\0\0\0\1")),
			 APP_NO); /* APP alone: too weak */
	assert_int_equal(run(app_rtcp, BYTES("\x80\xc9\0\1\0\0\0\1tail")), APP_NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rtp),
		cmocka_unit_test(test_rtcp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
