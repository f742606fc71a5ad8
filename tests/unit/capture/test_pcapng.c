/* SPDX-License-Identifier: MIT
 *
 * Blocks as the draft writes them, in both byte orders; the corpus is compared in test_file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "unit/capture/memory_file.h"

/* --- writing ---------------------------------------------------------------------------------- */

static size_t begin(struct bytes *b, uint32_t type)
{
	size_t at = b->len;

	put32(b, type);
	put32(b, 0);
	return at;
}

static void end(struct bytes *b, size_t at)
{
	uint32_t total = (uint32_t)(b->len - at + 4);
	struct bytes length = {.big_endian = b->big_endian};

	put32(b, total);
	put32(&length, total);
	memcpy(b->data + at + 4, length.data, 4);
	bytes_done(&length);
}

static void put_padded(struct bytes *b, const void *data, size_t n)
{
	put(b, data, n);
	put(b, "\0\0\0", -n & 3);
}

static void put_option(struct bytes *b, uint16_t code, const void *value, uint16_t n)
{
	put16(b, code);
	put16(b, n);
	put_padded(b, value, n);
}

static void put_option_number(struct bytes *b, uint16_t code, uint64_t v, unsigned size)
{
	put16(b, code);
	put16(b, (uint16_t)size);
	put_number(b, v, size);
	put(b, "\0\0\0", -(size_t)size & 3);
}

static void put_shb(struct bytes *b)
{
	size_t at = begin(b, 0x0a0d0d0a);

	put32(b, 0x1a2b3c4d);
	put16(b, 1);
	put16(b, 0);
	put64(b, UINT64_MAX);
	end(b, at);
}

static size_t begin_idb(struct bytes *b, uint16_t linktype, uint32_t snaplen)
{
	size_t at = begin(b, 1);

	put16(b, linktype);
	put16(b, 0);
	put32(b, snaplen);
	return at;
}

static void put_idb(struct bytes *b, uint16_t linktype, uint32_t snaplen)
{
	end(b, begin_idb(b, linktype, snaplen));
}

static size_t begin_epb(struct bytes *b, uint32_t interface, uint64_t ticks, const char *data)
{
	size_t at = begin(b, 6);

	put32(b, interface);
	put32(b, (uint32_t)(ticks >> 32));
	put32(b, (uint32_t)ticks);
	put32(b, (uint32_t)strlen(data));
	put32(b, 1000);
	put_padded(b, data, strlen(data));
	return at;
}

static void put_epb(struct bytes *b, uint32_t interface, uint64_t ticks, const char *data)
{
	end(b, begin_epb(b, interface, ticks, data));
}

/* --- reading ---------------------------------------------------------------------------------- */

struct kept {
	struct frame frames[8];
	char data[8][16], comments[8][16];
	unsigned count;
};

static void keep(void *ctx, const struct frame *frames, unsigned n)
{
	struct kept *k = ctx;

	for (unsigned i = 0; i < n; i++) {
		assert_true(k->count < 8 && frames[i].caplen < 16 && frames[i].comment_len < 16);
		k->frames[k->count] = frames[i];
		memcpy(k->data[k->count], frames[i].data, frames[i].caplen);
		if (frames[i].comment)
			memcpy(k->comments[k->count], frames[i].comment, frames[i].comment_len);
		k->count++;
	}
}

static int read_kept(struct source **s, const struct bytes *b, struct kept *k, struct err *e)
{
	int rc;

	*k = (struct kept){0};
	assert_int_equal(open_memory(s, b->data, b->len, NULL, e), 0);
	do
		rc = source_read(*s, 10, keep, k, e);
	while (rc >= 0);
	return rc;
}

static void check(const struct kept *k, unsigned i, const char *data, int64_t time_ns,
		  uint16_t interface, uint16_t linktype)
{
	assert_true(i < k->count);
	assert_string_equal(k->data[i], data);
	assert_int_equal(k->frames[i].time_ns, time_ns);
	assert_int_equal(k->frames[i].interface, interface);
	assert_int_equal(k->frames[i].linktype, linktype);
}

/* --- tests ------------------------------------------------------------------------------------ */

static void put_three_packet_forms(struct bytes *b)
{
	size_t at;

	put_shb(b);
	put_idb(b, 1, 3);
	put_epb(b, 0, 5000001, "enhanced");
	at = begin(b, 3);
	put32(b, 700);
	put_padded(b, "sim", 3); /* 700 on the wire, cut at the snap length */
	end(b, at);
	at = begin(b, 2);
	put16(b, 0);
	put16(b, 9); /* lost before it */
	put32(b, 0);
	put32(b, 6000000);
	put32(b, 8);
	put32(b, 1000);
	put_padded(b, "obsolete", 8);
	put_option_number(b, 2, 1, 4);
	end(b, at);
}

