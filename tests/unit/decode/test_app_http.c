/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/app_run.h"
#include "unit/decode/app_samples.h"

static struct app_run run(const char *text, bool final)
{
	return app_run(app_http, (struct app_input){.final = final}, text, strlen(text));
}

static void expect(const char *text, bool final, enum app_status status, const char *facts)
{
	struct app_run r = run(text, final);

	assert_int_equal(r.status, status);
	assert_string_equal(r.facts, facts);
}

static void host_comes_from_the_field(void **state)
{
	(void)state;
	expect("GET http://other.example/ HTTP/1.1\nhOsT:\t a.example \nX: y\n", false, APP_DONE,
	       "http.method=GET\nnames.host=a.example\n");
	expect("GET / HTTP/1.1\r\nHostile: b\r\nHost: a\r\n", false, APP_DONE,
	       "http.method=GET\nnames.host=a\n");
}

static void host_comes_from_the_target(void **state)
{
	(void)state;
	expect("GET http://u:p@a.example:81/x HTTP/1.0\r\n\r\n", false, APP_DONE,
	       "http.method=GET\nnames.host=a.example:81\n");
	expect("GET http://a.example HTTP/1.0\r\n\r\n", false, APP_DONE,
	       "http.method=GET\nnames.host=a.example\n");
	expect("GET / HTTP/1.0\r\n\r\n", false, APP_DONE, "http.method=GET\n");
}

/* A field that has not fully come is no field; at the end the request is one without a host. */
static void waits_for_the_host(void **state)
{
	(void)state;
	expect("GET / HTTP/1.1\r\nHost: a.exa", false, APP_MORE, "http.method=GET\n");
	expect("GET / HTTP/1.1\r\nHost: a.exa", true, APP_DONE, "http.method=GET\n");
	expect("GET /a/very/long/path", false, APP_MORE, "");
	expect("GET /a/very/long/path", true, APP_DONE, "http.method=GET\n");
}

static void a_tunnel_is_looked_into(void **state)
{
	static const char connect[] = "CONNECT a.example:443 HTTP/1.1\r\nProxy-X: y\r\n\r\n";
	static const char granted[] = "HTTP/1.1 200 Connection established\r\n\r\n";
	uint8_t bytes[1024];
	size_t len = strlen(connect);
	struct app_run r;

	(void)state;
	expect(connect, false, APP_MORE, "http.method=CONNECT\nnames.host=a.example:443\n");
	memcpy(bytes, connect, len);
	len += app_unhex(bytes + len, sizeof(bytes) - len, RFC8448_CLIENT);
	r = app_run(app_http, (struct app_input){.final = false}, bytes, len);
	assert_int_equal(r.status, APP_DONE);
	assert_string_equal(r.facts,
			    "http.method=CONNECT\nnames.host=a.example:443\n" RFC8448_FACTS);
	len = strlen(granted);
	memcpy(bytes, granted, len);
	len += app_unhex(bytes + len, sizeof(bytes) - len, RFC8448_SERVER);
	r = app_run(app_http, (struct app_input){.final = false}, bytes, len);
	assert_int_equal(r.status, APP_DONE);
	assert_string_equal(r.facts, "http.status=200\ntls.version=TLSv1.3\n");
}

static void others_are_refused(void **state)
{
	static const char *const texts[] = {
		"OPTIONS rtsp://a/ RTSP/1.0\r\n",
		"OPTIONS sip:a SIP/2.0\r\n",
		"SSH-2.0-x\r\n",
		"GETX/1.1\r\n",
		"get / HTTP/1.1\r\n",
		"HTTP/1.1 OK\r\n",
		"HTTP/1.1 2000 x\r\n",
		"EHLO a\r\n",
		"GET \001 HTTP",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ / HTTP/1.1",
		"ABCDEFGHIJKLMNOPQRSTUVWXY / HTTP/1.1\r\n",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(run(texts[i], false).status, APP_NO);
}

/* An HTTP/2 server's padded HEADERS with priority; a frame that claims too much. */
static void http2_frames(void **state)
{
	uint8_t bytes[64];
	size_t len = app_unhex(bytes, sizeof(bytes),
			       "000000040000000000 000009012d00000001 02 0000000010 88 0000");
	struct app_run r = app_run(app_http2, (struct app_input){.final = false}, bytes, len);

	(void)state;
	assert_int_equal(r.status, APP_DONE);
	assert_string_equal(r.facts, "http.status=200\n");
	len = app_unhex(bytes, sizeof(bytes), "000000040000000000 000001010900000001 05");
	r = app_run(app_http2, (struct app_input){.final = false}, bytes, len);
	assert_int_equal(r.status, APP_DONE);
	assert_string_equal(r.facts, "");
}

/* RFC 8484: content-type (31) application/dns-message, then a question for a.org in DATA. */
static void dns_over_http2(void **state)
{
	uint8_t bytes[256];
	size_t len = app_unhex(bytes, sizeof(bytes),
			       "000000040000000000 00001a010400000001"
			       "0f10 17 6170706c69636174696f6e2f646e732d6d657373616765"
			       "000017000100000001"
			       "0000 0100 0001 0000 0000 0000 01 61 03 6f7267 00 0001 0001");
	struct app_run r;

	(void)state;
	r = app_run(app_http2, (struct app_input){.final = false}, bytes, len);
	assert_int_equal(r.status, APP_MORE);
	assert_string_equal(r.facts, "names.dns=a.org\n");
	r = app_run(app_http2, (struct app_input){.final = true}, bytes, len);
	assert_int_equal(r.status, APP_DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(host_comes_from_the_field),
		cmocka_unit_test(host_comes_from_the_target),
		cmocka_unit_test(waits_for_the_host),
		cmocka_unit_test(a_tunnel_is_looked_into),
		cmocka_unit_test(others_are_refused),
		cmocka_unit_test(http2_frames),
		cmocka_unit_test(dns_over_http2),
	};

	app_parsers_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
