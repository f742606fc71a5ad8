/* SPDX-License-Identifier: MIT
 *
 * Hello messages: how records and fragments carry them, and the published values of the
 * fingerprints.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decode/app_tls.h"
#include "decode/dtls.h"
#include "unit/decode/app_run.h"
#include "unit/decode/app_samples.h"

enum { BYTES_MAX = 4096 };

static struct app_run stream(const uint8_t *bytes, size_t len, bool final)
{
	return app_run(app_tls, (struct app_input){.final = final}, bytes, len);
}

static struct app_run stream_hex(const char *hex, bool final)
{
	uint8_t bytes[BYTES_MAX];

	return stream(bytes, app_unhex(bytes, sizeof(bytes), hex), final);
}

/* A handshake message cut into records of `piece` bytes. */
static size_t records(uint8_t *out, const uint8_t *message, size_t len, size_t piece)
{
	size_t n = 0;

	for (size_t at = 0; at < len; at += piece) {
		size_t part = len - at < piece ? len - at : piece;

		out[n++] = 22;
		out[n++] = 3;
		out[n++] = 1;
		out[n++] = (uint8_t)(part >> 8);
		out[n++] = (uint8_t)part;
		memcpy(out + n, message + at, part);
		n += part;
	}
	return n;
}

static void hello_over_many_records(void **state)
{
	uint8_t message[1024], bytes[BYTES_MAX];
	size_t len = app_unhex(message, sizeof(message), "010000c0" RFC8448_CLIENT_BODY);

	(void)state;
	for (size_t piece = 5; piece <= len; piece += 7) {
		size_t n = records(bytes, message, len, piece);
		struct app_run r = stream(bytes, n, false);

		assert_int_equal(r.status, APP_DONE);
		assert_string_equal(r.facts, RFC8448_FACTS);
		assert_int_equal(stream(bytes, n - 1, false).status, APP_MORE);
	}
}

/* The end came too early for the fingerprints, but the name was there. */
static void a_cut_hello_tells_its_name(void **state)
{
	uint8_t bytes[BYTES_MAX];
	size_t len = app_unhex(bytes, sizeof(bytes), RFC8448_CLIENT);
	struct app_run r = stream(bytes, len - 20, true);

	(void)state;
	assert_int_equal(r.status, APP_DONE);
	assert_string_equal(r.facts, "names.sni=server\n");
	assert_int_equal(stream(bytes, len - 20, false).status, APP_MORE);
}

static void versions_and_protocols_of_servers(void **state)
{
	struct app_run r;

	(void)state; /* TLS 1.2 with ALPN "h2" chosen; then one without extensions */
	r = stream_hex("1603030035 02000031 0303 "
		       "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
		       "00 c02f 00 0009 0010 0005 0003 02 6832",
		       false);
	assert_int_equal(r.status, APP_DONE);
	assert_string_equal(r.facts, "tls.alpn=h2\ntls.version=TLSv1.2\n");
	r = stream_hex("160300002a 02000026 0300 "
		       "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
		       "00 0035 00",
		       false);
	assert_int_equal(r.status, APP_DONE);
	assert_string_equal(r.facts, "tls.version=SSLv3\n");
}

/* Without a hello, one more record must follow the first. */
static void a_late_capture_is_recognised(void **state)
{
	(void)state;
	assert_int_equal(stream_hex("1703030002 abcd 1703030001 ef", false).status, APP_DONE);
	assert_int_equal(stream_hex("1703030002 abcd", false).status, APP_MORE);
	assert_int_equal(stream_hex("1703030002 abcd 47455420", false).status, APP_NO);
	assert_int_equal(stream_hex("1603030004 0b000123 1603030001 00", false).status, APP_DONE);
}

static void others_are_refused(void **state)
{
	static const char *const texts[] = {"47",
					    "1602",
					    "160305",
					    "160303ffff",
					    "160301000501000001ff",
					    "8003 01",
					    "801c 01 0009",
					    "801c 02",
					    ""};

	(void)state;
	for (unsigned i = 0; texts[i][0]; i++)
		assert_int_equal(stream_hex(texts[i], true).status, APP_NO);
	/* a handshake whose client hello has version 9.9 */
	assert_int_equal(
		stream_hex("1603010026 01000022 0909 "
			   "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
			   true)
			.status,
		APP_NO);
}

