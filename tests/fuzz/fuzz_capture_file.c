/* SPDX-License-Identifier: MIT
 *
 * libFuzzer: any bytes as a capture file. Every byte of every frame handed out is touched, the sums
 * must hold, and reading again after the end must say the same.
 */
#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture/file.h"
#include "capture/format.h"
#include "capture/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct frame_sums {
	uint64_t frames, bytes;
	unsigned parity; /* of all bytes: so that each is read */
	const struct source *source;
};

static void touch(void *ctx, const struct frame *frames, unsigned n)
{
	struct frame_sums *t = ctx;

	assert(n > 0 && n <= SOURCE_BATCH);
	for (unsigned i = 0; i < n; i++) {
		assert(frames[i].caplen <= FORMAT_CAPLEN_MAX);
		assert(source_interface(t->source, frames[i].interface));
		for (uint32_t k = 0; k < frames[i].caplen; k++)
			t->parity ^= frames[i].data[k];
		for (uint32_t k = 0; k < frames[i].comment_len; k++)
			t->parity ^= (unsigned char)frames[i].comment[k];
		t->bytes += frames[i].caplen;
	}
	t->frames += n;
}

static void read_all(struct source *s, size_t size, bool compressed)
{
	struct frame_sums t = {.source = s};
	struct source_stats stats;
	struct loss loss = {{0}};
	struct err e = {""};
	int rc;

	do
		rc = source_read(s, 100, touch, &t, &e);
	while (rc >= 0);
	assert(rc == -ENODATA || (rc == -EBADMSG && e.text[0]));
	assert(source_read(s, 100, touch, &t, &e) == rc);
	source_stats(s, &stats);
	source_loss(s, &loss);
	assert(stats.frames == t.frames);
	assert(stats.bytes <= size);
	assert(t.bytes <= size || compressed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct source *s;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET))
		abort();
	if (file_source_new(&s, fd, "fuzz", NULL, NULL))
		abort();
	read_all(s, size, size > 0 && data[0] == 0x1f);
	source_free(s);
	return 0;
}
