/* SPDX-License-Identifier: MIT */
#include "capture/block_reader.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/unpack.h"

enum { BLOCK_BYTES = 256 << 10, FIRST_BYTES = 16 << 10, ENDED_BYTES = 64, PIPE_WAIT_MS = 100 };

int block_reader_init(struct block_reader *r, int fd, bool may_block)
{
	uint8_t *data = malloc(BLOCK_BYTES);

	if (!data)
		return -ENOMEM;
	*r = (struct block_reader){
		.fd = fd, .may_block = may_block, .data = data, .size = BLOCK_BYTES};
	return 0;
}

void block_reader_done(struct block_reader *r)
{
	close(r->fd);
	unpacker_free(r->unpacker);
	free(r->data);
}

void block_reader_shrink(struct block_reader *r)
{
	uint8_t *data = block_reader_left(r) ? NULL : realloc(r->data, ENDED_BYTES);

	if (!data)
		return;
	r->data = data;
	r->size = ENDED_BYTES;
	r->start = r->end = 0;
}

void block_reader_consume(struct block_reader *r, const struct cursor *c)
{
	size_t n = (size_t)(c->p - (r->data + r->start));

	r->start += n;
	r->offset += n;
}

void block_reader_skip(struct block_reader *r, uint64_t n)
{
	size_t here = n < block_reader_left(r) ? (size_t)n : block_reader_left(r);

	r->start += here;
	r->offset += here;
	r->skip += n - here;
}

/* Room behind what is at hand. Doubles only a full buffer: a length that lies allocates nothing. */
static int make_room(struct block_reader *r, size_t need)
{
	size_t left = block_reader_left(r), size = r->size * 2;
	uint8_t *data;

	if (r->start) {
		memmove(r->data, r->data + r->start, left);
		r->start = 0;
		r->end = left;
	}
	if (left < r->size)
		return 0;
	assert(need > left);
	data = realloc(r->data, size < need ? size : need);
	if (!data)
		return -ENOMEM;
	r->data = data;
	r->size = size < need ? size : need;
	return 0;
}

/* Wait a little, so that a caller with nothing else to do does not spin, and not for ever. */
static int wait_for_data(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, PIPE_WAIT_MS) == 1 ? 0 : -EAGAIN;
}

/*
 * Never more than a block, however large the buffer has grown: it stays in the cache. The first one is
 * small: many files may be looked at long before they are read.
 */
static size_t room(const struct block_reader *r)
{
	size_t n = r->size - r->end, most = r->raw ? BLOCK_BYTES : FIRST_BYTES;

	return n < most ? n : most;
}

int block_reader_unpack(struct block_reader *r, const struct unpack_format *format)
{
	size_t input_room;
	uint8_t *input;

	r->unpacker = unpacker_new(format);
	if (!r->unpacker)
		return -ENOMEM;
	input = unpacker_room(r->unpacker, &input_room);
	assert(input_room >= block_reader_left(r)); /* both hold one block */
	memcpy(input, r->data + r->start, block_reader_left(r));
	unpacker_add(r->unpacker, block_reader_left(r));
	r->start = r->end = 0;
	return 0;
}

/* One read(2): the number of bytes, 0 at the end, or a negative errno. */
static ssize_t read_raw(struct block_reader *r, void *to, size_t size)
{
	int rc = r->may_block ? wait_for_data(r->fd) : 0;
	ssize_t n = rc ? rc : read(r->fd, to, size);

	if (rc)
		return rc;
	if (n < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	r->raw += (size_t)n;
	return n;
}

/* The same for what a compressed stream holds. */
static ssize_t read_unpacked(struct block_reader *r, void *to, size_t size)
{
	for (;;) {
		size_t unpacked, input_room;
		enum unpack_status status = unpacker_run(r->unpacker, to, size, &unpacked);
		uint8_t *input;
		ssize_t n;

		if (unpacked)
			return (ssize_t)unpacked;
		if (status == UNPACK_BAD)
			return -EBADMSG;
		if (status == UNPACK_OK)
			continue;
		input = unpacker_room(r->unpacker, &input_room);
		n = read_raw(r, input, input_room);
		if (n == 0)
			return status == UNPACK_END ? 0 : -EBADMSG;
		if (n < 0)
			return n;
		unpacker_add(r->unpacker, (size_t)n);
	}
}

int block_reader_fill(struct block_reader *r, size_t need)
{
	ssize_t n;
	int rc = make_room(r, need);

	if (rc)
		return rc;
	n = r->unpacker ? read_unpacked(r, r->data + r->end, room(r))
		      : read_raw(r, r->data + r->end, room(r));
	if (n < 0)
		return (int)n;
	r->end += (size_t)n;
	if (n && r->skip) {
		uint64_t skip = r->skip;

		r->skip = 0;
		block_reader_skip(r, skip);
	}
	return n > 0;
}
