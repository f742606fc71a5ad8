/* SPDX-License-Identifier: MIT
 *
 * A file or pipe read in large blocks into one buffer; records are parsed where they lie.
 *
 * Blocks are read(2), not mapped: page faults cost more than the copy, and pipes work alike. The
 * buffer stays small enough for the cache and grows only while a record larger than it comes in.
 */
#ifndef SOCKLENS_CAPTURE_BLOCK_READER_H
#define SOCKLENS_CAPTURE_BLOCK_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"

struct unpack_format;
struct unpacker;

struct block_reader {
	int fd;		       /* owned */
	bool may_block;	       /* a pipe: ask before reading */
	uint8_t *data;	       /* owned */
	size_t size;	       /* bytes allocated */
	size_t start, end;     /* what was read and not consumed */
	uint64_t offset;       /* of data[start] in the file */
	uint64_t skip;	       /* bytes still to be dropped unseen */
	uint64_t raw;	       /* bytes read from fd */
	struct unpacker *unpacker; /* owned; NULL = the file is not compressed */
};

/* Takes fd on success. 0 or -ENOMEM. */
int block_reader_init(struct block_reader *r, int fd, bool may_block);
void block_reader_done(struct block_reader *r);

/* All bytes at hand. */
static inline struct cursor block_reader_cursor(const struct block_reader *r)
{
	return cursor_init(r->data + r->start, r->end - r->start);
}

static inline size_t block_reader_left(const struct block_reader *r)
{
	return r->end - r->start;
}

/* A fill has met the end: memory goes back, since many files may be open. */
void block_reader_shrink(struct block_reader *r);

/* Everything before the cursor is done with; it stays in place until the next fill. */
void block_reader_consume(struct block_reader *r, const struct cursor *c);

/* Drop the next n bytes, at hand or not. */
void block_reader_skip(struct block_reader *r, uint64_t n);

/* What was read so far, and all that follows, is compressed: 0 or -ENOMEM. */
int block_reader_unpack(struct block_reader *r, const struct unpack_format *format);

/*
 * Read once, with room for a record of `need` bytes. Moves what is at hand, so earlier pointers
 * end here. 1 = there is more now, 0 = the end of the file, -EAGAIN = a pipe had nothing for 100 ms
 * (or a signal came), -EBADMSG = a compressed stream is damaged or cut, another negative errno = the read
 * failed.
 */
int block_reader_fill(struct block_reader *r, size_t need);

#endif
