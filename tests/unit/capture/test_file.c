/* SPDX-License-Identifier: MIT
 *
 * Capture files as a whole: every capture of the corpus against what tshark counted in it, and what
 * is said about files that are damaged or no captures.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit/capture/memory_file.h"

#define CORPUS "../shared/corpus"

/* --- the corpus ------------------------------------------------------------------------------- */

/* Captures where tshark shows something else than the file holds: what it holds, by hand. */
static const struct exception {
	const char *name, *why;
	struct frame_sums want;
	int end;
} exceptions[] = {
	{"tcpdump__edsa.pcap",
	 "tshark knows no link type 285; tcpdump prints these ten",
	 {10, 872, 872, 80504604675000, 80509809342000},
	 -ENODATA},
	{"pcapngtest__le_difficult_test202.pcapng",
	 "tshark shows blocks of unknown type as frames 1, 7 and 10",
	 {8, 1156 - 24 - 60 - 32, 2420 - 24 - 60 - 32, 1340954905298858000, 1340954905301858000},
	 -ENODATA},
	{"tcpdump__timestamp_invalid_nano.pcap",
	 "the last fraction is 2147483648 ns, which tshark prints as such",
	 {3, 220, 220, 1418145369999999999, 1418145370000000000},
	 -ENODATA},
	{"ndpi__fuzz-2021-06-07-c6c72a0a56.pcap",
	 "a fraction of more than a second; tshark ends a wire length at 2^31 - 1",
	 {1, 48, 0xf3fdfe30, 1953631157000000000, 1953631157000000000},
	 -ENODATA},
	{"pcapplusplus__fuzz_cf-5755755617189888",
	 "tshark ends a wire length at 2^31 - 1",
	 {2, 65575, 0xd6921c1cULL + 262144, 4294943870023040000, 16416000000000},
	 -EBADMSG},
	{"pcapplusplus__fuzz_cf-5631583764873216", "reserved bits in the link type", {0}, -EBADMSG},
	{"libpcap__pcap-invalid-version-1.pcap", "version 1", {0}, -EBADMSG},
	{"libpcap__shb-option-too-long.pcapng", "two lengths of a block differ", {0}, -EBADMSG},
};

static const struct exception *exception_of(const char *name)
{
	for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++) {
		if (!strcmp(exceptions[i].name, name))
			return &exceptions[i];
	}
	return NULL;
}

/* "1385482078.892062000", "0" or "" as tshark prints them. */
static int64_t epoch_ns(const char *text)
{
	char *end;
	int64_t s = strtoll(text, &end, 10);

	return s * 1000000000 + (*end == '.' ? strtoll(end + 1, NULL, 10) : 0);
}

static void read_expected(const char *name, struct frame_sums *want)
{
	char path[512], line[4096], key[64], value[512];
	FILE *f;

	*want = (struct frame_sums){0};
	snprintf(path, sizeof(path), CORPUS "/expected/%s.tsv", name);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		value[0] = '\0';
		if (sscanf(line, "meta\t%63[^\t\n]\t%511[^\n]", key, value) < 1)
			continue;
		if (!strcmp(key, "frames"))
			want->frames = strtoull(value, NULL, 10);
		else if (!strcmp(key, "cap_bytes"))
			want->captured = strtoull(value, NULL, 10);
		else if (!strcmp(key, "wire_bytes"))
			want->wire = strtoull(value, NULL, 10);
		else if (!strcmp(key, "first_epoch"))
			want->first_ns = epoch_ns(value);
		else if (!strcmp(key, "last_epoch"))
			want->last_ns = epoch_ns(value);
	}
	fclose(f);
}

static unsigned compare(const char *name)
{
	const struct exception *x = exception_of(name);
	struct frame_sums want, got = {0};
	struct err e = {""};
	struct source *s;
	char path[512];
	int rc;

	snprintf(path, sizeof(path), CORPUS "/%s", name);
	assert_int_equal(source_open_file(&s, path, NULL, &e), 0);
	rc = sum_all(s, &got, &e);
	source_free(s);
	if (x)
		want = x->want;
	else
		read_expected(name, &want);
	if (!memcmp(&want, &got, sizeof(got)) && rc == (x ? x->end : -ENODATA))
		return 0;
	print_message("%s: %d %s: frames %" PRIu64 "/%" PRIu64 " captured %" PRIu64 "/%" PRIu64
		      " wire %" PRIu64 "/%" PRIu64 " first %" PRId64 "/%" PRId64 " last %" PRId64
		      "/%" PRId64 "\n",
		      name, rc, e.text, got.frames, want.frames, got.captured, want.captured,
		      got.wire, want.wire, got.first_ns, want.first_ns, got.last_ns, want.last_ns);
	return 1;
}