static void test_packet_forms(void **state)
{
	(void)state;
	for (unsigned big = 0; big < 2; big++) {
		struct bytes b = {.big_endian = big};
		struct loss loss = {{0}};
		struct source *s;
		struct kept k;
		struct err e;

		put_three_packet_forms(&b);
		assert_int_equal(read_kept(&s, &b, &k, &e), -ENODATA);
		assert_int_equal(k.count, 3);
		check(&k, 0, "enhanced", 5000001000, 0, 1);
		check(&k, 1, "sim", 0, 0, 1);
		check(&k, 2, "obsolete", 6000000000, 0, 1);
		assert_int_equal(k.frames[0].wirelen, 1000);
		assert_int_equal(k.frames[1].wirelen, 700);
		assert_int_equal(k.frames[2].direction, FRAME_DIR_IN);
		source_loss(s, &loss);
		assert_int_equal(loss.count[LOSS_KERNEL], 9);
		source_free(s);
		bytes_done(&b);
	}
}

static void test_packet_options(void **state)
{
	struct bytes b = {0};
	struct source *s;
	struct kept k;
	struct err e;
	size_t at;

	(void)state;
	put_shb(&b);
	put_idb(&b, 1, 0);
	at = begin_epb(&b, 0, 0, "one");
	put_option(&b, 2988, "custom?", 7);
	put_option(&b, 1, "first", 5);
	put_option(&b, 1, "second", 6);
	put_option_number(&b, 2, 0xfffffffe, 4);
	put_option(&b, 0, "", 0);
	put_option(&b, 1, "after the end", 13);
	end(&b, at);
	put_epb(&b, 0, 0, "two");
	assert_int_equal(read_kept(&s, &b, &k, &e), -ENODATA);
	assert_int_equal(k.count, 2);
	assert_string_equal(k.comments[0], "first");
	assert_int_equal(k.frames[0].direction, FRAME_DIR_OUT);
	assert_null(k.frames[1].comment);
	assert_int_equal(k.frames[1].direction, FRAME_DIR_UNKNOWN);
	source_free(s);
	bytes_done(&b);
}

/* An option longer than its block loses the options, not the packet or what follows. */
static void test_bad_options(void **state)
{
	struct bytes b = {0};
	struct loss loss = {{0}};
	struct source *s;
	struct kept k;
	struct err e;
	size_t at;

	(void)state;
	put_shb(&b);
	put_idb(&b, 1, 0);
	at = begin_epb(&b, 0, 0, "one");
	put16(&b, 1);
	put16(&b, 500);
	put32(&b, 0);
	end(&b, at);
	put_epb(&b, 0, 0, "two");
	assert_int_equal(read_kept(&s, &b, &k, &e), -ENODATA);
	assert_int_equal(k.count, 2);
	assert_null(k.frames[0].comment);
	source_loss(s, &loss);
	assert_int_equal(loss.count[LOSS_DAMAGED], 4);
	source_free(s);
	bytes_done(&b);
}

/* Two sections of different byte order; ids start again, link types and resolutions differ. */
static void test_sections(void **state)
{
	struct bytes b = {0};
	struct source *s;
	struct kept k;
	struct err e;
	size_t at;

	(void)state;
	put_shb(&b);
	put_idb(&b, 1, 0);
	at = begin_idb(&b, 101, 77);
	put_option(&b, 2, "eth\x1b", 4);
	put_option_number(&b, 9, 9, 1);
	put_option_number(&b, 14, 100, 8);
	end(&b, at);
	put_epb(&b, 1, 5, "ns");
	put_epb(&b, 0, 5, "us");
	b.big_endian = true;
	put_shb(&b);
	at = begin_idb(&b, 113, 0);
	put_option_number(&b, 9, 0x80 | 10, 1); /* 1/1024 s */
	end(&b, at);
	put_epb(&b, 0, 1024 * 7 + 512, "two");
	assert_int_equal(read_kept(&s, &b, &k, &e), -ENODATA);
	assert_int_equal(k.count, 3);
	check(&k, 0, "ns", 100000000005, 1, 101);
	check(&k, 1, "us", 5000, 0, 1);
	check(&k, 2, "two", 7500000000, 2, 113);
	assert_string_equal(source_interface(s, 1)->name, "eth\x1b");
	assert_int_equal(source_interface(s, 1)->snaplen, 77);
	assert_null(source_interface(s, 0)->name);
	assert_null(source_interface(s, 3));
	source_free(s);
	bytes_done(&b);
}