static void ssl2_server(void **state)
{
	struct app_run r = stream_hex("802f 04 00 01 0002 0000 0003 0010 010080"
				      "000102030405060708090a0b0c0d0e0f",
				      true);

	(void)state;
	assert_int_equal(r.status, APP_DONE);
	assert_string_equal(r.facts, "tls.version=SSLv2\n");
}

static void datagram_fragments_are_joined(void **state)
{
	/* The sample of app_samples.h with its message in fragments of 40 and 18 bytes, in two
	 * records. */
	static const char *const hex =
		"16 fefd 0000 000000000000 0034 01 00003a 0000 000000 000028"
		"fefd 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 00 00 0002 "
		"c02b"
		"16 fefd 0000 000000000001 001e 01 00003a 0000 000028 000012"
		"0100 000e 0000000a 0008 00 0005 612e6f7267";
	uint8_t bytes[BYTES_MAX];
	size_t len = app_unhex(bytes, sizeof(bytes), hex);
	struct app_run r = app_run(app_dtls, (struct app_input){.datagram = true}, bytes, len);

	(void)state;
	assert_int_equal(r.status, APP_DONE);
	assert_non_null(strstr(r.facts, "names.sni=a.org\n"));
	assert_non_null(strstr(r.facts, "names.ja3=b0481bbf0ee1c2da9690c98ba75d1848\n"));
}

/* The same, a record a datagram; the second comes twice, and before all a hello of another length began. */
static void fragments_of_several_datagrams_are_joined(void **state)
{
	static const char *const hex[] = {
		"16 fefd 0000 000000000000 0010 01 00003b 0000 000000 000004 fefd 0001",
		"16 fefd 0000 000000000000 0034 01 00003a 0000 000000 000028"
		"fefd 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 00 00 0002 c02b",
		"16 fefd 0000 000000000001 001a 01 00003a 0000 000028 00000e 0100 000e 0000 000a 0008 00 0005 61",
		"16 fefd 0000 000000000001 001a 01 00003a 0000 000028 00000e 0100 000e 0000 000a 0008 00 0005 61",
		"16 fefd 0000 000000000002 000f 01 00003a 0000 000036 000003 2e6f72",
		"16 fefd 0000 000000000002 0010 02 00003a 0000 000039 000001 67 000000",
		"16 fefd 0000 000000000002 000d 01 00003a 0000 000039 000001 67",
	};
	enum { COUNT = sizeof(hex) / sizeof(*hex) };
	struct dtls_hello h = {.len = 0};
	struct app_run r = {.len = 0};
	struct app_sink sink = {.fact = app_run_fact, .ctx = &r};
	uint8_t bytes[BYTES_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		size_t len = app_unhex(bytes, sizeof(bytes), hex[i]);

		assert_int_equal(dtls_hello_begins(cursor_init(bytes, len)), i < 2);
		assert_int_equal(dtls_hello_feed(&h, cursor_init(bytes, len)), i == COUNT - 1);
	}
	dtls_hello_emit(&h, &sink);
	assert_non_null(strstr(r.facts, "names.sni=a.org\n"));
	assert_non_null(strstr(r.facts, "names.ja3=b0481bbf0ee1c2da9690c98ba75d1848\n"));
}

/* --- published fingerprints --- */

static uint8_t *put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
	return p + 2;
}

static struct app_run hello(unsigned version, const char *ciphers, const char *extensions)
{
	uint8_t bytes[BYTES_MAX], list[1024], *p = bytes;
	size_t n = app_unhex(list, sizeof(list), ciphers);
	struct app_run r = {.len = 0};
	struct app_sink sink = {.fact = app_run_fact, .ctx = &r};

