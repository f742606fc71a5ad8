/* SPDX-License-Identifier: MIT */
#include "capture/block_reader.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_BYTES = 256 << 10, PIPE_WAIT_MS = 100 };

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
	free(r->data);
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

/* Never more than a block, however large the buffer has grown: it stays in the cache. */
static size_t room(const struct block_reader *r)
{
	size_t n = r->size - r->end;

	return n < BLOCK_BYTES ? n : BLOCK_BYTES;
}

int block_reader_fill(struct block_reader *r, size_t need)
{
	ssize_t n;
	int rc = make_room(r, need);

	if (!rc && r->may_block)
		rc = wait_for_data(r->fd);
	if (rc)
		return rc;
	n = read(r->fd, r->data + r->end, room(r));
	if (n < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	r->end += (size_t)n;
	if (n && r->skip) {
		uint64_t skip = r->skip;

		r->skip = 0;
		block_reader_skip(r, skip);
	}
	return n > 0;
}
