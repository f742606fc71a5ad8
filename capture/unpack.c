/* SPDX-License-Identifier: MIT */
#include "capture/unpack.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_BYTES = 256 << 10 };

static const struct unpack_format *const formats[] = {
	&unpack_gzip,
#if SOCKLENS_ZSTD
	&unpack_zstd,
#endif
#if SOCKLENS_LZ4
	&unpack_lz4,
#endif
};

enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

struct unpacker {
	const struct unpack_format *format;
	void *state;  /* owned */
	bool between; /* a stream has ended, the next has not begun */
	size_t start, end;
	uint8_t input[INPUT_BYTES];
};

const struct unpack_format *unpack_format_of(const struct cursor *first)
{
	for (unsigned i = 0; i < FORMATS; i++) {
		const uint8_t *magic = cursor_peek(first, formats[i]->magic_len);

		if (magic && memcmp(magic, formats[i]->magic, formats[i]->magic_len) == 0)
			return formats[i];
	}
	return NULL;
}

void unpack_names(char *out, size_t cap)
{
	size_t n = 0;

	*out = '\0';
	for (unsigned i = 0; i < FORMATS && n < cap; i++)
		n += (size_t)snprintf(out + n, cap - n, "%s%s", i ? ", " : "", formats[i]->name);
}

struct unpacker *unpacker_new(const struct unpack_format *format)
{
	struct unpacker *u = calloc(1, sizeof(*u));

	if (!u)
		return NULL;
	u->format = format;
	u->state = format->make();
	if (u->state)
		return u;
	free(u);
	return NULL;
}

void unpacker_free(struct unpacker *u)
{
	if (!u)
		return;
	u->format->done(u->state);
	free(u);
}

const char *unpacker_name(const struct unpacker *u)
{
	return u->format->name;
}

uint8_t *unpacker_room(struct unpacker *u, size_t *room)
{
	memmove(u->input, u->input + u->start, u->end - u->start);
	u->end -= u->start;
	u->start = 0;
	*room = sizeof(u->input) - u->end;
	return u->input + u->end;
}

void unpacker_add(struct unpacker *u, size_t n)
{
	u->end += n;
}

enum unpack_status unpacker_run(struct unpacker *u, void *out, size_t size, size_t *n)
{
	struct unpack_io io = {u->input + u->start, out, u->end - u->start, size};
	enum unpack_status status;

	*n = 0;
	if (!io.in_left)
		return u->between ? UNPACK_END : UNPACK_MORE;
	if (u->between && *io.in != u->format->magic[0]) { /* padding, as gzip(1) does */
		u->start = u->end;
		return UNPACK_END;
	}
	status = u->format->run(u->state, &io);
	u->start = u->end - io.in_left;
	*n = size - io.out_left;
	u->between = status == UNPACK_END;
	return u->between ? UNPACK_OK : status;
}