static void test_corpus(void **state)
{
	unsigned files = 0, differ = 0;
	struct dirent *d;
	DIR *dir = opendir(CORPUS "/expected");

	(void)state;
	if (!dir) {
		print_message("skipped: no " CORPUS "\n");
		skip();
	}
	while ((d = readdir(dir))) {
		char *tsv = strstr(d->d_name, ".tsv");

		if (!tsv || tsv[4])
			continue;
		*tsv = '\0';
		files++;
		differ += compare(d->d_name);
	}
	closedir(dir);
	assert_true(files > 200);
	assert_int_equal(differ, 0);
}

/* --- files that are none, or not whole -------------------------------------------------------- */

/* Two packets of 4 and 6 bytes, at 1.5 s and 2 s. */
static struct bytes two_packets(void)
{
	struct bytes b = {0};

	put_pcap_header(&b, 0xa1b2c3d4, 4, 1);
	put_pcap_record(&b, 1, 500000, "abcd", 4);
	put_pcap_record(&b, 2, 0, "efghij", 6);
	return b;
}

static int read_bytes(const void *data, size_t len, struct frame_sums *t, struct err *e)
{
	struct source *s;
	int rc;

	assert_int_equal(open_memory(&s, data, len, NULL, e), 0);
	rc = sum_all(s, t, e);
	source_free(s);
	return rc;
}

static void test_no_capture(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *says;
	} rows[] = {
		{"", 0, "memory.pcap is empty"},
		{"\xd4\xc3", 2, "is not a capture: it begins with d4 c3;"},
		{"hello, world\n", 13, "is not a capture: it begins with 68 65 6c 6c 6f 2c 20 77;"},
		{"\x1f\x8b\x08", 3, "gzip stream is damaged or cut off at byte 3"},
		{"\x1f\x8b\x08\0\0\0\0\0\0\3\7\7\7\7", 14, "gzip stream is damaged"},
		{"BZh91", 5, "compressed with bzip2"},
		{"\x28\xb5\x2f\xfd\x24", 5,
		 SOCKLENS_ZSTD ? "zstd stream is damaged or cut off" : "compressed with zstd"},
		{"\x04\x22\x4d\x18", 4,
		 SOCKLENS_LZ4 ? "lz4 stream is damaged or cut off" : "compressed with lz4"},
		{"\xd4\xc3\xb2\xa1\x02\x00\x04\x00", 8, "cut off after 8 bytes, inside the header"},
		{"\x0a\x0d\x0d\x0a\x1c\x00\x00\x00", 8, "cut off after 8 bytes, inside the header"},
		{"\x0a\x0d\x0d\x0aHTTP", 8, "cut off after 8 bytes, inside the header"},
		{"\x0a\x0d\x0d\x0aHTTP/1.1", 12, "no byte order magic"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct frame_sums t = {0};
		struct err e = {""};

		assert_int_equal(read_bytes(rows[i].bytes, rows[i].len, &t, &e), -EBADMSG);
		assert_int_equal(t.frames, 0);
		if (!strstr(e.text, rows[i].says))
			fail_msg("row %zu: %s", i, e.text);
	}
}

static void test_every_prefix(void **state)
{
	struct bytes b = two_packets();

	(void)state;
	assert_int_equal(b.len, 24 + 20 + 22);
	for (size_t len = 24; len <= b.len; len++) {
		bool whole = len == 24 || len == 44 || len == 66;
		struct frame_sums t = {0};
		struct err e = {""};

		assert_int_equal(read_bytes(b.data, len, &t, &e), whole ? -ENODATA : -EBADMSG);
		assert_int_equal(t.frames, len == 66 ? 2 : len >= 44);
		if (whole)
			continue;
		assert_non_null(strstr(e.text, "cut off at byte"));
		assert_non_null(
			strstr(e.text, len < 44 ? "begins at byte 24;" : "begins at byte 44;"));
	}
	bytes_done(&b);
}

static void test_damage(void **state)
{
	struct bytes b = two_packets();
	struct frame_sums t = {0};
	struct loss loss = {{0}};
	struct err e = {""};
	struct source *s;

	(void)state;
	put_pcap_record(&b, 3, 0, "k", 1);
	b.data[66 + 8 + 3] = 0x7f; /* captured length of the third: 0x7f000001 */
	assert_int_equal(open_memory(&s, b.data, b.len, NULL, &e), 0);
	assert_int_equal(sum_all(s, &t, &e), -EBADMSG);
	assert_int_equal(t.frames, 2);
	assert_non_null(
		strstr(e.text, "damaged at byte 66: a packet claims to hold 2130706433 bytes"));
	assert_int_equal(sum_all(s, &t, &e), -EBADMSG);
	assert_int_equal(t.frames, 2);
	source_loss(s, &loss);
	assert_int_equal(loss.count[LOSS_DAMAGED], 17);
	source_free(s);
	bytes_done(&b);
}

