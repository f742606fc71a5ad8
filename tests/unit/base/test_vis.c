/* SPDX-License-Identifier: MIT */
#include "base/vis.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *in;
	size_t len;
	const char *out;
} rows[] = {
#define ROW(name, in, out)                                                                         \
	{                                                                                          \
		name, in, sizeof(in) - 1, out                                                      \
	}
	ROW("plain", "firefox 1.0~", "firefox 1.0~"),
	ROW("backslash", "a\\b", "a\\\\b"),
	ROW("C0 and DEL", "\0\a\n\x1b[2J\x7f", "\\x00\\x07\\x0a\\x1b[2J\\x7f"),
	ROW("C1: CSI as UTF-8", "\xc2\x9b", "\\xc2\\x9b"),
	ROW("C1: CSI raw", "\x9b", "\\x9b"),
	ROW("last C1, no-break space", "\xc2\x9f\xc2\xa0", "\\xc2\\x9f\xc2\xa0"),
	ROW("letters of 2, 3, 4 bytes", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
	    "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
	ROW("U+200A, 200B, 200F, 2010", "\xe2\x80\x8a\xe2\x80\x8b\xe2\x80\x8f\xe2\x80\x90",
	    "\xe2\x80\x8a\\xe2\\x80\\x8b\\xe2\\x80\\x8f\xe2\x80\x90"),
	ROW("U+2029, 202A, 202E, 202F", "\xe2\x80\xa9\xe2\x80\xaa\xe2\x80\xae\xe2\x80\xaf",
	    "\xe2\x80\xa9\\xe2\\x80\\xaa\\xe2\\x80\\xae\xe2\x80\xaf"),
	ROW("U+2065, 2066, 2069, 206A", "\xe2\x81\xa5\xe2\x81\xa6\xe2\x81\xa9\xe2\x81\xaa",
	    "\xe2\x81\xa5\\xe2\\x81\\xa6\\xe2\\x81\\xa9\xe2\x81\xaa"),
	ROW("byte order mark", "\xef\xbb\xbf", "\\xef\\xbb\\xbf"),
	ROW("overlong slash", "\xc0\xaf", "\\xc0\\xaf"),
	ROW("overlong, 3 and 4 bytes", "\xe0\x80\xaf\xf0\x80\x80\xaf",
	    "\\xe0\\x80\\xaf\\xf0\\x80\\x80\\xaf"),
	ROW("surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80"),
	ROW("above U+10FFFF", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"),
	ROW("cut character", "\xe2\x82", "\\xe2\\x82"),
	ROW("broken, then good", "\xe2(\xc3\xa9", "\\xe2(\xc3\xa9"),
	ROW("never a lead byte", "\xff\xfe\x80", "\\xff\\xfe\\x80"),
#undef ROW
};

static void makes_printable(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[200];

		assert_int_equal(vis(out, sizeof(out), rows[i].in, rows[i].len),
				 strlen(rows[i].out));
		assert_string_equal(out, rows[i].out);
	}
}

static void is_reversible(void **state)
{
	unsigned seed = 5;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		uint8_t in[32], back[32];
		char out[VIS_MAX(sizeof(in)) + 1];
		size_t n = (size_t)rand_r(&seed) % (sizeof(in) + 1);

		for (size_t i = 0; i < n; i++)
			in[i] = (uint8_t)(rand_r(&seed) % 3 ? rand_r(&seed)
							    : "\\x0\xe2\x80"[rand_r(&seed) % 5]);
		vis(out, sizeof(out), in, n);
		assert_int_equal(unvis(back, sizeof(back), out), n);
		assert_memory_equal(back, in, n);
	}
}

/* At every cap the output is a prefix, made of whole units, and uses the room it has. */
static void cuts_at_whole_units(void **state)
{
	static const char in[] = "a\\\x01\xc3\xa9\xc2\x9b\xf0\x9f\x98\x80z";
	static const size_t ends[] = {0, 1, 3, 7, 9, 17, 21, 22};
	char whole[64], out[64];

	(void)state;
	assert_int_equal(vis(whole, sizeof(whole), in, sizeof(in) - 1), 22);
	for (size_t cap = 1; cap <= 23; cap++) {
		size_t expected = 0;

		for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
			if (ends[i] < cap)
				expected = ends[i];
		}
		memset(out, '#', sizeof(out));
		assert_int_equal(vis(out, cap, in, sizeof(in) - 1), expected);
		assert_memory_equal(out, whole, expected);
		assert_int_equal(out[expected], '\0');
		assert_int_equal(out[cap], '#');
	}
	assert_int_equal(vis(out, 4, "abcdef", 6), 3);
	assert_string_equal(out, "abc");
}

static void reads_fields_without_nul(void **state)
{
	static const char field[4] = {'c', 'u', 'r', 'l'};
	char out[20];

	(void)state;
	assert_int_equal(vis_str(out, sizeof(out), field, sizeof(field)), 4);
	assert_string_equal(out, "curl");
	assert_int_equal(vis_str(out, sizeof(out), "ab\0cd", 5), 2);
}

static void unvis_refuses_wrong_escapes(void **state)
{
	static const char *const bad[] = {"\\", "\\n", "\\x", "\\x4", "\\xg0", "\\x0g", "a\\\\\\"};
	char out[20];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(unvis(out, sizeof(out), bad[i]), -1);
	assert_int_equal(unvis(out, 2, "abc"), -1);
	assert_int_equal(unvis(out, 3, "abc"), 3);
}

/* Each scalar value once, against a second encoder: the bit layout of RFC 3629 section 3. */
static void decodes_every_character(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		unsigned n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
		uint8_t in[4] = {(uint8_t)cp};
		uint32_t got = 0;

		for (unsigned i = n - 1, rest = cp; n > 1 && i > 0; i--, rest >>= 6)
			in[i] = (uint8_t)(0x80 | (rest & 0x3f));
		if (n > 1)
			in[0] = (uint8_t)(0xf00 >> n | cp >> 6 * (n - 1));
		if (cp >= 0xd800 && cp < 0xe000)
			n = 0;
		if (utf8_decode(in, 4, &got) != n || (n && got != cp))
			fail_msg("U+%04X", cp);
		if (n && utf8_decode(in, n - 1, &got) != 0)
			fail_msg("U+%04X cut", cp);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_printable),
		cmocka_unit_test(is_reversible),
		cmocka_unit_test(cuts_at_whole_units),
		cmocka_unit_test(reads_fields_without_nul),
		cmocka_unit_test(unvis_refuses_wrong_escapes),
		cmocka_unit_test(decodes_every_character),
	};

	return cmocka_run_group_tests_name("base/vis", tests, NULL, NULL);
}
