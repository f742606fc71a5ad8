/* SPDX-License-Identifier: MIT
 *
 * The metrics as a file for node-exporter's textfile collector: replaced as a whole, every few
 * seconds, by a thread of its own.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/agent/opener.h"
#include "cli/agent/sink.h"

enum { EVERY_S = 10 };

struct textfile {
	struct opener opener;
	struct board *board;
	pthread_t thread;
	bool started;
	_Atomic uint64_t files, errors;
};

/* --- the thread ------------------------------------------------------------------------------- */

static int write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR)
			return -errno;
		text += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int write_file(struct textfile *t, const char *text, size_t len)
{
	int fd = opener_temporary(&t->opener), status;

	if (fd < 0)
		return fd;
	status = write_all(fd, text, len);
	close(fd);
	return status ? status : opener_replace(&t->opener);
}

static void write_page(struct textfile *t)
{
	size_t len;
	char *text = board_copy(t->board, &len);

	if (!text)
		return;
	if (write_file(t, text, len) < 0)
		atomic_fetch_add(&t->errors, 1);
	else
		atomic_fetch_add(&t->files, 1);
	free(text);
}

static void *run(void *ctx)
{
	struct textfile *t = ctx;
	bool over;

	do {
		over = board_wait_shut(t->board, EVERY_S);
		write_page(t);
	} while (!over);
	return NULL;
}

/* --- the sink --------------------------------------------------------------------------------- */

static int textfile_open(void **self, const struct sink_options *o, struct err *e)
{
	struct textfile *t = calloc(1, sizeof(*t));
	int status =
		t ? opener_start(&t->opener, o->argument, e) : err_set(e, -ENOMEM, "out of memory");

	if (status < 0) {
		free(t);
		return status;
	}
	t->board = o->board;
	*self = t;
	return 0;
}

static int textfile_start(void *self, struct err *e)
{
	struct textfile *t = self;
	int status = pthread_create(&t->thread, NULL, run, t);

	t->started = status == 0;
	return status ? err_set(e, -status, "cannot start a thread") : 0;
}

static void textfile_stop(void *self)
{
	struct textfile *t = self;

	if (t->started)
		pthread_join(t->thread, NULL);
	t->started = false;
}

static void textfile_stats(void *self, struct metrics_sink *out)
{
	struct textfile *t = self;

	out->connects = atomic_load(&t->files);
	out->errors = atomic_load(&t->errors);
	out->connected = out->connects > 0;
}

static void textfile_close(void *self)
{
	struct textfile *t = self;

	opener_stop(&t->opener);
	free(t);
}

const struct sink_ops sink_textfile = {
	.name = "textfile",
	.open = textfile_open,
	.start = textfile_start,
	.stop = textfile_stop,
	.stats = textfile_stats,
	.close = textfile_close,
	.metrics = true,
};
