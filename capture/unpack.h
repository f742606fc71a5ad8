/* SPDX-License-Identifier: MIT
 *
 * A compressed stream as plain bytes; between the file and its blocks. A format is one file, un*.c,
 * and one row in unpack.c; zstd and lz4 are there when their libraries were at the build.
 *
 * Memory is bounded: the format's window, one block of input, and the caller's block of output,
 * however far the stream unfolds.
 */
#ifndef SOCKLENS_CAPTURE_UNPACK_H
#define SOCKLENS_CAPTURE_UNPACK_H

#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"

enum unpack_status {
	UNPACK_OK,   /* there may be more at once */
	UNPACK_MORE, /* needs input */
	UNPACK_END,  /* between two streams: the end, if the input ends as well */
	UNPACK_BAD,  /* no such stream from here on */
};

/* Moved on by what was used and made. */
struct unpack_io {
	const uint8_t *in;
	uint8_t *out;
	size_t in_left, out_left;
};

struct unpack_format {
	const char *name; /* "gzip" */
	uint8_t magic[4], magic_len;
	void *(*make)(void); /* the format's state; NULL = out of memory */
	void (*done)(void *state);
	/* There is input. UNPACK_END when a stream ended just now; what follows may be another. */
	enum unpack_status (*run)(void *state, struct unpack_io *io);
};

extern const struct unpack_format unpack_gzip, unpack_zstd, unpack_lz4;

/* The format that begins so; NULL when it is none, or none that this build reads. */
const struct unpack_format *unpack_format_of(const struct cursor *first);

/* The names of all that this build reads: "gzip, zstd". */
void unpack_names(char *out, size_t cap);

struct unpacker;

/* NULL when out of memory. */
struct unpacker *unpacker_new(const struct unpack_format *format);
void unpacker_free(struct unpacker *u); /* accepts NULL */
const char *unpacker_name(const struct unpacker *u);

/* Room for up to *room bytes of input, after what is not yet used; unpacker_add tells how many
 * came. */
uint8_t *unpacker_room(struct unpacker *u, size_t *room);
void unpacker_add(struct unpacker *u, size_t n);

/* Unpack up to size bytes into out; *n says how many. */
enum unpack_status unpacker_run(struct unpacker *u, void *out, size_t size, size_t *n);

#endif
