/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture/file.h"
#include "capture/pcapng_writer.h"
#include "flow/in_order.h"

enum { FILES = 3 };
static char seen[2048];

/* A capture whose frames have these seconds for a time and their file's letter for data; -1 ends
 * it. */
static struct source *capture(char letter, const int *seconds, bool cut)
{
	const uint32_t head[] = {0xa1b2c3d4, 4 << 16 | 2, 0, 0, 65535, 1};
	int fd = memfd_create("capture", 0);
	struct source *s;
	struct err e;

	assert_int_equal(write(fd, head, sizeof(head)), sizeof(head));
	for (; *seconds >= 0; seconds++) {
		uint32_t record[] = {(uint32_t)*seconds, 0, 1, 1};

		assert_int_equal(write(fd, record, sizeof(record)), sizeof(record));
		assert_int_equal(write(fd, &letter, 1), 1);
	}
	if (cut)
		assert_int_equal(write(fd, "cut", 3), 3);
	lseek(fd, 0, SEEK_SET);
	assert_int_equal(file_source_new(&s, fd, "capture", NULL, &e), 0);
	return s;
}

static void note(void *ctx, const struct frame *frames, unsigned n)
{
	(void)ctx;
	for (unsigned i = 0; i < n; i++)
		sprintf(seen + strlen(seen), "%c%d ", frames[i].data[0],
			(int)(frames[i].time_ns / 1000000000));
}

static const char *read_all(const int *seconds[FILES], int cut, unsigned budget)
{
	struct source *sources[FILES];
	struct in_order *o;
	struct err e;
	int n = 0;

	*seen = '\0';
	for (int i = 0; i < FILES; i++)
		sources[i] = capture((char)('a' + i), seconds[i], i == cut);
	o = in_order_new(sources, FILES);
	while (n != -ENODATA) {
		n = in_order_read(o, budget, note, NULL, &e);
		assert_true(n <= (int)budget);
		if (n < 0 && n != -ENODATA)
			sprintf(seen + strlen(seen), "!%c ", 'a' + (int)in_order_current(o));
	}
	in_order_free(o);
	for (int i = 0; i < FILES; i++)
		source_free(sources[i]);
	return seen;
}
#define FRAMES(...)                                                                                \
	(const int[])                                                                              \
	{                                                                                          \
		__VA_ARGS__, -1                                                                    \
	}
static const int none[] = {-1};

/* --- notes of recordings ---------------------------------------------------------------------- */

/* A recording: a letter is a frame of this second, "*" a note with the same letter. */
static struct source *recording(char letter, const char *what)
{
	const struct source_interface i = {.name = "eth0", .linktype = 1};
	int fd = memfd_create("recording", 0);
	struct frame f = {.data = (const uint8_t *)&letter, .caplen = 1, .wirelen = 1};
	struct pcapng_writer *w;
	struct source *s;
	struct err e;

	assert_int_equal(pcapng_writer_new(&w, dup(fd), "test"), 0);
	assert_int_equal(pcapng_writer_interface(w, &i), 0);
	for (; *what; what++) {
		if (*what == '*') {
			assert_int_equal(pcapng_writer_note(w, "note ", 5, &letter, 1), 0);
			continue;
		}
		f.time_ns = (*what - '0') * 1000000000ll;
		assert_int_equal(pcapng_writer_frame(w, 0, &f, NULL), 0);
	}
	assert_int_equal(pcapng_writer_free(w, &e), 0);
	lseek(fd, 0, SEEK_SET);
	assert_int_equal(file_source_new(&s, fd, "recording", NULL, &e), 0);
	return s;
}

/* Padding fills a block up to 32 bits. */
static void on_note(void *ctx, const uint8_t *data, size_t n)
{
	(void)ctx;
	assert_int_equal(n, 8);
	assert_memory_equal(data, "note ", 5);
	sprintf(seen + strlen(seen), "*%c ", data[5]);
}