static void test_open_errors(void **state)
{
	struct source *s = NULL;
	struct err e;

	(void)state;
	assert_int_equal(source_open_file(&s, "no/such\x1b.pcap", NULL, &e), -ENOENT);
	assert_string_equal(e.text, "cannot open no/such\\x1b.pcap: No such file or directory");
	assert_int_equal(source_open_file(&s, "/", NULL, &e), -EISDIR);
	assert_string_equal(e.text, "/ is a directory: name a capture file in it");
	assert_int_equal(source_open_file(&s, "/dev/null", NULL, &e), -EINVAL);
	assert_non_null(strstr(e.text, "is a device"));
	assert_null(s);
}

/* --- blocks, batches, pipes ------------------------------------------------------------------- */

enum { MANY = 20000, LARGE = 1 << 20 };

struct sequence {
	uint32_t next;
	unsigned batches;
	bool wrong;
};

static void check_sequence(void *ctx, const struct frame *frames, unsigned n)
{
	struct sequence *q = ctx;

	q->batches++;
	q->wrong |= n == 0 || n > SOURCE_BATCH;
	for (unsigned i = 0; i < n; i++, q->next++) {
		uint32_t content;

		memcpy(&content, frames[i].data, sizeof(content));
		q->wrong |= content != q->next || frames[i].time_ns != q->next * 1000000000LL;
	}
}

/* Records cross the ends of blocks in every way: sizes vary, and some are larger than a block. */
static void put_many(struct bytes *b)
{
	uint8_t *packet = calloc(1, LARGE);

	assert_non_null(packet);
	put_pcap_header(b, 0xa1b2c3d4, 4, 1);
	for (uint32_t i = 0; i < MANY; i++) {
		memcpy(packet, &i, sizeof(i));
		put_pcap_record(b, i, 0, packet, i % 5000 == 4999 ? LARGE : 4 + i % 90);
	}
	free(packet);
}

static int read_sequence(struct source *s, unsigned budget, struct sequence *q, struct err *e)
{
	int rc;

	do {
		uint32_t before = q->next;

		rc = source_read(s, budget, check_sequence, q, e);
		if (rc >= 0)
			q->wrong |= (uint32_t)rc != q->next - before || (unsigned)rc > budget;
	} while (rc >= 0);
	return rc;
}

static void test_blocks(void **state)
{
	static const unsigned budgets[] = {1, 63, 64, 1000, UINT32_MAX};
	struct bytes b = {0};

	(void)state;
	put_many(&b);
	for (size_t i = 0; i < sizeof(budgets) / sizeof(budgets[0]); i++) {
		struct sequence q = {0};
		struct source_stats stats;
		struct source *s;
		struct err e;

		assert_int_equal(open_memory(&s, b.data, b.len, NULL, &e), 0);
		assert_int_equal(read_sequence(s, budgets[i], &q, &e), -ENODATA);
		assert_int_equal(q.next, MANY);
		assert_false(q.wrong);
		if (budgets[i] >= SOURCE_BATCH)
			assert_true(q.batches < MANY / 40);
		source_stats(s, &stats);
		assert_int_equal(stats.frames, MANY);
		assert_int_equal(stats.bytes, b.len);
		assert_int_equal(stats.size, b.len);
		assert_int_equal(source_fd(s), -1);
		source_free(s);
	}
	bytes_done(&b);
}

static void test_pipe(void **state)
{
	struct bytes b = two_packets();
	struct frame_sums t = {0};
	struct source *s;
	struct err e;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(file_source_new(&s, fds[0], "-", NULL, &e), 0);
	assert_int_equal(source_fd(s), fds[0]);
	/* Not even the magic yet, then half a record, then the rest, then the end. */
	assert_int_equal(write(fds[1], b.data, 3), 3);
	assert_int_equal(source_start(s, &e), 0);
	assert_int_equal(source_read(s, 10, sum_frames, &t, &e), 0);
	assert_int_equal(write(fds[1], b.data + 3, 47), 47);
	assert_int_equal(source_read(s, 10, sum_frames, &t, &e), 1);
	assert_int_equal(source_read(s, 10, sum_frames, &t, &e), 0);
	assert_int_equal(write(fds[1], b.data + 50, 16), 16);
	assert_int_equal(source_read(s, 10, sum_frames, &t, &e), 1);
	close(fds[1]);
	assert_int_equal(source_read(s, 10, sum_frames, &t, &e), -ENODATA);
	assert_int_equal(t.captured, 10);
	source_free(s);
	bytes_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_corpus),	     cmocka_unit_test(test_no_capture),
		cmocka_unit_test(test_every_prefix), cmocka_unit_test(test_damage),
		cmocka_unit_test(test_open_errors),  cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_pipe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
