/* SPDX-License-Identifier: MIT */
#include "bpf/proc.h"

#include <cap-ng.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOBODY = 65534, BUFFER_BYTES = 1 << 20 };

struct question {
	uint32_t pid, tid;
};

struct answer {
	int code;
	struct proc_info info;
};

struct proc_reader {
	int fd;
	pid_t pid;
};

/* Nothing is kept but the right to know what a process runs. */
static bool give_up_the_rest(void)
{
	bool root = geteuid() == 0;

	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_have_capability(CAPNG_PERMITTED, CAP_SYS_PTRACE) || root)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_SYS_PTRACE);
	if (root && capng_change_id(NOBODY, NOBODY, CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING))
		return false;
	if (!root && capng_apply(CAPNG_SELECT_CAPS))
		return false;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

static void answer_all(int fd)
{
	struct question q;

	while (recv(fd, &q, sizeof(q), 0) == sizeof(q)) {
		struct answer a = {0};

		a.code = proc_read(&a.info, q.pid, q.tid);
		if (send(fd, &a, sizeof(a), MSG_NOSIGNAL) < 0)
			break;
	}
}

static _Noreturn void be_reader(int fd)
{
	prctl(PR_SET_NAME, "socklens-proc");
	setsid(); /* the terminal's Ctrl-C is for the other one, whose end ends this one */
	if (fd > 0)
		close_range(0, (unsigned)fd - 1, 0);
	close_range((unsigned)fd + 1, ~0u, 0);
	if (give_up_the_rest())
		answer_all(fd);
	_exit(0);
}

int proc_reader_start(struct proc_reader **out)
{
	int room = BUFFER_BYTES;
	struct proc_reader *r = calloc(1, sizeof(*r));
	int fds[2], code;

	if (!r)
		return -ENOMEM;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds)) {
		code = -errno;
		goto out_reader;
	}
	for (int i = 0; i < 2; i++)
		setsockopt(fds[i], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	r->fd = fds[0];
	r->pid = fork();
	if (r->pid < 0) {
		code = -errno;
		goto out_sockets;
	}
	if (r->pid == 0)
		be_reader(fds[1]);
	close(fds[1]);
	*out = r;
	return 0;

out_sockets:
	close(fds[0]);
	close(fds[1]);
out_reader:
	free(r);
	return code;
}

void proc_reader_free(struct proc_reader *r)
{
	if (!r)
		return;
	close(r->fd);
	waitpid(r->pid, NULL, 0);
	free(r);
}

int proc_reader_ask(struct proc_reader *r, uint32_t pid, uint32_t tid)
{
	struct question q = {pid, tid};

	return send(r->fd, &q, sizeof(q), MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

int proc_reader_take(struct proc_reader *r, int wait_ms, int *code, struct proc_info *out)
{
	struct pollfd p = {.fd = r->fd, .events = POLLIN};
	struct answer a;
	ssize_t n;

	if (wait_ms && poll(&p, 1, wait_ms) <= 0)
		return 0;
	n = recv(r->fd, &a, sizeof(a), MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (n != sizeof(a))
		return -EPIPE;
	*code = a.code;
	if (!a.code)
		*out = a.info;
	return 1;
}
