/* SPDX-License-Identifier: MIT
 *
 * gzip (RFC 1952), one or several members, by zlib.
 */
#include <stdlib.h>
#define ZLIB_CONST
#include <zlib.h>

#include "capture/unpack.h"

enum { GZIP_ONLY = 16 };

static void *make(void)
{
	z_stream *z = calloc(1, sizeof(*z));

	if (!z || inflateInit2(z, MAX_WBITS + GZIP_ONLY) == Z_OK)
		return z;
	free(z);
	return NULL;
}

static void done(void *state)
{
	inflateEnd(state);
	free(state);
}

static enum unpack_status run(void *state, struct unpack_io *io)
{
	z_stream *z = state;
	size_t in_left = io->in_left;
	int rc;

	z->next_in = io->in;
	z->avail_in = (unsigned)in_left; /* both are blocks */
	z->next_out = io->out;
	z->avail_out = (unsigned)io->out_left;
	rc = inflate(z, Z_NO_FLUSH);
	io->in += in_left - z->avail_in;
	io->in_left = z->avail_in;
	io->out += io->out_left - z->avail_out;
	io->out_left = z->avail_out;
	if (rc == Z_STREAM_END) {
		inflateReset(z);
		return UNPACK_END;
	}
	return rc == Z_OK || rc == Z_BUF_ERROR ? UNPACK_OK : UNPACK_BAD;
}

const struct unpack_format unpack_gzip = {"gzip", {0x1f, 0x8b, 8}, 3, make, done, run};
