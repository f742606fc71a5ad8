/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "unit/capture/memory_file.h"

struct kept {
	struct frame frame;
	unsigned count;
};

static void keep(void *ctx, const struct frame *frames, unsigned n)
{
	struct kept *k = ctx;

	k->frame = frames[n - 1];
	k->frame.data = NULL;
	k->count += n;
}

static int read_one(const struct bytes *b, struct kept *k, struct err *e)
{
	struct source *s;
	int rc;

	*k = (struct kept){0};
	assert_int_equal(open_memory(&s, b->data, b->len, NULL, e), 0);
	do
		rc = source_read(s, 10, keep, k, e);
	while (rc >= 0);
	source_free(s);
	return rc;
}

/* Each magic in each byte order: one packet at 3 s and 7 units. */
static void test_forms(void **state)
{
	static const struct {
		uint32_t magic;
		bool modified;
		int64_t time_ns;
	} forms[] = {
		{0xa1b2c3d4, false, 3000007000},
		{0xa1b23c4d, false, 3000000007},
		{0xa1b2cd34, true, 3000007000},
	};

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		struct bytes b = {.big_endian = i & 1};
		struct kept k;
		struct err e;

		/* Link type 101 under the flag that says that frames carry a checksum. */
		put_pcap_header(&b, forms[i / 2].magic, 4, 0x04000065);
		put32(&b, 3);
		put32(&b, 7);
		put32(&b, 5);
		put32(&b, 99);
		if (forms[i / 2].modified)
			put(&b, "\0\0\0\0\0\0\4", 8); /* direction 4: outgoing */
		put(&b, "hello", 5);
		assert_int_equal(read_one(&b, &k, &e), -ENODATA);
		assert_int_equal(k.count, 1);
		assert_int_equal(k.frame.time_ns, forms[i / 2].time_ns);
		assert_int_equal(k.frame.caplen, 5);
		assert_int_equal(k.frame.wirelen, 99);
		assert_int_equal(k.frame.linktype, 101);
		assert_int_equal(k.frame.direction,
				 forms[i / 2].modified ? FRAME_DIR_OUT : FRAME_DIR_UNKNOWN);
		bytes_done(&b);
	}
}

/* Before 2.3 the wire length came first; 2.3 did either, and the smaller is what was captured. */
static void test_old_versions(void **state)
{
	static const struct {
		uint16_t major, minor;
		uint32_t first, second, caplen, wirelen;
	} rows[] = {
		{2, 2, 60, 4, 4, 60}, {2, 3, 60, 4, 4, 60},   {2, 3, 4, 60, 4, 60},
		{2, 4, 4, 60, 4, 60}, {543, 0, 60, 4, 4, 60}, {2, 5, 4, 60, 4, 60},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes b = {0};
		struct kept k;
		struct err e;

		put_pcap_header(&b, 0xa1b2c3d4, rows[i].minor, 1);
		b.data[4] = (uint8_t)rows[i].major;
		b.data[5] = (uint8_t)(rows[i].major >> 8);
		put64(&b, 0);
		put32(&b, rows[i].first);
		put32(&b, rows[i].second);
		put(&b, "abcd", 4);
		assert_int_equal(read_one(&b, &k, &e), -ENODATA);
		assert_int_equal(k.count, 1);
		assert_int_equal(k.frame.caplen, rows[i].caplen);
		assert_int_equal(k.frame.wirelen, rows[i].wirelen);
		bytes_done(&b);
	}
}

static void test_versions_refused(void **state)
{
	static const uint16_t majors[] = {0, 1, 3, 544};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct bytes b = {0};
		struct kept k;
		struct err e;

		put_pcap_header(&b, 0xa1b2c3d4, 4, 1);
		b.data[4] = (uint8_t)majors[i];
		b.data[5] = (uint8_t)(majors[i] >> 8);
		assert_int_equal(read_one(&b, &k, &e), -EBADMSG);
		assert_non_null(strstr(e.text, "is none that exists"));
		bytes_done(&b);
	}
}

/* 2038 and after: seconds are unsigned. A fraction of a second or more is no fraction. */
static void test_times(void **state)
{
	static const struct {
		uint32_t seconds, fraction;
		int64_t time_ns;
	} rows[] = {
		{0x80000000, 999999, 2147483648999999000},
		{0xffffffff, 0, 4294967295000000000},
		{5, 1000000, 5000000000},
		{5, 0xffffffff, 5000000000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes b = {0};
		struct kept k;
		struct err e;

		put_pcap_header(&b, 0xa1b2c3d4, 4, 1);
		put_pcap_record(&b, rows[i].seconds, rows[i].fraction, "", 0);
		assert_int_equal(read_one(&b, &k, &e), -ENODATA);
		assert_int_equal(k.frame.time_ns, rows[i].time_ns);
		bytes_done(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_old_versions),
		cmocka_unit_test(test_versions_refused),
		cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
