/* SPDX-License-Identifier: MIT */
#include "base/addr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

static struct addr parsed(const char *text)
{
	struct addr a;

	assert_true(addr_parse(&a, text));
	return a;
}

static void assert_text(const char *in, const char *expected)
{
	struct addr a = parsed(in);
	char out[ADDR_TEXT_MAX];

	assert_int_equal(addr_format(out, &a), strlen(expected));
	assert_string_equal(out, expected);
}

/* The examples of RFC 5952 sections 2 and 4. */
static void formats_as_rfc5952(void **state)
{
	(void)state;
	assert_text("2001:db8:0:0:0:0:2:1", "2001:db8::2:1");
	assert_text("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1");
	assert_text("2001:0:0:1:0:0:0:1", "2001:0:0:1::1");
	assert_text("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1");
	assert_text("2001:0DB8::0001", "2001:db8::1");
	assert_text("::", "::");
	assert_text("::1", "::1");
	assert_text("fe80::", "fe80::");
	assert_text("0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7");
	assert_text("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}

static void shows_mapped_addresses_dotted(void **state)
{
	(void)state;
	assert_text("0.0.0.0", "0.0.0.0");
	assert_text("255.255.255.255", "255.255.255.255");
	assert_text("::ffff:192.0.2.9", "192.0.2.9");
}

static void shows_every_octet(void **state)
{
	(void)state;
	for (unsigned v = 0; v < 256; v++) {
		uint8_t b[4] = {(uint8_t)v, (uint8_t)(v * 7), (uint8_t)(255 - v), (uint8_t)v};
		char out[ADDR_TEXT_MAX], expected[INET_ADDRSTRLEN];
		struct addr a = addr_v4(b);

		assert_non_null(inet_ntop(AF_INET, b, expected, sizeof(expected)));
		assert_int_equal(addr_format(out, &a), strlen(expected));
		assert_string_equal(out, expected);
	}
}

/* libc's inet_ntop is the independent tool; it differs on purpose below ::/96 and ::ffff:0/96. */
static void agrees_with_libc(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char out[ADDR_TEXT_MAX], expected[INET6_ADDRSTRLEN];
		struct addr a = {.b = {0x20}};

		for (int i = 1; i < 16; i++)
			a.b[i] = rand_r(&seed) % 4 ? 0 : (uint8_t)rand_r(&seed);
		assert_non_null(inet_ntop(AF_INET6, a.b, expected, sizeof(expected)));
		addr_format(out, &a);
		assert_string_equal(out, expected);
		assert_true(addr_eq(&a, &(struct addr){0}) == false);
		assert_memory_equal(parsed(out).b, a.b, 16);
	}
}

static void formats_endpoints(void **state)
{
	struct endpoint four = {parsed("192.0.2.1"), 80}, six = {parsed("2001:db8::1"), 65535};
	struct endpoint longest = {parsed("2001:1111:2222:3333:4444:5555:6666:7777"), 65535};
	char out[ENDPOINT_TEXT_MAX];

	(void)state;
	assert_int_equal(endpoint_format(out, &four), 12);
	assert_string_equal(out, "192.0.2.1:80");
	assert_int_equal(endpoint_format(out, &six), 19);
	assert_string_equal(out, "[2001:db8::1]:65535");
	assert_int_equal(endpoint_format(out, &longest), 47);
}

static void refuses_what_is_no_address(void **state)
{
	static const char *const bad[] = {"",	     "1.2.3",	   "1.2.3.256", "1.2.3.4 ", "::g",
					  "1::2::3", "fe80::1%lo", "host",	"[::1]"};
	struct addr a = {.b = {42}};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(addr_parse(&a, bad[i]));
	assert_int_equal(a.b[0], 42);
}

static void knows_classes(void **state)
{
	static const struct {
		const char *text;
		bool any, loopback, multicast;
	} rows[] = {
		{"0.0.0.0", true, false, false},
		{"::", true, false, false},
		{"127.0.0.1", false, true, false},
		{"127.255.0.9", false, true, false},
		{"::1", false, true, false},
		{"128.0.0.1", false, false, false},
		{"224.0.0.1", false, false, true},
		{"239.255.255.255", false, false, true},
		{"240.0.0.1", false, false, false},
		{"ff02::fb", false, false, true},
		{"fe80::1", false, false, false},
		{"::2", false, false, false},
		{"::ffff:0.0.0.1", false, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct addr a = parsed(rows[i].text);

		assert_int_equal(addr_is_any(&a), rows[i].any);
		assert_int_equal(addr_is_loopback(&a), rows[i].loopback);
		assert_int_equal(addr_is_multicast(&a), rows[i].multicast);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_as_rfc5952),
		cmocka_unit_test(shows_mapped_addresses_dotted),
		cmocka_unit_test(shows_every_octet),
		cmocka_unit_test(agrees_with_libc),
		cmocka_unit_test(formats_endpoints),
		cmocka_unit_test(refuses_what_is_no_address),
		cmocka_unit_test(knows_classes),
	};

	return cmocka_run_group_tests_name("base/addr", tests, NULL, NULL);
}