	p = put16(p, version);
	memset(p, 7, 33);
	p += 32;
	*p++ = 0; /* session id */
	p = put16(p, (unsigned)n);
	memcpy(p, list, n);
	p += n;
	*p++ = 1; /* compressions */
	*p++ = 0;
	n = app_unhex(list, sizeof(list), extensions);
	if (n) {
		p = put16(p, (unsigned)n);
		memcpy(p, list, n);
		p += n;
	}
	assert_true(tls_client_hello(cursor_init(bytes, (size_t)(p - bytes)), TLS_OVER_TCP, &sink));
	return r;
}

/* The two examples in JA3's own description. */
static void ja3_as_published(void **state)
{
	struct app_run r;

	(void)state;
	r = hello(769, "002f 0035 0005 000a c009 c00a c013 c014 0032 0038 0013 0004",
		  "0000 0009 0007 00 0004 612e6f72 000a 0008 0006 0017 0018 0019 000b 0002 0100");
	assert_non_null(strstr(r.facts, "names.ja3=ada70206e40642a3e4461f35503241d5\n"));
	r = hello(769, "0004 0005 000a 0009 0064 0062 0003 0006 0013 0012 0063", "");
	assert_non_null(strstr(r.facts, "names.ja3=de350869b8c85de67a350c8d186f11e6\n"));
}

/* The example in JA4's description, with GREASE in every list. */
static void ja4_as_published(void **state)
{
	struct app_run r;

	(void)state;
	r = hello(0x0303,
		  "0a0a 1301 1302 1303 c02b c02f c02c c030 cca9 cca8 c013 c014 009c 009d 002f 0035",
		  "1a1a 0000 001b 0000 0000 0009 0007 00 0004 612e6f72 0017 0000 ff01 0001 00"
		  "0010 000e 000c 02 6832 08 687474702f312e31 4469 0000 0005 0000 0012 0000"
		  "0033 0000 002b 0007 06 2a2a 0304 0303 000d 0012 0010 0403 0804 0401 0503 0805 "
		  "0501 0806 0601"
		  "002d 0000 000b 0002 0100 000a 0004 0002 001d 0023 0000 0015 0000");
	assert_non_null(strstr(r.facts, "names.ja4=t13d1516h2_8daaf6152771_e5627efa2ab1\n"));
	assert_non_null(strstr(r.facts, "names.alpn=h2\nnames.alpn=http/1.1\n"));
}

/* ALPN that is no text: the ends of its hex form; no list of a kind: zeros. */
static void ja4_odd_ends(void **state)
{
	struct app_run r;

	(void)state;
	r = hello(0x0302, "1301", "0010 0005 0003 02 ab cd");
	assert_non_null(strstr(r.facts, "names.ja4=t11i0101ad_"));
	r = hello(0x0302, "0a0a", "");
	assert_non_null(strstr(r.facts, "names.ja4=t11i000000_000000000000_000000000000\n"));
}

/* An LDAP extended response, then a record that ends before its hello: no more will come. */
static void tls_cut_inside_a_datagram_is_over(void **state)
{
	static const uint8_t ldap[] = {0x30, 0x0a, 0x02, 0x01, 0x06, 0x77, 0x0e,
				       0xfd, 0x30, 0x0e, 0x00, 0x2c, 0x16, 0x03,
				       0x00, 0x00, 0x1e, 0x01, 0x00, 0x2c, 0x16};
	struct app_run r =
		app_run(app_ldap, (struct app_input){.datagram = true}, ldap, sizeof(ldap));

	(void)state;
	assert_int_equal(r.status, APP_DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hello_over_many_records),
		cmocka_unit_test(a_cut_hello_tells_its_name),
		cmocka_unit_test(versions_and_protocols_of_servers),
		cmocka_unit_test(a_late_capture_is_recognised),
		cmocka_unit_test(others_are_refused),
		cmocka_unit_test(ssl2_server),
		cmocka_unit_test(datagram_fragments_are_joined),
		cmocka_unit_test(fragments_of_several_datagrams_are_joined),
		cmocka_unit_test(tls_cut_inside_a_datagram_is_over),
		cmocka_unit_test(ja3_as_published),
		cmocka_unit_test(ja4_as_published),
		cmocka_unit_test(ja4_odd_ends),
	};

	app_parsers_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
