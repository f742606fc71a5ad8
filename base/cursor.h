/* SPDX-License-Identifier: MIT
 *
 * The bounds-checked reader: the only way to touch bytes that someone else made.
 *
 * A cursor never owns memory. Its error is sticky: after one read past the end every further
 * read gives 0 (or NULL) and `bad` stays set, so a decoder reads a whole header and asks once. A
 * failed cursor stands at its end: nothing is left, and no read has to ask whether it failed.
 * Sizes are compared, never pointers: `p + n` may not exist.
 */
#ifndef SOCKLENS_BASE_CURSOR_H
#define SOCKLENS_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
	const uint8_t *p;   /* next byte to read */
	const uint8_t *end; /* one past the last byte */
	bool bad;	    /* a read went past the end */
};

static inline struct cursor cursor_init(const void *data, size_t len)
{
	const uint8_t *p = data;

	return (struct cursor){.p = p, .end = p + len, .bad = false};
}

/* Bytes that can still be read; 0 once bad. */
static inline size_t cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

/* What was read contradicts itself: as if it had ended too early. */
static inline void cursor_fail(struct cursor *c)
{
	c->p = c->end;
	c->bad = true;
}

/* Step over the next n bytes; false (and bad) when fewer are left. */
static inline bool cursor_take(struct cursor *c, size_t n)
{
	if (n > cursor_left(c)) {
		cursor_fail(c);
		return false;
	}
	c->p += n;
	return true;
}

/* Borrow the next n bytes and step over them; NULL (and bad) when fewer are left. */
static inline const uint8_t *cursor_bytes(struct cursor *c, size_t n)
{
	const uint8_t *p = c->p;

	return cursor_take(c, n) ? p : NULL;
}

/* Borrow the next n bytes without stepping; NULL, and the cursor stays good, if fewer are left. */
static inline const uint8_t *cursor_peek(const struct cursor *c, size_t n)
{
	return n > cursor_left(c) ? NULL : c->p;
}

static inline void cursor_skip(struct cursor *c, size_t n)
{
	(void)cursor_take(c, n);
}

/* A cursor over the next n bytes, which are stepped over; a bad one when fewer are left. */
static inline struct cursor cursor_sub(struct cursor *c, size_t n)
{
	const uint8_t *p = cursor_bytes(c, n);

	if (!p)
		return (struct cursor){.p = c->p, .end = c->p, .bad = true};
	return cursor_init(p, n);
}

/* Drop all after the next n bytes (a length field said so); no effect when fewer are left. */
static inline void cursor_limit(struct cursor *c, size_t n)
{
	if (n < cursor_left(c))
		c->end = c->p + n;
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	const uint8_t *p = c->p;

	return cursor_take(c, 1) ? p[0] : 0;
}

static inline uint16_t cursor_be16(struct cursor *c)
{
	const uint8_t *p = c->p;

	return cursor_take(c, 2) ? (uint16_t)((uint16_t)p[0] << 8 | p[1]) : 0;
}

static inline uint32_t cursor_be24(struct cursor *c)
{
	const uint8_t *p = c->p;

	return cursor_take(c, 3) ? (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2] : 0;
}

static inline uint32_t cursor_be32(struct cursor *c)
{
	const uint8_t *p = c->p;

	return cursor_take(c, 4)
		       ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
		       : 0;
}

static inline uint64_t cursor_be64(struct cursor *c)
{
	uint64_t hi = cursor_be32(c);

	return hi << 32 | cursor_be32(c);
}

static inline uint16_t cursor_le16(struct cursor *c)
{
	const uint8_t *p = c->p;

	return cursor_take(c, 2) ? (uint16_t)((uint16_t)p[1] << 8 | p[0]) : 0;
}

static inline uint32_t cursor_le32(struct cursor *c)
{
	const uint8_t *p = c->p;

	return cursor_take(c, 4)
		       ? (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0]
		       : 0;
}

static inline uint64_t cursor_le64(struct cursor *c)
{
	uint64_t lo = cursor_le32(c);

	return lo | (uint64_t)cursor_le32(c) << 32;
}

#endif
