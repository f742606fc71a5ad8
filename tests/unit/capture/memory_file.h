/* SPDX-License-Identifier: MIT
 *
 * For the tests of this room: capture files made in memory, and the sums of what is read from one.
 */
#ifndef SOCKLENS_TESTS_UNIT_CAPTURE_MEMORY_FILE_H
#define SOCKLENS_TESTS_UNIT_CAPTURE_MEMORY_FILE_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture/file.h"
#include "capture/source.h"

/* --- writing ---------------------------------------------------------------------------------- */

struct bytes {
	uint8_t *data; /* owned */
	size_t len, room;
	bool big_endian;
};

static inline void bytes_done(struct bytes *b)
{
	free(b->data);
}

static inline void put(struct bytes *b, const void *data, size_t n)
{
	if (b->len + n > b->room) {
		b->room = (b->len + n) * 2;
		b->data = realloc(b->data, b->room);
		assert(b->data);
	}
	memcpy(b->data + b->len, data, n);
	b->len += n;
}

static inline void put_number(struct bytes *b, uint64_t v, unsigned size)
{
	for (unsigned i = 0; i < size; i++) {
		unsigned shift = 8 * (b->big_endian ? size - 1 - i : i);
		uint8_t byte = (uint8_t)(v >> shift);

		put(b, &byte, 1);
	}
}

static inline void put16(struct bytes *b, uint16_t v)
{
	put_number(b, v, 2);
}

static inline void put32(struct bytes *b, uint32_t v)
{
	put_number(b, v, 4);
}

static inline void put64(struct bytes *b, uint64_t v)
{
	put_number(b, v, 8);
}

static inline void put_pcap_header(struct bytes *b, uint32_t magic, uint16_t minor,
				   uint32_t linktype)
{
	put32(b, magic);
	put16(b, 2);
	put16(b, minor);
	put64(b, 0);
	put32(b, 65535);
	put32(b, linktype);
}

static inline void put_pcap_record(struct bytes *b, uint32_t seconds, uint32_t fraction,
				   const void *data, uint32_t n)
{
	put32(b, seconds);
	put32(b, fraction);
	put32(b, n);
	put32(b, n);
	put(b, data, n);
}

/* --- reading ---------------------------------------------------------------------------------- */

struct frame_sums {
	uint64_t frames, captured, wire;
	int64_t first_ns, last_ns;
};

static inline void sum_frames(void *ctx, const struct frame *frames, unsigned n)
{
	struct frame_sums *t = ctx;

	for (unsigned i = 0; i < n; i++) {
		if (!t->frames++)
			t->first_ns = frames[i].time_ns;
		t->last_ns = frames[i].time_ns;
		t->captured += frames[i].caplen;
		t->wire += frames[i].wirelen;
	}
}

/* Read until the source ends; what source_read said at the end. */
static inline int sum_all(struct source *s, struct frame_sums *t, struct err *e)
{
	int rc;

	do
		rc = source_read(s, 1000, sum_frames, t, e);
	while (rc >= 0);
	return rc;
}

static inline int open_memory(struct source **s, const void *data, size_t len, const char *filter,
			      struct err *e)
{
	int fd = memfd_create("capture", MFD_CLOEXEC), rc;

	assert(fd >= 0);
	assert(write(fd, data, len) == (ssize_t)len);
	assert(lseek(fd, 0, SEEK_SET) == 0);
	rc = file_source_new(s, fd, "memory.pcap", filter, e);
	if (rc)
		close(fd);
	return rc;
}

#endif
