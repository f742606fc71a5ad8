/* SPDX-License-Identifier: MIT */
#include "report/nest.h"

#include <string.h>

#include "report/quote.h"

/* Bytes of the name that are objects, with their last dot: 11 of "tls.client.ja3". */
static size_t objects_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? (size_t)(dot - name) + 1 : 0;
}

/* How many bytes of the open objects are objects of this name as well. */
static size_t in_common(const struct nest *s, const char *name)
{
	size_t common = 0;

	for (size_t i = 0; i < s->n && s->path[i] == name[i]; i++)
		if (name[i] == '.')
			common = i + 1;
	return common;
}

static void close_down_to(struct buf *out, struct nest *s, size_t n)
{
	for (size_t i = s->n; i > n; i--)
		if (s->path[i - 1] == '.')
			buf_puts(out, s->closing);
	s->comma |= s->n > n;
	s->n = n;
}

static void put_key(struct buf *out, struct nest *s, const char *key, size_t n)
{
	if (s->comma)
		buf_putc(out, ',');
	quote_json(out, key, n);
	buf_putc(out, ':');
	s->comma = true;
}

void nest_to(struct buf *out, struct nest *s, const char *name)
{
	size_t objects = objects_of(name);

	close_down_to(out, s, in_common(s, name));
	s->path = name;
	while (s->n < objects) {
		size_t n = strcspn(name + s->n, ".");

		put_key(out, s, name + s->n, n);
		buf_puts(out, s->opening);
		s->comma = false;
		s->n += n + 1;
	}
	put_key(out, s, name + objects, strlen(name + objects));
}

void nest_end(struct buf *out, struct nest *s)
{
	close_down_to(out, s, 0);
}
