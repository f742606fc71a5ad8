/* SPDX-License-Identifier: MIT */
#include "cli/output.h"

#include <errno.h>
#include <unistd.h>

enum { OUTPUT_CHUNK = 64 << 10, OUTPUT_CAP = 64 << 20 };

void output_init(struct output *o, int fd)
{
	buf_init(&o->buf, OUTPUT_CAP);
	o->fd = fd;
	o->error = 0;
}

static int write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t w = write(fd, p, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return errno;
		p += w;
		n -= (size_t)w;
	}
	return 0;
}

bool output_flush(struct output *o, bool now)
{
	if (o->buf.failed && !o->error)
		o->error = ENOMEM;
	if (o->error || (!now && o->buf.len < OUTPUT_CHUNK))
		return !o->error;
	o->error = write_all(o->fd, o->buf.p, o->buf.len);
	buf_reset(&o->buf);
	return !o->error;
}

void output_done(struct output *o)
{
	buf_done(&o->buf);
}
