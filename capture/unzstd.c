/* SPDX-License-Identifier: MIT
 *
 * Zstandard (RFC 8878), one or several frames, by libzstd.
 */
#include <zstd.h>

#include "capture/unpack.h"

/* Of the window that a stream may ask for: 32 MiB, more than any level but the "ultra" ones uses.
 */
enum { WINDOW_LOG_MAX = 25 };

static void *make(void)
{
	ZSTD_DStream *z = ZSTD_createDStream();

	if (z)
		ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
	return z;
}

static void done(void *state)
{
	ZSTD_freeDStream(state);
}

static enum unpack_status run(void *state, struct unpack_io *io)
{
	ZSTD_inBuffer in = {io->in, io->in_left, 0};
	ZSTD_outBuffer out = {io->out, io->out_left, 0};
	size_t rc = ZSTD_decompressStream(state, &out, &in);

	io->in += in.pos;
	io->in_left -= in.pos;
	io->out += out.pos;
	io->out_left -= out.pos;
	if (ZSTD_isError(rc))
		return UNPACK_BAD;
	return rc ? UNPACK_OK : UNPACK_END;
}

const struct unpack_format unpack_zstd = {"zstd", {0x28, 0xb5, 0x2f, 0xfd}, 4, make, done, run};
