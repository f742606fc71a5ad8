/* SPDX-License-Identifier: MIT
 *
 * A growable byte buffer with a cap. Appending never fails half way: when memory or the cap is
 * exhausted the append is dropped whole, and so is every later one: `failed` stays set, the content
 * is a prefix of what was meant, and a writer checks once at the end.
 */
#ifndef SOCKLENS_BASE_BUF_H
#define SOCKLENS_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	char *p;     /* owned; not NUL-terminated: use buf_text */
	size_t len;  /* bytes in use */
	size_t size; /* bytes allocated, but for one more that buf_text needs */
	size_t cap;  /* the content never becomes longer than this */
	bool failed; /* an append was dropped */
};

void buf_init(struct buf *b, size_t cap);
void buf_done(struct buf *b);

/* Forget the content and the failure, keep the memory. */
static inline void buf_reset(struct buf *b)
{
	b->len = 0;
	b->failed = false;
}

char *buf_grow(struct buf *b, size_t n); /* the slow half of buf_reserve */

/* Room for n more bytes, or NULL; the caller writes there and adds to len. */
static inline char *buf_reserve(struct buf *b, size_t n)
{
	return b->failed || n > b->size - b->len ? buf_grow(b, n) : b->p + b->len;
}

void buf_put(struct buf *b, const void *data, size_t n);
void buf_puts(struct buf *b, const char *text);

static inline void buf_putc(struct buf *b, char c)
{
	char *p = buf_reserve(b, 1);

	if (!p)
		return;
	*p = c;
	b->len++;
}

void buf_put_u64(struct buf *b, uint64_t v); /* decimal */
void buf_put_i64(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The content as a C string, valid until the next change; never NULL. */
const char *buf_text(struct buf *b);

#endif
