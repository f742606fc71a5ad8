/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "flow/app/passive_dns.h"

static struct addr host(uint8_t n)
{
	return addr_v4((const uint8_t[]){192, 0, 2, n});
}

static void assert_named(const struct passive_dns *t, uint8_t n, const char *name)
{
	struct addr a = host(n);
	const struct passive_name *found = passive_dns_find(t, &a);

	if (!name) {
		assert_null(found);
		return;
	}
	assert_non_null(found);
	assert_int_equal(found->len, strlen(name));
	assert_memory_equal(found->text, name, strlen(name));
}

static void note(struct passive_dns *t, uint8_t n, const char *name)
{
	struct addr a = host(n);

	passive_dns_note(t, &a, name, strlen(name));
}

static void the_last_name_counts(void **state)
{
	struct passive_dns t;

	(void)state;
	assert_int_equal(passive_dns_init(&t, 4), 0);
	assert_named(&t, 1, NULL);
	note(&t, 1, "a.example");
	note(&t, 2, "b.example");
	note(&t, 1, "c.example");
	assert_named(&t, 1, "c.example");
	assert_named(&t, 2, "b.example");
	assert_named(&t, 3, NULL);
	passive_dns_done(&t);
}

static void the_oldest_makes_room(void **state)
{
	struct passive_dns t;

	(void)state;
	assert_int_equal(passive_dns_init(&t, 3), 0);
	note(&t, 1, "1");
	note(&t, 2, "2");
	note(&t, 3, "3");
	note(&t, 1, "1"); /* young again */
	note(&t, 4, "4");
	assert_named(&t, 2, NULL);
	note(&t, 5, "5");
	assert_named(&t, 3, NULL);
	note(&t, 6, "6");
	assert_named(&t, 1, NULL);
	assert_named(&t, 4, "4");
	assert_named(&t, 5, "5");
	assert_named(&t, 6, "6");
	assert_int_equal(t.count, 3);
	passive_dns_done(&t);
}

/* RFC 1035 4.1, by hand: www.example is an alias of x.example, at 192.0.2.9; then 127.0.0.1. */
static const uint8_t answer[] = {
	0x12, 0x34, 0x81, 0x80, 0,  1,	  0,  3, 0, 0,	  0,  0, 3, 'w', 'w', 'w', 7, 'e', 'x', 'a',
	'm',  'p',  'l',  'e',	0,  0,	  1,  0, 1, 0xc0, 12, 0, 5, 0,	 1,   0,   0, 0,   60,	0,
	4,    1,    'x',  0xc0, 16, 0xc0, 41, 0, 1, 0,	  1,  0, 0, 0,	 60,  0,   4, 192, 0,	2,
	9,    0xc0, 41,	  0,	1,  0,	  1,  0, 0, 0,	  60, 0, 4, 127, 0,   0,   1,
};

static void answers_name_what_was_asked_for(void **state)
{
	struct addr loopback = addr_v4((const uint8_t[]){127, 0, 0, 1});
	uint8_t bytes[sizeof(answer)];
	struct passive_dns t;

	(void)state;
	assert_int_equal(passive_dns_init(&t, 4), 0);
	memcpy(bytes, answer, sizeof(bytes));
	bytes[2] &= 0x7f; /* a question says nothing */
	passive_dns_message(&t, cursor_init(bytes, sizeof(bytes)));
	assert_named(&t, 9, NULL);
	bytes[2] |= 0x80;
	bytes[3] |= 3; /* nor does "no such name" */
	passive_dns_message(&t, cursor_init(bytes, sizeof(bytes)));
	assert_named(&t, 9, NULL);
	passive_dns_message(&t, cursor_init(answer, sizeof(answer)));
	assert_named(&t, 9, "www.example");
	assert_null(passive_dns_find(&t, &loopback));
	passive_dns_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_name_counts),
		cmocka_unit_test(the_oldest_makes_room),
		cmocka_unit_test(answers_name_what_was_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
