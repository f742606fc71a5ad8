/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fmt.h"

enum { FIRST_SIZE = 256 };

void buf_init(struct buf *b, size_t cap)
{
	/* Half the address space, so that doubling and the byte for the NUL cannot overflow. */
	*b = (struct buf){.cap = cap < SIZE_MAX / 4 ? cap : SIZE_MAX / 4};
}

void buf_done(struct buf *b)
{
	free(b->p);
	*b = (struct buf){0};
}

char *buf_grow(struct buf *b, size_t n)
{
	size_t size = b->size ? b->size * 2 : FIRST_SIZE;
	char *p = NULL;

	if (b->failed)
		return NULL;
	if (n <= b->cap - b->len) {
		if (size < b->len + n)
			size = b->len + n;
		if (size > b->cap)
			size = b->cap;
		p = realloc(b->p, size + 1);
	}
	if (!p) {
		b->failed = true;
		return NULL;
	}
	b->p = p;
	b->size = size;
	return p + b->len;
}

void buf_put(struct buf *b, const void *data, size_t n)
{
	char *p = buf_reserve(b, n);

	if (!p)
		return;
	memcpy(p, data, n);
	b->len += n;
}

void buf_puts(struct buf *b, const char *text)
{
	buf_put(b, text, strlen(text));
}

void buf_put_u64(struct buf *b, uint64_t v)
{
	char text[FMT_MAX];

	buf_put(b, text, fmt_u64(text, v));
}

void buf_put_i64(struct buf *b, int64_t v)
{
	char text[FMT_MAX + 1] = "-";
	size_t sign = v < 0;
	size_t len = fmt_u64(text + sign, v < 0 ? -(uint64_t)v : (uint64_t)v);

	buf_put(b, text, sign + len);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	size_t room = b->failed ? 0 : b->size - b->len;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	/* One byte more than `room` was allocated; it takes the NUL. */
	n = vsnprintf(room ? b->p + b->len : NULL, room ? room + 1 : 0, fmt, ap);
	if (n > 0 && (size_t)n > room && buf_reserve(b, (size_t)n))
		vsnprintf(b->p + b->len, (size_t)n + 1, fmt, again);
	if (n < 0)
		b->failed = true;
	else if (!b->failed)
		b->len += (size_t)n;
	va_end(again);
	va_end(ap);
}

const char *buf_text(struct buf *b)
{
	if (!b->p)
		return "";
	b->p[b->len] = '\0';
	return b->p;
}
