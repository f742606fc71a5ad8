/* SPDX-License-Identifier: MIT
 *
 * Flow records as JSON lines, to standard output or a file that may be rotated. A record of a flow
 * that goes on has "end_reason":"active" and the flow's values so far; the one with another reason
 * is its last, and those alone make the report. On a full disk a line waits in the middle until
 * there is room.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/agent/opener.h"
#include "cli/agent/sink.h"
#include "report/exporter.h"
#include "report/formats.h"

enum { CHUNK = 32 << 10, PIPE_PIECE = 4096, STEP_MS = 50 };

struct ndjson_sink {
	struct sender sender;
	struct opener opener; /* of a file */
	/* the engine's side */
	struct buf lines;
	uint32_t records;
	struct flow_row row; /* of a flow that goes on, with a word for that */
	/* the thread's side */
	int fd;
	bool whole_writes; /* a regular file never makes one wait */
	size_t written;	   /* of the oldest message */
};

/* --- the thread ------------------------------------------------------------------------------- */

static int file_open(void *ctx)
{
	struct ndjson_sink *s = ctx;
	struct stat st;

	s->fd = s->opener.fd < 0 ? STDOUT_FILENO : opener_append(&s->opener);
	if (s->fd < 0)
		return s->fd;
	s->whole_writes = fstat(s->fd, &st) == 0 && S_ISREG(st.st_mode);
	return 0;
}

/* A pipe that can be written takes as much without waiting (pipe(7), PIPE_BUF). */
static ssize_t write_some(struct ndjson_sink *s, const uint8_t *bytes, size_t len)
{
	struct pollfd p = {.fd = s->fd, .events = POLLOUT};

	if (s->whole_writes)
		return write(s->fd, bytes, len);
	if (poll(&p, 1, STEP_MS) == 0)
		return 0;
	return write(s->fd, bytes, len < PIPE_PIECE ? len : PIPE_PIECE);
}

static int file_send(void *ctx, const struct queue_item *item)
{
	struct ndjson_sink *s = ctx;

	while (s->written < item->len) {
		ssize_t n = write_some(s, item->bytes + s->written, item->len - s->written);

		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return -errno;
		if (sender_must_end(&s->sender))
			return -ETIMEDOUT;
		s->written += n > 0 ? (size_t)n : 0;
	}
	s->written = 0;
	return 0;
}

static uint64_t file_close(void *ctx)
{
	struct ndjson_sink *s = ctx;

	if (s->opener.fd >= 0)
		close(s->fd);
	return 0;
}

static const struct sender_ops to_file = {file_open, file_send, NULL, file_close};

/* --- the engine's side ------------------------------------------------------------------------ */

static int ndjson_sink_open(void **self, const struct sink_options *o, struct err *e)
{
	struct ndjson_sink *s = calloc(1, sizeof(*s));
	int status = s ? 0 : err_set(e, -ENOMEM, "out of memory");

	if (status < 0)
		return status;
	s->opener.fd = -1;
	buf_init(&s->lines, CHUNK + EXPORTER_ROW_MAX);
	if (strcmp(o->argument, "-") != 0)
		status = opener_start(&s->opener, o->argument, e);
	if (status == 0)
		status = sender_init(&s->sender, &to_file, s, o->queue_bytes, o->patience, e);
	if (status < 0) {
		opener_stop(&s->opener);
		free(s);
		return status;
	}
	*self = s;
	return 0;
}

static int ndjson_sink_start(void *self, struct err *e)
{
	struct ndjson_sink *s = self;

	return sender_start(&s->sender, e);
}

static void ndjson_sink_flush(void *self)
{
	struct ndjson_sink *s = self;

	if (s->lines.len)
		sender_put(&s->sender, s->lines.p, s->lines.len, s->records);
	buf_reset(&s->lines);
	s->records = 0;
}

static void ndjson_sink_part(void *self, const struct part *p)
{
	struct ndjson_sink *s = self;
	const struct flow_row *row = p->row;

	if (!p->last) {
		s->row = *row;
		strcpy(s->row.end_reason, "active");
		row = &s->row;
	}
	ndjson_flow(&s->lines, NULL, row);
	s->records++;
	if (s->lines.len >= CHUNK)
		ndjson_sink_flush(s);
}

static void ndjson_sink_end(void *self, const struct summary_row *sum)
{
	struct ndjson_sink *s = self;

	ndjson_sink_flush(s);
	ndjson_end(&s->lines, NULL, sum);
	ndjson_sink_flush(s);
}

static void ndjson_sink_reopen(void *self)
{
	struct ndjson_sink *s = self;

	if (s->opener.fd >= 0)
		sender_reopen(&s->sender);
}

static void ndjson_sink_stop(void *self)
{
	struct ndjson_sink *s = self;

	sender_stop(&s->sender);
}

static void ndjson_sink_stats(void *self, struct metrics_sink *out)
{
	struct ndjson_sink *s = self;

	sender_stats(&s->sender, out);
}

static bool ndjson_sink_gone(void *self)
{
	struct ndjson_sink *s = self;

	return atomic_load(&s->sender.gone);
}

static void ndjson_sink_close(void *self)
{
	struct ndjson_sink *s = self;

	sender_done(&s->sender);
	opener_stop(&s->opener);
	buf_done(&s->lines);
	free(s);
}

const struct sink_ops sink_ndjson = {
	.name = "ndjson",
	.open = ndjson_sink_open,
	.start = ndjson_sink_start,
	.part = ndjson_sink_part,
	.flush = ndjson_sink_flush,
	.end = ndjson_sink_end,
	.reopen = ndjson_sink_reopen,
	.stop = ndjson_sink_stop,
	.stats = ndjson_sink_stats,
	.gone = ndjson_sink_gone,
	.close = ndjson_sink_close,
};
