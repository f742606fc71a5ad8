/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bpf/replay.h"

enum { RECORD = sizeof(struct sock_event) };

struct place {
	char dir[64], path[96];
};

static int set_up(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	snprintf(p->dir, sizeof(p->dir), "%s/replay-XXXXXX", P_tmpdir);
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->path, sizeof(p->path), "%s/events", p->dir);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;

	unlink(p->path);
	rmdir(p->dir);
	free(p);
	return 0;
}

static struct sock_event event(uint64_t cookie, uint64_t time_ns)
{
	return (struct sock_event){
		.cookie = cookie, .time_ns = time_ns, .kind = SOCK_EVENT_OPEN, .comm = "prog"};
}

static void record(const char *path, int64_t offset_ns, uint64_t cookie, uint64_t time_ns)
{
	struct sock_event ev = event(cookie, time_ns);
	struct replay_writer *w;
	struct err e;

	assert_int_equal(replay_append(&w, path, offset_ns, &e), 0);
	replay_put(w, &ev);
	assert_int_equal(replay_finish(w, &e), 0);
}

static long size_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return (long)st.st_size;
}

static void overwrite(const char *path, long at, const void *bytes, size_t n)
{
	FILE *f = fopen(path, "r+b");

	assert_non_null(f);
	assert_int_equal(fseek(f, at, SEEK_SET), 0);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void assert_refused(const char *path, const char *why)
{
	struct replay_reader *r;
	struct err e;

	assert_int_equal(replay_open(&r, path, &e), -EBADMSG);
	assert_non_null(strstr(e.text, why));
	assert_non_null(strstr(e.text, path));
}

/* The layout by hand, byte for byte, as the header file describes it. */
static void test_the_file_is_what_its_description_says(void **state)
{
	const struct place *p = *state;
	uint8_t bytes[REPLAY_HEADER_BYTES + RECORD];
	uint32_t word;
	uint64_t number;
	FILE *f;

	record(p->path, 1000, 42, 5);
	assert_int_equal(size_of(p->path), sizeof(bytes));
	f = fopen(p->path, "rb");
	assert_non_null(f);
	assert_int_equal(fread(bytes, 1, sizeof(bytes), f), sizeof(bytes));
	fclose(f);
	assert_memory_equal(bytes, "SOCKEVT\n", 8);
	memcpy(&word, bytes + 8, 4);
	assert_int_equal(word, 0x01020304);
	memcpy(&word, bytes + 12, 4);
	assert_int_equal(word, 1);
	memcpy(&word, bytes + 16, 4);
	assert_int_equal(word, 176);
	memcpy(&number, bytes + 24, 8);
	assert_int_equal(number, 1000);
	memcpy(&number, bytes + 32, 8); /* time_ns */
	assert_int_equal(number, 5);
	memcpy(&number, bytes + 40, 8); /* cookie */
	assert_int_equal(number, 42);
}

static void test_only_the_owner_may_read_it(void **state)
{
	const struct place *p = *state;
	struct stat st;

	record(p->path, 0, 1, 1);
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void test_events_come_back_in_order_at_wall_clock_time(void **state)
{
	const struct place *p = *state;
	struct replay_reader *r;
	struct sock_event ev;
	struct err e;

	record(p->path, 1000, 1, 5);
	record(p->path, 1000, 2, 6);
	assert_int_equal(replay_open(&r, p->path, &e), 0);
	assert_int_equal(replay_next(r, &ev, &e), 1);
	assert_int_equal(ev.cookie, 1);
	assert_int_equal(ev.time_ns, 1005);
	assert_string_equal(ev.comm, "prog");
	assert_int_equal(replay_next(r, &ev, &e), 1);
	assert_int_equal(ev.cookie, 2);
	assert_int_equal(ev.time_ns, 1006);
	assert_int_equal(replay_next(r, &ev, &e), 0);
	replay_close(r);
}

static void test_a_moved_clock_keeps_wall_clock_times(void **state)
{
	const struct place *p = *state;
	struct sock_event ev = event(3, 7);
	struct replay_reader *r;
	struct replay_writer *w;
	struct err e;

	record(p->path, 1000, 1, 5);
	assert_int_equal(replay_append(&w, p->path, 4000, &e), 0);
	replay_put(w, &ev); /* 4007 */
	replay_set_offset(w, 5000);
	replay_put(w, &ev); /* 5007 */
	assert_int_equal(replay_finish(w, &e), 0);
	assert_int_equal(replay_open(&r, p->path, &e), 0);
	assert_int_equal(replay_next(r, &ev, &e), 1);
	assert_int_equal(ev.time_ns, 1005);
	assert_int_equal(replay_next(r, &ev, &e), 1);
	assert_int_equal(ev.time_ns, 4007);
	assert_int_equal(replay_next(r, &ev, &e), 1);
	assert_int_equal(ev.time_ns, 5007);
	replay_close(r);
}

static void test_every_cut_reads_up_to_the_last_whole_record(void **state)
{
	const struct place *p = *state;
	struct replay_reader *r;
	struct sock_event ev;
	struct err e;
	int whole, rc;

	record(p->path, 0, 1, 1);
	record(p->path, 0, 2, 2);
	for (long n = size_of(p->path); n >= 0; n--) {
		assert_int_equal(truncate(p->path, n), 0);
		if (n < REPLAY_HEADER_BYTES) {
			assert_refused(p->path, n < 8 ? "no recording" : "cut within its header");
			continue;
		}
		assert_int_equal(replay_open(&r, p->path, &e), 0);
		for (whole = 0; (rc = replay_next(r, &ev, &e)) > 0; whole++)
			assert_int_equal(ev.cookie, whole + 1);
		assert_int_equal(whole, (n - REPLAY_HEADER_BYTES) / RECORD);
		assert_int_equal(rc, (n - REPLAY_HEADER_BYTES) % RECORD ? -EBADMSG : 0);
		if (rc)
			assert_non_null(strstr(e.text, "cut after record"));
		replay_close(r);
	}
}

static void test_appending_drops_a_cut_record(void **state)
{
	const struct place *p = *state;
	struct replay_reader *r;
	struct sock_event ev;
	struct err e;

	record(p->path, 0, 1, 1);
	record(p->path, 0, 2, 2);
	assert_int_equal(truncate(p->path, size_of(p->path) - 9), 0);
	record(p->path, 0, 3, 3);
	assert_int_equal(size_of(p->path), REPLAY_HEADER_BYTES + 2 * RECORD);
	assert_int_equal(replay_open(&r, p->path, &e), 0);
	assert_int_equal(replay_next(r, &ev, &e), 1);
	assert_int_equal(replay_next(r, &ev, &e), 1);
	assert_int_equal(ev.cookie, 3);
	assert_int_equal(replay_next(r, &ev, &e), 0);
	replay_close(r);
}

static void test_foreign_headers_are_refused_with_the_reason(void **state)
{
	static const struct {
		long at;
		const char *bytes;
		size_t n;
		const char *why;
	} rows[] = {
		{0, "\xd4\xc3\xb2\xa1", 4, "no recording"},
		{12, "\x07", 1, "version 7"},
		{16, "\x80", 1, "records of 128 bytes"},
		{24, "\xff\xff\xff\xff\xff\xff\xff\x7f", 8, "clock offset"},
		{8, "\x01\x02\x03\x05", 4, "byte order"},
	};
	const struct place *p = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unlink(p->path);
		record(p->path, 0, 1, 1);
		overwrite(p->path, rows[i].at, rows[i].bytes, rows[i].n);
		assert_refused(p->path, rows[i].why);
	}
}

static void test_the_other_byte_order_is_named(void **state)
{
	const struct place *p = *state;
	uint8_t mark[4], swapped[4];
	uint32_t order = 0x01020304;

	memcpy(mark, &order, sizeof(mark));
	for (int i = 0; i < 4; i++)
		swapped[i] = mark[3 - i];
	record(p->path, 0, 1, 1);
	overwrite(p->path, 8, swapped, sizeof(swapped));
	assert_refused(p->path, "other byte order");
}

static void assert_second_refused(const struct place *p, const char *why)
{
	struct replay_reader *r;
	struct sock_event ev;
	struct err e;

	assert_int_equal(replay_open(&r, p->path, &e), 0);
	assert_int_equal(replay_next(r, &ev, &e), 1);
	assert_int_equal(replay_next(r, &ev, &e), -EBADMSG);
	assert_int_equal(ev.cookie, 1); /* outputs untouched */
	assert_non_null(strstr(e.text, why));
	replay_close(r);
}

static void test_damaged_records_are_named(void **state)
{
	static const uint8_t far[8] = {[0] = 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	const struct place *p = *state;
	const long second = REPLAY_HEADER_BYTES + RECORD;
	const uint8_t kinds[] = {SOCK_EVENT_NONE, SOCK_EVENT_KINDS};

	record(p->path, 0, 1, 1);
	record(p->path, 0, 2, 2);
	for (size_t i = 0; i < sizeof(kinds); i++) {
		overwrite(p->path, second + 16, &kinds[i], 1);
		assert_second_refused(p, "record 2 is of unknown kind");
	}
	overwrite(p->path, second + 16, "\x01", 1);
	overwrite(p->path, second, far, sizeof(far));
	assert_second_refused(p, "record 2 has an impossible time");
}

/* More bytes than could be added up, in any of the four counts; as many as that are fine. */
static void test_counts_of_bytes_have_an_end(void **state)
{
	static const size_t counts[] = {
		offsetof(struct sock_event, totals.tx_bytes),
		offsetof(struct sock_event, totals.rx_bytes),
		offsetof(struct sock_event, totals.acked_bytes),
		offsetof(struct sock_event, totals.received_bytes),
	};
	const uint64_t most = UINT64_MAX / 4, more = most + 1;
	const struct place *p = *state;
	const long second = REPLAY_HEADER_BYTES + RECORD;
	const uint8_t kind = SOCK_EVENT_TOTALS;
	struct replay_reader *r;
	struct sock_event ev;
	struct err e;

	record(p->path, 0, 1, 1);
	record(p->path, 0, 2, 2);
	overwrite(p->path, second + 16, &kind, 1);
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		overwrite(p->path, second + (long)counts[i], &more, sizeof(more));
		assert_second_refused(p, "record 2 has an impossible number of bytes");
		overwrite(p->path, second + (long)counts[i], &most, sizeof(most));
	}
	assert_int_equal(replay_open(&r, p->path, &e), 0);
	assert_int_equal(replay_next(r, &ev, &e), 1);
	assert_int_equal(replay_next(r, &ev, &e), 1);
	replay_close(r);
}

static void test_names_end_where_unix_ends_them(void **state)
{
	const struct place *p = *state;
	const long name = REPLAY_HEADER_BYTES + RECORD + (long)offsetof(struct sock_event, un);
	const uint8_t kind = SOCK_EVENT_UNIX;
	const uint16_t most = 108, more = 109;
	const uint8_t at = 109;
	struct replay_reader *r;
	struct sock_event ev;
	struct err e;

	record(p->path, 0, 1, 1);
	record(p->path, 0, 2, 2);
	overwrite(p->path, REPLAY_HEADER_BYTES + RECORD + 16, &kind, 1);
	overwrite(p->path, name + 12, &most, 2);
	assert_int_equal(replay_open(&r, p->path, &e), 0);
	assert_int_equal(replay_next(r, &ev, &e), 1);
	assert_int_equal(replay_next(r, &ev, &e), 1);
	assert_int_equal(ev.kind, SOCK_EVENT_UNIX);
	assert_int_equal(ev.un.path_bytes, 108);
	replay_close(r);
	overwrite(p->path, name + 14, &at, 1);
	assert_second_refused(p, "record 2 has an impossible name");
	overwrite(p->path, name + 14, "", 1);
	overwrite(p->path, name + 12, &more, 2);
	assert_second_refused(p, "record 2 has an impossible name");
}

static void test_what_cannot_be_opened_says_why(void **state)
{
	const struct place *p = *state;
	struct replay_reader *r;
	struct replay_writer *w;
	struct err e;

	assert_int_equal(replay_open(&r, p->path, &e), -ENOENT);
	assert_non_null(strstr(e.text, "No such file"));
	assert_int_equal(replay_open(&r, p->dir, &e), -EISDIR);
	assert_int_equal(replay_append(&w, p->dir, 0, &e), -EISDIR);
	/* Never write into a file that is something else. */
	record(p->path, 0, 1, 1);
	overwrite(p->path, 0, "GIF89a", 6);
	assert_int_equal(replay_append(&w, p->path, 0, &e), -EBADMSG);
	assert_int_equal(size_of(p->path), REPLAY_HEADER_BYTES + RECORD);
	replay_close(NULL);
	assert_int_equal(replay_finish(NULL, &e), 0);
}

static void test_a_full_disk_shows_at_the_end(void **state)
{
	struct sock_event ev = event(1, 1);
	struct replay_writer *w;
	struct err e;

	(void)state;
	if (access("/dev/full", W_OK)) {
		print_message("skip: no /dev/full here\n");
		skip();
	}
	assert_int_equal(replay_append(&w, "/dev/full", 0, &e), 0);
	replay_put(w, &ev);
	assert_int_equal(replay_finish(w, &e), -ENOSPC);
	assert_non_null(strstr(e.text, "No space left"));
}

int main(void)
{
#define in_place(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		in_place(test_the_file_is_what_its_description_says),
		in_place(test_only_the_owner_may_read_it),
		in_place(test_events_come_back_in_order_at_wall_clock_time),
		in_place(test_a_moved_clock_keeps_wall_clock_times),
		in_place(test_every_cut_reads_up_to_the_last_whole_record),
		in_place(test_appending_drops_a_cut_record),
		in_place(test_foreign_headers_are_refused_with_the_reason),
		in_place(test_the_other_byte_order_is_named),
		in_place(test_damaged_records_are_named),
		in_place(test_counts_of_bytes_have_an_end),
		in_place(test_names_end_where_unix_ends_them),
		in_place(test_what_cannot_be_opened_says_why),
		in_place(test_a_full_disk_shows_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
