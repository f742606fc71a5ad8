/* SPDX-License-Identifier: MIT */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_CHUNK = 64 << 10, OUTPUT_CAP = 64 << 20 };

void output_init(struct output *o, int fd)
{
	*o = (struct output){.fd = fd, .keeper_fd = -1};
	buf_init(&o->buf, OUTPUT_CAP);
}

/* --- the keeper ------------------------------------------------------------------------------- */

/*
 * By the time that a file is whole, the program has given up the user that may name it: a child of
 * before does that, and nothing else. A byte means "it is whole", the end without one "forget it".
 */
static void keep(int fd, const char *temporary, const char *path)
{
	char whole;

	signal(SIGINT, SIG_IGN); /* of a terminal these reach it as well */
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	if (read(fd, &whole, 1) == 1)
		_exit(rename(temporary, path) < 0 ? errno : 0);
	unlink(temporary);
	_exit(0);
}

static int start_keeper(struct output *o, const char *temporary, const char *path, struct err *e)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_set(e, -errno, "out of file descriptors");
	o->keeper = fork();
	if (o->keeper == 0) {
		close(fds[1]);
		keep(fds[0], temporary, path);
	}
	close(fds[0]);
	o->keeper_fd = fds[1];
	if (o->keeper > 0)
		return 0;
	close(fds[1]);
	return err_set(e, -EAGAIN, "cannot start a process");
}

/* 0, or the errno with which it could not rename. */
static int end_keeper(struct output *o, bool whole)
{
	int status = 0;

	if (whole && write(o->keeper_fd, "w", 1) < 0)
		return errno;
	close(o->keeper_fd);
	o->keeper_fd = -1;
	while (waitpid(o->keeper, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
}

/* A device or a pipe is written to, never replaced: it is not ours. */
static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static int open_special(struct output *o, const char *path, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return err_set(e, -errno, "cannot write %s: %s", path, strerror(errno));
	output_init(o, fd);
	return 0;
}

int output_create(struct output *o, const char *path, struct err *e)
{
	char *temporary;
	int fd, status;

	if (is_special(path))
		return open_special(o, path, e);
	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return err_set(e, -ENOMEM, "out of memory");
	fd = mkostemp(temporary, O_CLOEXEC); /* 0600, O_EXCL */
	status = fd < 0 ? err_set(e, -errno, "cannot write %s: %s", path, strerror(errno)) : 0;
	if (status == 0) {
		output_init(o, fd);
		status = start_keeper(o, temporary, path, e);
		if (status == 0) {
			o->path = path;
		} else {
			unlink(temporary);
			close(fd);
		}
	}
	free(temporary);
	return status;
}

/* ---------------------------------------------------------------------------------------------- */

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
	if (!o->path)
		return;
	if (!o->error && fsync(o->fd) < 0)
		o->error = errno;
	close(o->fd);
	if (o->error)
		end_keeper(o, false);
	else
		o->error = end_keeper(o, true);
}
