/* SPDX-License-Identifier: MIT
 *
 * LZ4 frames (lz4_Frame_format.md 1.6), one or several, by liblz4.
 */
#include <lz4frame.h>

#include "capture/unpack.h"

static void *make(void)
{
	LZ4F_dctx *z;

	return LZ4F_isError(LZ4F_createDecompressionContext(&z, LZ4F_VERSION)) ? NULL : z;
}

static void done(void *state)
{
	LZ4F_freeDecompressionContext(state);
}

static enum unpack_status run(void *state, struct unpack_io *io)
{
	size_t used = io->in_left, made = io->out_left;
	size_t rc = LZ4F_decompress(state, io->out, &made, io->in, &used, NULL);

	if (LZ4F_isError(rc))
		return UNPACK_BAD;
	io->in += used;
	io->in_left -= used;
	io->out += made;
	io->out_left -= made;
	return rc ? UNPACK_OK : UNPACK_END;
}

const struct unpack_format unpack_lz4 = {"lz4", {0x04, 0x22, 0x4d, 0x18}, 4, make, done, run};
