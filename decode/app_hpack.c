/* SPDX-License-Identifier: MIT
 *
 * HPACK (RFC 7541).
 *
 *   1 index (7+)                                  indexed field
 *   01 index (6+) | [name] | value                literal, added to the dynamic table
 *   001 size (5+)                                 dynamic table size
 *   0001 index (4+) or 0000 index (4+) | ...      literal, not added
 *   string: H (1 bit) | length (7+) | bytes       (n+: an integer that begins in n bits)
 */
#include "decode/app_hpack.h"

#include <string.h>

#include "decode/app_hpack_tables.h"

enum { DYNAMIC_MAX = 64, ARENA_MAX = 8192, INTEGER_BYTES_MAX = 4 };

struct field {
	struct cursor name, value;
};

struct hpack {
	struct field dynamic[DYNAMIC_MAX]; /* oldest first */
	unsigned dynamic_count;
	uint8_t arena[ARENA_MAX]; /* what Huffman strings became */
	size_t arena_used;
};

/* An integer that begins in the low `bits` of the next byte (5.1). */
static size_t integer(struct cursor *c, unsigned bits)
{
	size_t mask = (1u << bits) - 1, value = cursor_u8(c) & mask;
	unsigned shift = 0;
	uint8_t b;

	if (value < mask)
		return value;
	do {
		b = cursor_u8(c);
		value += (size_t)(b & 0x7f) << shift;
		shift += 7;
	} while (b & 0x80 && shift < 7 * INTEGER_BYTES_MAX);
	if (b & 0x80)
		cursor_fail(c);
	return value;
}

/*
 * The code is canonical: codes of one length are consecutive, in the order of hpack_symbols, and
 * the first of a length is twice what follows the last of the length before.
 */
long hpack_huffman(struct cursor in, uint8_t *out, size_t cap)
{
	uint32_t code = 0, first = 0, before = 0;
	unsigned bits = 0;
	bool ones = true;
	size_t n = 0;

	while (cursor_left(&in)) {
		uint8_t byte = cursor_u8(&in);

		for (int bit = 7; bit >= 0; bit--) {
			uint32_t count, one = byte >> bit & 1;

			if (++bits > HPACK_CODE_BITS_MAX)
				return -1;
			ones = ones && one;
			count = hpack_code_counts[bits];
			code = code << 1 | one;
			first <<= 1;
			if (code - first >= count) {
				first += count;
				before += count;
				continue;
			}
			if (n == cap)
				return -1;
			out[n++] = hpack_symbols[before + code - first];
			code = first = before = bits = 0;
			ones = true;
		}
	}
	/* Padding is the beginning of the longest code, all ones, and less than a byte. */
	return bits < 8 && ones ? (long)n : -1;
}

static struct cursor string(struct hpack *h, struct cursor *c)
{
	const uint8_t *first = cursor_peek(c, 1);
	bool huffman = first && *first & 0x80;
	size_t len = integer(c, 7);
	struct cursor raw = cursor_sub(c, len);
	long n;

	if (!huffman || raw.bad)
		return raw;
	n = hpack_huffman(raw, h->arena + h->arena_used, ARENA_MAX - h->arena_used);
	if (n < 0) {
		cursor_fail(c);
		return raw;
	}
	raw = cursor_init(h->arena + h->arena_used, (size_t)n);
	h->arena_used += (size_t)n;
	return raw;
}

/* The field that an index names (2.3.3); false when it names none. */
static bool lookup(const struct hpack *h, size_t index, struct field *f)
{
	if (index == 0 || index > HPACK_STATIC + h->dynamic_count)
		return false;
	if (index <= HPACK_STATIC) {
		const struct hpack_static_field *s = &hpack_static[index - 1];

		f->name = cursor_init(s->name, strlen(s->name));
		f->value = cursor_init(s->value, strlen(s->value));
	} else {
		*f = h->dynamic[h->dynamic_count - (index - HPACK_STATIC)];
	}
	return true;
}

static bool literal(struct hpack *h, struct cursor *c, unsigned index_bits, struct field *f)
{
	size_t index = integer(c, index_bits);

	if (index && !lookup(h, index, f))
		return false;
	if (!index)
		f->name = string(h, c);
	f->value = string(h, c);
	return !c->bad;
}

static bool remember(struct hpack *h, const struct field *f)
{
	if (h->dynamic_count == DYNAMIC_MAX)
		return false;
	h->dynamic[h->dynamic_count++] = *f;
	return true;
}

bool hpack_block(struct cursor c, hpack_field_fn fn, void *ctx)
{
	struct hpack h = {.dynamic_count = 0};

	while (cursor_left(&c)) {
		uint8_t first = *c.p;
		bool add = (first & 0xc0) == 0x40;
		struct field f;

		if ((first & 0xe0) == 0x20) { /* table size */
			integer(&c, 5);
			continue;
		}
		if (first & 0x80 ? !lookup(&h, integer(&c, 7), &f)
				 : !literal(&h, &c, add ? 6 : 4, &f))
			return false;
		if (add && !remember(&h, &f))
			return false;
		fn(ctx, f.name, f.value);
	}
	return !c.bad;
}
