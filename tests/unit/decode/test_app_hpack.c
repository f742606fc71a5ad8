/* SPDX-License-Identifier: MIT
 *
 * HPACK, on the examples of RFC 7541 appendix C.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decode/app_hpack.h"
#include "decode/app_hpack_tables.h"
#include "unit/decode/app_run.h"

struct fields {
	char text[512];
	size_t len;
};

static void gather(void *ctx, struct cursor name, struct cursor value)
{
	struct fields *f = ctx;

	f->len += (size_t)snprintf(f->text + f->len, sizeof(f->text) - f->len, "%.*s: %.*s\n",
				   (int)cursor_left(&name), (const char *)name.p,
				   (int)cursor_left(&value), (const char *)value.p);
	assert_true(f->len < sizeof(f->text));
}

static bool decode(struct fields *f, const char *hex)
{
	uint8_t bytes[512], *exact;
	size_t len = app_unhex(bytes, sizeof(bytes), hex);
	bool ok;

	*f = (struct fields){.len = 0};
	exact = malloc(len ? len : 1);
	assert_non_null(exact);
	memcpy(exact, bytes, len);
	ok = hpack_block(cursor_init(exact, len), gather, f);
	free(exact);
	return ok;
}

static void literal_forms(void **state)
{
	struct fields f;

	(void)state;
	assert_true(decode(&f, "400a637573746f6d2d6b65790d637573746f6d2d686561646572")); /* C.2.1 */
	assert_string_equal(f.text, "custom-key: custom-header\n");
	assert_true(decode(&f, "040c2f73616d706c652f70617468")); /* C.2.2 */
	assert_string_equal(f.text, ":path: /sample/path\n");
	assert_true(decode(&f, "100870617373776f726406736563726574")); /* C.2.3 */
	assert_string_equal(f.text, "password: secret\n");
	assert_true(decode(&f, "82")); /* C.2.4 */
	assert_string_equal(f.text, ":method: GET\n");
}

static void requests(void **state)
{
	static const char *const text = ":method: GET\n:scheme: http\n:path: /\n"
					":authority: www.example.com\n";
	struct fields f;

	(void)state;
	assert_true(decode(&f, "828684410f7777772e6578616d706c652e636f6d")); /* C.3.1 */
	assert_string_equal(f.text, text);
	assert_true(decode(&f, "828684418cf1e3c2e5f23a6ba0ab90f4ff")); /* C.4.1 */
	assert_string_equal(f.text, text);
}

static void huffman_response(void **state)
{
	struct fields f;

	(void)state; /* C.6.1 */
	assert_true(decode(&f,
			   "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff"
			   "6e919d29ad171863c78f0b97c8e9ae82ae43d3"));
	assert_string_equal(f.text, ":status: 302\ncache-control: private\n"
				    "date: Mon, 21 Oct 2013 20:13:21 GMT\n"
				    "location: https://www.example.com\n");
}

/* The newest entry has index 62: two literals with indexing, then 62 and 63. */
static void dynamic_entries_count_backwards(void **state)
{
	struct fields f;

	(void)state;
	assert_true(decode(&f, "400161 0131 400162 0132 be bf"));
	assert_string_equal(f.text, "a: 1\nb: 2\nb: 2\na: 1\n");
	assert_false(decode(&f, "400161 0131 bf"));
}

static void damage_is_refused(void **state)
{
	struct fields f;

	(void)state;
	assert_false(decode(&f, "80"));		      /* index 0 */
	assert_false(decode(&f, "be"));		      /* empty dynamic table */
	assert_false(decode(&f, "04"));		      /* no value */
	assert_false(decode(&f, "ffffffffffffffff")); /* endless integer */
	assert_false(decode(&f, "0481 00"));	      /* padding that is not ones */
	assert_false(decode(&f, "0484 ffffffff"));    /* end of string */
}

/* Each symbol has one code and together they use up all codes (Kraft), but for the end of string.
 */
static void code_is_complete(void **state)
{
	bool seen[256] = {false};
	uint64_t sum = 0;

	(void)state;
	for (unsigned bits = 1; bits <= HPACK_CODE_BITS_MAX; bits++)
		sum += (uint64_t)hpack_code_counts[bits] << (HPACK_CODE_BITS_MAX - bits);
	assert_int_equal(sum, (1u << HPACK_CODE_BITS_MAX) - 1);
	for (unsigned i = 0; i < 256; i++) {
		assert_false(seen[hpack_symbols[i]]);
		seen[hpack_symbols[i]] = true;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(literal_forms),
		cmocka_unit_test(requests),
		cmocka_unit_test(huffman_response),
		cmocka_unit_test(dynamic_entries_count_backwards),
		cmocka_unit_test(damage_is_refused),
		cmocka_unit_test(code_is_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
