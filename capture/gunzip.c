/* SPDX-License-Identifier: MIT
 *
 * Memory is bounded: zlib's window, one block of input, and the caller's block of output, however
 * far the stream unfolds.
 */
#include "capture/gunzip.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { INPUT_BYTES = 256 << 10, GZIP_ONLY = 16, MEMBER_FIRST_BYTE = 0x1f };

struct gunzip {
	z_stream z;
	bool between; /* a member has ended, the next has not begun */
	uint8_t input[INPUT_BYTES];
};

struct gunzip *gunzip_new(void)
{
	struct gunzip *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	if (inflateInit2(&g->z, MAX_WBITS + GZIP_ONLY) != Z_OK) {
		free(g);
		return NULL;
	}
	g->z.next_in = g->input;
	return g;
}

void gunzip_free(struct gunzip *g)
{
	if (!g)
		return;
	inflateEnd(&g->z);
	free(g);
}

uint8_t *gunzip_room(struct gunzip *g, size_t *room)
{
	memmove(g->input, g->z.next_in, g->z.avail_in);
	g->z.next_in = g->input;
	*room = sizeof(g->input) - g->z.avail_in;
	return g->input + g->z.avail_in;
}

void gunzip_add(struct gunzip *g, size_t n)
{
	g->z.avail_in += (unsigned)n;
}

enum gunzip_status gunzip_run(struct gunzip *g, void *out, size_t size, size_t *n)
{
	int rc;

	*n = 0;
	if (!g->z.avail_in)
		return g->between ? GUNZIP_END : GUNZIP_MORE;
	if (g->between) {
		if (*g->z.next_in != MEMBER_FIRST_BYTE) { /* padding, as gzip(1) does */
			g->z.avail_in = 0;
			return GUNZIP_END;
		}
		inflateReset(&g->z);
		g->between = false;
	}
	g->z.next_out = out;
	g->z.avail_out = (unsigned)size;
	rc = inflate(&g->z, Z_NO_FLUSH);
	*n = size - g->z.avail_out;
	g->between = rc == Z_STREAM_END;
	return rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR ? GUNZIP_OK : GUNZIP_BAD;
}
