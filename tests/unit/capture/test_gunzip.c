/* SPDX-License-Identifier: MIT
 *
 * Compressed captures, packed by zlib's other half.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <zlib.h>

#include "unit/capture/memory_file.h"

enum { PACKETS = 30000 };

/* A capture of numbered packets. */
static struct bytes capture(void)
{
	struct bytes b = {0};

	put_pcap_header(&b, 0xa1b2c3d4, 4, 1);
	for (uint32_t i = 0; i < PACKETS; i++)
		put_pcap_record(&b, i, 0, &i, sizeof(i));
	return b;
}

/* One gzip member of data[0..n), appended. */
static void pack(struct bytes *to, const uint8_t *data, size_t n)
{
	z_stream z = {0};
	size_t room;
	uint8_t *out;

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	room = deflateBound(&z, n);
	out = malloc(room);
	z.next_in = (uint8_t *)(uintptr_t)data;
	z.avail_in = (unsigned)n;
	z.next_out = out;
	z.avail_out = (unsigned)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	put(to, out, room - z.avail_out);
	deflateEnd(&z);
	free(out);
}

static int read_bytes(const struct bytes *b, size_t len, struct sums *t, struct err *e)
{
	struct source *s;
	struct source_stats stats;
	int rc;

	assert_int_equal(open_memory(&s, b->data, len, NULL, e), 0);
	rc = sum_all(s, t, e);
	source_stats(s, &stats);
	assert_int_equal(stats.size, len);
	assert_true(stats.bytes <= len);
	source_free(s);
	return rc;
}

/* In one member, and in two cut inside a record and followed by padding. */
static void test_members(void **state)
{
	struct bytes plain = capture();

	(void)state;
	for (unsigned members = 1; members <= 2; members++) {
		size_t first = members == 1 ? plain.len : plain.len / 2 + 3;
		struct bytes packed = {0};
		struct sums t = {0};
		struct err e;

		pack(&packed, plain.data, first);
		if (members == 2) {
			pack(&packed, plain.data + first, plain.len - first);
			put(&packed, "\0\0\0\0", 4);
		}
		assert_int_equal(read_bytes(&packed, packed.len, &t, &e), -ENODATA);
		assert_int_equal(t.frames, PACKETS);
		assert_int_equal(t.last_ns, (PACKETS - 1) * 1000000000LL);
		bytes_done(&packed);
	}
	bytes_done(&plain);
}

static void test_cut_and_damaged(void **state)
{
	struct bytes plain = capture(), packed = {0};
	struct sums cut = {0}, damaged = {0};
	struct err e = {""};

	(void)state;
	pack(&packed, plain.data, plain.len);
	assert_int_equal(read_bytes(&packed, packed.len / 2, &cut, &e), -EBADMSG);
	assert_true(cut.frames > PACKETS / 4 && cut.frames < PACKETS);
	assert_non_null(strstr(e.text, "gzip stream is damaged or cut off"));
	packed.data[packed.len - 6] ^= 1; /* its checksum */
	assert_int_equal(read_bytes(&packed, packed.len, &damaged, &e), -EBADMSG);
	assert_int_equal(damaged.frames, PACKETS);
	bytes_done(&packed);
	bytes_done(&plain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_cut_and_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