/* Unknown blocks are passed over, also one larger than the buffer; statistics become losses. */
static void test_other_blocks(void **state)
{
	struct bytes b = {0};
	uint8_t *large = calloc(1, 1 << 20);
	struct loss loss = {{0}};
	struct source *s;
	struct kept k;
	struct err e;
	size_t at;

	(void)state;
	put_shb(&b);
	at = begin(&b, 0x80000001);
	put(&b, large, 1 << 20);
	end(&b, at);
	put_idb(&b, 1, 0);
	put_epb(&b, 0, 0, "one");
	at = begin(&b, 10);
	put(&b, large, 1 << 20);
	end(&b, at);
	at = begin_epb(&b, 0, 0, "two");
	put_option_number(&b, 4, 7, 8); /* lost before it, somewhere */
	end(&b, at);
	at = begin(&b, 5);
	put32(&b, 0);
	put64(&b, 0);
	put_option_number(&b, 5, 3, 8);	 /* by the interface */
	put_option_number(&b, 7, 40, 8); /* by the system */
	end(&b, at);
	assert_int_equal(read_kept(&s, &b, &k, &e), -ENODATA);
	assert_int_equal(k.count, 2);
	source_loss(s, &loss);
	assert_int_equal(loss.count[LOSS_INTERFACE], 3);
	assert_int_equal(loss.count[LOSS_KERNEL], 40);
	source_free(s);
	bytes_done(&b);
	free(large);
}

/* What is wrong with the last block, after one good packet. */
static void damage_length(struct bytes *b)
{
	put32(b, 6);
	put32(b, 30);
	put32(b, 0);
}

static void damage_trailer(struct bytes *b)
{
	put_epb(b, 0, 0, "two");
	b->data[b->len - 1] ^= 1;
}

static void damage_interface(struct bytes *b)
{
	put_epb(b, 1, 0, "two");
}

static void damage_caplen(struct bytes *b)
{
	size_t at = begin_epb(b, 0, 0, "two");

	b->data[at + 20] = 5;
	end(b, at);
}

static void damage_cut(struct bytes *b)
{
	put_epb(b, 0, 0, "two");
	b->len--;
}

static void damage_cut_in_unknown(struct bytes *b)
{
	put32(b, 4711);
	put32(b, 0x7ffffff0);
	put64(b, 0);
}

static void damage_huge(struct bytes *b)
{
	put32(b, 6);
	put32(b, 0x7ffffff0);
	put64(b, 0);
}

static void damage_order(struct bytes *b)
{
	put32(b, 0x0a0d0d0a);
	put32(b, 28);
	put32(b, 0x4d2b3c1a);
}

static void damage_version(struct bytes *b)
{
	put_shb(b);
	b->data[b->len - 16] = 2;
}

static void test_damage(void **state)
{
	static const struct {
		void (*damage)(struct bytes *b);
		const char *says;
	} rows[] = {
		{damage_length,
		 "damaged at byte 84: a block of type 0x00000006 claims a length of 30"},
		{damage_trailer, "damaged at byte 84: a block begins with length 36 and ends with"},
		{damage_interface, "damaged at byte 84: a packet names interface 1 of 1"},
		{damage_caplen, "damaged at byte 84: a packet is longer than the block"},
		{damage_cut, "cut off at byte 119, inside a record that begins at byte 84"},
		{damage_cut_in_unknown, "cut off at byte 100, inside a record that begins at"},
		{damage_huge, "claims to hold 2147483632 bytes"},
		{damage_order, "damaged at byte 84: a section header has no byte order magic"},
		{damage_version, "pcapng version 2 is not known"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes b = {0};
		struct source *s;
		struct kept k;
		struct err e = {""};

		put_shb(&b);
		put_idb(&b, 1, 0);
		put_epb(&b, 0, 0, "one");
		assert_int_equal(b.len, 84);
		rows[i].damage(&b);
		assert_int_equal(read_kept(&s, &b, &k, &e), -EBADMSG);
		assert_int_equal(k.count, 1);
		if (!strstr(e.text, rows[i].says))
			fail_msg("row %zu: %s", i, e.text);
		source_free(s);
		bytes_done(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_packet_forms), cmocka_unit_test(test_packet_options),
		cmocka_unit_test(test_bad_options),  cmocka_unit_test(test_sections),
		cmocka_unit_test(test_other_blocks), cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
