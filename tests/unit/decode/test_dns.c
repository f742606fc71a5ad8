/* SPDX-License-Identifier: MIT
 *
 * DNS messages: names and pointers, answers, what is cut or lies.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/vis.h"
#include "decode/dns.h"

/* clang-format off */
#define EXAMPLE "\7example\3com\0"
#define QUESTION_HEADER "\x12\x34\1\0\0\1\0\0\0\0\0\0"
#define ANSWER_HEADER "\x12\x34\x81\x83\0\1\0\3\0\0\0\0"
/* name = CNAME of www; two addresses under the pointed name */
#define ANSWER ANSWER_HEADER "\3www" EXAMPLE "\0\1\0\1" \
	"\xc0\x0c\0\5\0\1\0\0\0\x3c\0\2\xc0\x10" \
	"\xc0\x10\0\1\0\1\0\0\1\x2c\0\4\x5d\xb8\xd8\x22" \
	"\xc0\x10\0\x1c\0\1\0\0\0\x0a\0\x10" \
	"\x26\x06\x28\0\x02\x20\0\1\x02\x48\x18\x93\x25\xc8\x19\x46"
#define BYTES(text) (text), sizeof(text) - 1
/* clang-format on */

/* An exact heap copy, so that a sanitizer sees each byte read beyond the end. */
static bool parse(const char *bytes, size_t n, struct dns_message *m)
{
	uint8_t *copy = malloc(n ? n : 1);
	bool is_dns;

	memcpy(copy, bytes, n);
	is_dns = dns_parse(cursor_init(copy, n), m);
	free(copy);
	return is_dns;
}

static void assert_name(const struct dns_name *name, const char *want)
{
	assert_int_equal(name->len, strlen(want));
	assert_memory_equal(name->text, want, name->len);
}

static void test_question(void **state)
{
	struct dns_message m;

	(void)state;
	assert_true(parse(BYTES(QUESTION_HEADER EXAMPLE "\0\x1c\0\1"), &m));
	assert_int_equal(m.id, 0x1234);
	assert_false(m.response);
	assert_int_equal(m.type, DNS_AAAA);
	assert_int_equal(m.class, 1);
	assert_true(m.whole);
	assert_name(&m.question, "example.com");
}

static void test_answers(void **state)
{
	struct cursor message = cursor_init(BYTES(ANSWER));
	char text[ADDR_TEXT_MAX];
	struct dns_message m;
	struct dns_name name;

	(void)state;
	assert_true(parse(BYTES(ANSWER), &m));
	assert_true(m.response);
	assert_int_equal(m.rcode, DNS_RCODE_NXDOMAIN);
	assert_true(m.whole);
	assert_name(&m.question, "www.example.com");
	assert_int_equal(m.answer_count, 2);
	assert_int_equal(m.answers[0].ttl_s, 300);
	addr_format(text, &m.answers[0].addr);
	assert_string_equal(text, "93.184.216.34");
	addr_format(text, &m.answers[1].addr);
	assert_string_equal(text, "2606:2800:220:1:248:1893:25c8:1946");
	assert_true(dns_name_at(message, m.answers[1].name_at, &name));
	assert_name(&name, "example.com");
}

static void test_every_prefix(void **state)
{
	struct dns_message m;

	(void)state;
	for (size_t n = 0; n < sizeof(ANSWER) - 1; n++) {
		assert_int_equal(parse(ANSWER, n, &m), n >= DNS_HEADER);
		assert_false(n >= DNS_HEADER && m.whole);
	}
}

static void assert_unreadable(const char *bytes, size_t n)
{
	struct dns_message m;

	assert_true(parse(bytes, n, &m));
	assert_false(m.whole);
	assert_int_equal(m.question.len, 0);
}

static void test_pointers_that_do_not_end(void **state)
{
	(void)state;
	assert_unreadable(BYTES(QUESTION_HEADER "\xc0\x0c\0\1\0\1"));	 /* itself */
	assert_unreadable(BYTES(QUESTION_HEADER "\1a\xc0\x0c\0\1\0\1")); /* its own beginning */
	assert_unreadable(BYTES(QUESTION_HEADER "\xc0\x0e\xc0\x0c\0\1\0\1")); /* each other */
	assert_unreadable(BYTES(QUESTION_HEADER "\xff\xff\0\1\0\1"));	      /* beyond the end */
	assert_unreadable(BYTES(QUESTION_HEADER "\x41x\0\0\1\0\1")); /* a length of no kind */
}

/* 255 bytes are a name; 256 are none (RFC 1035 2.3.4). */
static void test_longest_name(void **state)
{
	char bytes[DNS_HEADER + 300] = QUESTION_HEADER;
	struct dns_message m;
	size_t n = DNS_HEADER;

	(void)state;
	for (unsigned i = 0; i < 127; i++, n += 2)
		memcpy(bytes + n, "\1.", 2);
	memcpy(bytes + n, "\0\0\1\0\1", 5);
	assert_true(parse(bytes, n + 5, &m));
	assert_true(m.whole);
	assert_int_equal(m.question.len, 127 * 3 - 1);
	memcpy(bytes + n, "\1.\0\0\1\0\1", 7);
	assert_unreadable(bytes, n + 7);
}

static void test_text_form(void **state)
{
	char out[VIS_MAX(64)];
	struct dns_message m;

	(void)state;
	assert_true(parse(BYTES(QUESTION_HEADER "\0\0\1\0\1"), &m));
	assert_name(&m.question, ".");
	assert_true(parse(BYTES(QUESTION_HEADER "\5a.b\\\x1b\1c\0\0\1\0\1"), &m));
	assert_name(&m.question, "a\\.b\\\\\x1b.c");
	dns_vis(out, sizeof(out), m.question.text, m.question.len);
	assert_string_equal(out, "a\\.b\\\\\\x1b.c");
	/* what is no escape is printable all the same; what does not fit is cut whole */
	dns_vis(out, sizeof(out), "\\\x1b", 2);
	assert_string_equal(out, "\\\\\\x1b");
	dns_vis(out, 4, "ab\\.c", 5);
	assert_string_equal(out, "ab");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_question),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_every_prefix),
		cmocka_unit_test(test_pointers_that_do_not_end),
		cmocka_unit_test(test_longest_name),
		cmocka_unit_test(test_text_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
