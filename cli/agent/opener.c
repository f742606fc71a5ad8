/* SPDX-License-Identifier: MIT */
#include "cli/agent/opener.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum request { APPEND = 'a', TEMPORARY = 't', REPLACE = 'r' };

/* --- descriptors over a socket ---------------------------------------------------------------- */

union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

/* 0 or a negative errno; and a descriptor, unless it is -1. */
static void answer(int to, int status, int fd)
{
	union control control = {0};
	struct iovec part = {&status, sizeof(status)};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1};

	if (fd >= 0) {
		m.msg_control = &control;
		m.msg_controllen = sizeof(control);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	if (sendmsg(to, &m, MSG_NOSIGNAL) < 0)
		_exit(1);
}

/* A negative errno, or the descriptor that came, or 0. */
static int ask(struct opener *o, char request)
{
	union control control;
	int status;
	struct iovec part = {&status, sizeof(status)};
	struct msghdr m = {.msg_iov = &part,
			   .msg_iovlen = 1,
			   .msg_control = &control,
			   .msg_controllen = sizeof(control)};
	const struct cmsghdr *c;

	if (send(o->fd, &request, 1, MSG_NOSIGNAL) != 1)
		return -errno;
	if (recvmsg(o->fd, &m, MSG_CMSG_CLOEXEC) != sizeof(status))
		return -EIO;
	c = CMSG_FIRSTHDR(&m);
	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(&status, CMSG_DATA(c), sizeof(status));
	return status;
}

/* --- the process ------------------------------------------------------------------------------ */

/* Nothing is kept but the right to write where its caller might. */
static void give_up_the_rest(void)
{
	bool may = capng_have_capability(CAPNG_EFFECTIVE, CAP_DAC_OVERRIDE);

	capng_clear(CAPNG_SELECT_BOTH);
	if (may)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_DAC_OVERRIDE);
	if (capng_apply(CAPNG_SELECT_BOTH) < 0 && capng_apply(CAPNG_SELECT_CAPS) < 0)
		_exit(1);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static int open_temporary(char *temporary, const char *path)
{
	int fd;

	sprintf(temporary, "%s.XXXXXX", path);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		*temporary = '\0';
		return -errno;
	}
	fchmod(fd, 0644);
	return fd;
}

static int replace(char *temporary, const char *path)
{
	int status = rename(temporary, path) < 0 ? -errno : 0;

	if (status < 0)
		unlink(temporary);
	*temporary = '\0';
	return status;
}

static int open_append(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0600);

	return fd < 0 ? -errno : fd;
}

static void do_request(int to, char request, char *temporary, const char *path)
{
	int fd;

	if (request == REPLACE) {
		answer(to, replace(temporary, path), -1);
		return;
	}
	if (*temporary)
		unlink(temporary);
	fd = request == TEMPORARY ? open_temporary(temporary, path) : open_append(path);
	answer(to, fd < 0 ? fd : 0, fd < 0 ? -1 : fd);
	if (fd >= 0)
		close(fd);
}

static _Noreturn void serve(int fd, const char *path)
{
	char *temporary = calloc(1, strlen(path) + sizeof(".XXXXXX"));
	char request;

	prctl(PR_SET_NAME, "socklens-file");
	/* Another one's end of its socket, held here, would keep that one from ever seeing the end.
	 */
	if (fd > 0)
		close_range(0, (unsigned)fd - 1, 0);
	close_range((unsigned)fd + 1, ~0u, 0);
	setsid(); /* the terminal's Ctrl-C is for the other one, whose end ends this one */
	give_up_the_rest();
	while (temporary && recv(fd, &request, 1, 0) == 1)
		do_request(fd, request, temporary, path);
	if (temporary && *temporary)
		unlink(temporary);
	_exit(0);
}

int opener_start(struct opener *o, const char *path, struct err *e)
{
	int fds[2];

	*o = (struct opener){.fd = -1};
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return err_set(e, -errno, "out of file descriptors");
	o->pid = fork();
	if (o->pid == 0)
		serve(fds[1], path);
	close(fds[1]);
	o->fd = fds[0];
	if (o->pid > 0)
		return 0;
	close(fds[0]);
	o->fd = -1;
	return err_set(e, -EAGAIN, "cannot start a process");
}

void opener_stop(struct opener *o)
{
	if (o->fd < 0)
		return;
	close(o->fd);
	o->fd = -1;
	while (waitpid(o->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

int opener_append(struct opener *o)
{
	return ask(o, APPEND);
}

int opener_temporary(struct opener *o)
{
	return ask(o, TEMPORARY);
}

int opener_replace(struct opener *o)
{
	return ask(o, REPLACE);
}