static void notes_stay_where_they_stood(void **state)
{
	struct source *sources[2] = {recording('a', "*12*4*"), recording('b', "**3*56")};
	struct in_order *o;
	struct err e;

	(void)state;
	*seen = '\0';
	o = in_order_new(sources, 2);
	in_order_on_note(o, on_note, NULL);
	while (in_order_read(o, 64, note, NULL, &e) != -ENODATA)
		;
	assert_string_equal(seen, "*a a1 a2 *b *b b3 *a a4 *a *b b5 b6 ");
	in_order_free(o);
	source_free(sources[0]);
	source_free(sources[1]);
}

static void notes_of_one_file(void **state)
{
	struct source *s = recording('a', "*12**4*");
	struct err e;

	(void)state;
	*seen = '\0';
	source_on_note(s, on_note, NULL);
	while (source_read(s, 64, note, NULL, &e) != -ENODATA)
		;
	assert_string_equal(seen, "*a a1 a2 *a *a a4 *a ");
	source_free(s);
	s = recording('a', "*12**4*"); /* who does not ask sees a plain capture */
	*seen = '\0';
	while (source_read(s, 1, note, NULL, &e) != -ENODATA)
		;
	assert_string_equal(seen, "a1 a2 a4 ");
	source_free(s);
}

static void oldest_first(void **state)
{
	const int *apart[] = {FRAMES(5, 6), FRAMES(1, 2), FRAMES(3, 4)};
	const int *mixed[] = {FRAMES(1, 4, 7), FRAMES(2, 5, 8), FRAMES(3, 6)};

	(void)state;
	for (unsigned budget = 1; budget < 9; budget++) {
		assert_string_equal(read_all(apart, -1, budget), "b1 b2 c3 c4 a5 a6 ");
		assert_string_equal(read_all(mixed, -1, budget), "a1 b2 c3 a4 b5 c6 a7 b8 ");
	}
}

static void ties_as_named_and_order_within(void **state)
{
	const int *ties[] = {FRAMES(2, 2), FRAMES(2, 3), FRAMES(2)};
	const int *late[] = {FRAMES(5, 1, 6), FRAMES(4, 7), none};
	const int *timeless[] = {FRAMES(5, 0, 9), FRAMES(6), none};

	(void)state;
	assert_string_equal(read_all(ties, -1, 64), "a2 a2 b2 c2 b3 ");
	assert_string_equal(read_all(late, -1, 64), "b4 a5 a1 a6 b7 ");
	assert_string_equal(read_all(timeless, -1, 64), "a5 a0 b6 a9 ");
}

static void damage_ends_one_of_them(void **state)
{
	const int *s[] = {FRAMES(1, 4), FRAMES(2, 3), FRAMES(5)};

	(void)state;
	assert_string_equal(read_all(s, 1, 64), "a1 b2 b3 !b a4 c5 ");
	assert_string_equal(read_all((const int *[]){none, none, none}, -1, 64), "");
}

static void longer_than_a_batch(void **state)
{
	int even[101], odd[101];
	const int *s[] = {even, odd, none};
	const char *w;

	(void)state;
	for (int i = 0; i < 100; i++) {
		even[i] = 2 * i;
		odd[i] = 2 * i + 1;
	}
	even[0] = 1; /* 0 would be no time */
	even[100] = odd[100] = -1;
	w = read_all(s, -1, 8192);
	for (int i = 0; i < 200; i++) {
		char letter;
		int at, n;

		assert_int_equal(sscanf(w, "%c%d %n", &letter, &at, &n), 2);
		assert_int_equal(letter, "ab"[i % 2]);
		assert_int_equal(at, i ? i : 1);
		w += n;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(oldest_first),
		cmocka_unit_test(notes_stay_where_they_stood),
		cmocka_unit_test(notes_of_one_file),
		cmocka_unit_test(ties_as_named_and_order_within),
		cmocka_unit_test(damage_ends_one_of_them),
		cmocka_unit_test(longer_than_a_batch),
	};

	return cmocka_run_group_tests_name("in_order", tests, NULL, NULL);
}
