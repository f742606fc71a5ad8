/* SPDX-License-Identifier: MIT
 *
 * Compressed captures, packed by the libraries' other halves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <zlib.h>
#if SOCKLENS_ZSTD
#include <zstd.h>
#endif
#if SOCKLENS_LZ4
#include <lz4frame.h>
#endif

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

/* One stream of data[0..n), appended. */
static void pack_gzip(struct bytes *to, const uint8_t *data, size_t n)
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

#if SOCKLENS_ZSTD
static void pack_zstd(struct bytes *to, const uint8_t *data, size_t n)
{
	ZSTD_CCtx *z = ZSTD_createCCtx();
	size_t room = ZSTD_compressBound(n);
	uint8_t *out = malloc(room);

	ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
	room = ZSTD_compress2(z, out, room, data, n);
	assert_false(ZSTD_isError(room));
	put(to, out, room);
	ZSTD_freeCCtx(z);
	free(out);
}
#endif

#if SOCKLENS_LZ4
static void pack_lz4(struct bytes *to, const uint8_t *data, size_t n)
{
	LZ4F_preferences_t how = {.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled};
	size_t room = LZ4F_compressFrameBound(n, &how);
	uint8_t *out = malloc(room);

	room = LZ4F_compressFrame(out, room, data, n, &how);
	assert_false(LZ4F_isError(room));
	put(to, out, room);
	free(out);
}
#endif

static const struct {
	const char *name;
	void (*pack)(struct bytes *to, const uint8_t *data, size_t n);
} formats[] = {
	{"gzip", pack_gzip},
#if SOCKLENS_ZSTD
	{"zstd", pack_zstd},
#endif
#if SOCKLENS_LZ4
	{"lz4", pack_lz4},
#endif
};

enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

static int read_bytes(const struct bytes *b, size_t len, struct frame_sums *t, struct err *e)
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

/* In one stream, and in two cut inside a record and followed by padding. */
static void test_members(void **state)
{
	struct bytes plain = capture();

	(void)state;
	for (unsigned i = 0; i < 2 * FORMATS; i++) {
		bool two = i & 1;
		size_t first = two ? plain.len / 2 + 3 : plain.len;
		struct bytes packed = {0};
		struct frame_sums t = {0};
		struct err e;

		formats[i / 2].pack(&packed, plain.data, first);
		if (two) {
			formats[i / 2].pack(&packed, plain.data + first, plain.len - first);
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
	struct bytes plain = capture();

	(void)state;
	for (unsigned i = 0; i < FORMATS; i++) {
		struct frame_sums cut = {0}, damaged = {0};
		struct bytes packed = {0};
		char why[64];
		struct err e = {""};

		snprintf(why, sizeof(why), "its %s stream is damaged or cut off", formats[i].name);
		formats[i].pack(&packed, plain.data, plain.len);
		assert_int_equal(read_bytes(&packed, packed.len / 2, &cut, &e), -EBADMSG);
		assert_true(cut.frames > PACKETS / 8 && cut.frames < PACKETS);
		assert_non_null(strstr(e.text, why));
		packed.data[packed.len - (i ? 1 : 6)] ^= 1; /* its checksum */
		assert_int_equal(read_bytes(&packed, packed.len, &damaged, &e), -EBADMSG);
		assert_true(damaged.frames > PACKETS / 2); /* but for what the format holds back */
		bytes_done(&packed);
	}
	bytes_done(&plain);
}

/* Every beginning of a small one, and every byte of it changed: read as far as it goes, never more. */
static void test_any_damage(void **state)
{
	struct bytes plain = {0};

	(void)state;
	put_pcap_header(&plain, 0xa1b2c3d4, 4, 1);
	for (uint32_t i = 0; i < 20; i++)
		put_pcap_record(&plain, i, 0, &i, sizeof(i));
	for (unsigned i = 0; i < FORMATS; i++) {
		struct bytes packed = {0};

		formats[i].pack(&packed, plain.data, plain.len);
		for (size_t at = 4; at < packed.len; at++) {
			struct frame_sums t = {0};
			struct err e;

			assert_true(read_bytes(&packed, at, &t, &e) < 0 && t.frames <= 20);
			packed.data[at] ^= 0x55;
			t = (struct frame_sums){0};
			assert_true(read_bytes(&packed, packed.len, &t, &e) < 0);
			packed.data[at] ^= 0x55;
		}
		bytes_done(&packed);
	}
	bytes_done(&plain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_cut_and_damaged),
		cmocka_unit_test(test_any_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
