/* SPDX-License-Identifier: MIT
 *
 * For the tests of this room: a capture file made in memory, and the sums of what is read from one.
 */
#ifndef SOCKLENS_TESTS_UNIT_CAPTURE_MEMORY_FILE_H
#define SOCKLENS_TESTS_UNIT_CAPTURE_MEMORY_FILE_H

#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture/file.h"
#include "capture/source.h"

struct sums {
	uint64_t frames, captured, wire;
	int64_t first_ns, last_ns;
};

static inline void sum_frames(void *ctx, const struct frame *frames, unsigned n)
{
	struct sums *t = ctx;

	for (unsigned i = 0; i < n; i++) {
		if (!t->frames++)
			t->first_ns = frames[i].time_ns;
		t->last_ns = frames[i].time_ns;
		t->captured += frames[i].caplen;
		t->wire += frames[i].wirelen;
	}
}

/* Read until the source ends; what source_read said at the end. */
static inline int sum_all(struct source *s, struct sums *t, struct err *e)
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

	assert(fd >= 0 && write(fd, data, len) == (ssize_t)len && lseek(fd, 0, SEEK_SET) == 0);
	rc = file_source_new(s, fd, "memory.pcap", filter, e);
	if (rc)
		close(fd);
	return rc;
}

#endif
