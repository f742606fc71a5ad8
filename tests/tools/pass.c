/* SPDX-License-Identifier: MIT
 *
 * A server whose connections change hands: one process accepts and passes each connection (SCM_RIGHTS,
 * unix(7)) to a worker of another, which talks and logs the truth as tests/tools/load.c does.
 *
 *   pass ADDR PORT BYTES
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	_exit(1);
}

static void log_truth(int fd, long written, long got)
{
	struct sockaddr_in ends[2] = {0};
	char text[2][INET_ADDRSTRLEN], line[256];
	socklen_t len = sizeof(ends[0]);
	struct timespec t;
	int n;

	getsockname(fd, (struct sockaddr *)&ends[0], &len);
	len = sizeof(ends[1]);
	getpeername(fd, (struct sockaddr *)&ends[1], &len);
	for (int i = 0; i < 2; i++)
		inet_ntop(AF_INET, &ends[i].sin_addr, text[i], sizeof(text[i]));
	clock_gettime(CLOCK_MONOTONIC, &t);
	n = snprintf(line, sizeof(line), "tcp-passed\t%d\t%ld\t%s\t%d\t%s\t%d\t%ld\t%ld\t%lld\n",
		     getpid(), syscall(SYS_gettid), text[0], ntohs(ends[0].sin_port), text[1],
		     ntohs(ends[1].sin_port), written, got, t.tv_sec * 1000000000ll + t.tv_nsec);
	if (write(STDOUT_FILENO, line, (size_t)n) != n)
		die("log");
}

static void send_fd(int to, int fd)
{
	char room[CMSG_SPACE(sizeof(int))] = "", byte = 'f';
	struct iovec iov = {&byte, 1};
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	if (sendmsg(to, &m, 0) != 1)
		die("sendmsg");
}

static int receive_fd(int from)
{
	char room[CMSG_SPACE(sizeof(int))], byte;
	struct iovec iov = {&byte, 1};
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room)};
	struct cmsghdr *c;
	int fd;

	if (recvmsg(from, &m, MSG_CMSG_CLOEXEC) != 1)
		_exit(0);
	c = CMSG_FIRSTHDR(&m);
	if (!c)
		die("no descriptor came");
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

static _Noreturn void work(int from, size_t bytes)
{
	static char buf[65536];

	for (;;) {
		int fd = receive_fd(from);
		size_t got = 0;
		ssize_t n, written;

		while (got < bytes && (n = read(fd, buf, bytes - got)) > 0)
			got += (size_t)n;
		written = send(fd, buf, bytes, MSG_NOSIGNAL);
		log_truth(fd, (long)written, (long)got);
		close(fd);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), pair[2], one = 1;

	if (argc != 4 || inet_pton(AF_INET, argv[1], &at.sin_addr) != 1)
		return 2;
	at.sin_port = htons((uint16_t)atoi(argv[2]));
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(listener, (struct sockaddr *)&at, sizeof(at)) || listen(listener, 1024) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		die("listen");
	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(pair[0]);
		work(pair[1], (size_t)atoi(argv[3]));
	}
	if (write(STDOUT_FILENO, "# ready\n", 8) != 8)
		die("log");
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			continue;
		send_fd(pair[0], fd);
		close(fd);
	}
}
