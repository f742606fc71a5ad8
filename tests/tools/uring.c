/* SPDX-License-Identifier: MIT
 *
 * A TCP client or one-shot server whose every step goes through io_uring, by plain system calls.
 *
 *   uring connect ADDR PORT BYTES [async]     connect, send, receive as many
 *   uring accept ADDR PORT BYTES [async]      accept, receive, send as many
 *
 * async: the kernel's worker threads do it. The line on standard output is that of load.c.
 */
#include <arpa/inet.h>
#include <linux/io_uring.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { ENTRIES = 4, BYTES_MAX = 65536 };

struct ring {
	int fd;
	uint8_t flags; /* of each step */
	uint8_t *sq, *cq;
	struct io_uring_sqe *sqes;
	struct io_uring_params p;
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void *map(int fd, size_t bytes, long long at)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, at);

	if (p == MAP_FAILED)
		die("mmap");
	return p;
}

static void ring_open(struct ring *r)
{
	r->fd = (int)syscall(SYS_io_uring_setup, ENTRIES, &r->p);
	if (r->fd < 0)
		die("io_uring_setup");
	r->sq = map(r->fd, r->p.sq_off.array + ENTRIES * sizeof(uint32_t), IORING_OFF_SQ_RING);
	r->cq = map(r->fd, r->p.cq_off.cqes + 2 * ENTRIES * sizeof(struct io_uring_cqe),
		    IORING_OFF_CQ_RING);
	r->sqes = map(r->fd, ENTRIES * sizeof(*r->sqes), IORING_OFF_SQES);
}

static uint32_t *at(uint8_t *ring, uint32_t offset)
{
	return (uint32_t *)(void *)(ring + offset);
}

/* One step, waited for; its result. */
static int step(struct ring *r, uint8_t op, int fd, void *addr, uint32_t len, uint64_t off)
{
	uint32_t tail = *at(r->sq, r->p.sq_off.tail), mask = *at(r->sq, r->p.sq_off.ring_mask);
	uint32_t head = *at(r->cq, r->p.cq_off.head);
	struct io_uring_cqe *cqe;
	int result;

	r->sqes[tail & mask] = (struct io_uring_sqe){.opcode = op,
						     .flags = r->flags,
						     .fd = fd,
						     .addr = (uintptr_t)addr,
						     .len = len,
						     .off = off};
	at(r->sq, r->p.sq_off.array)[tail & mask] = tail & mask;
	atomic_thread_fence(memory_order_release);
	*at(r->sq, r->p.sq_off.tail) = tail + 1;
	if (syscall(SYS_io_uring_enter, r->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		die("io_uring_enter");
	cqe = (struct io_uring_cqe *)(void *)(r->cq + r->p.cq_off.cqes);
	result = cqe[head & *at(r->cq, r->p.cq_off.ring_mask)].res;
	*at(r->cq, r->p.cq_off.head) = head + 1;
	return result;
}

static int move(struct ring *r, uint8_t op, int fd, uint32_t bytes)
{
	static char buf[BYTES_MAX];
	uint32_t done = 0;

	while (done < bytes) {
		int n = step(r, op, fd, buf, bytes - done, 0);

		if (n <= 0)
			break;
		done += (uint32_t)n;
	}
	return (int)done;
}

static void log_truth(const char *role, int fd, int written, int got)
{
	struct sockaddr_in a[2] = {0};
	socklen_t len = sizeof(a[0]);
	char text[2][INET_ADDRSTRLEN];
	struct timespec t;

	getsockname(fd, (void *)&a[0], &len);
	getpeername(fd, (void *)&a[1], &len);
	clock_gettime(CLOCK_MONOTONIC, &t);
	for (int i = 0; i < 2; i++)
		inet_ntop(AF_INET, &a[i].sin_addr, text[i], sizeof(text[i]));
	printf("tcp-%s\t%d\t%d\t%s\t%d\t%s\t%d\t%d\t%d\t%lld\n", role, getpid(), getpid(), text[0],
	       ntohs(a[0].sin_port), text[1], ntohs(a[1].sin_port), written, got,
	       t.tv_sec * 1000000000ll + t.tv_nsec);
}

static void client(struct ring *r, struct sockaddr_in *to, uint32_t bytes)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), sent;

	if (step(r, IORING_OP_CONNECT, fd, to, 0, sizeof(*to)) < 0)
		die("connect");
	sent = move(r, IORING_OP_SEND, fd, bytes);
	log_truth("client", fd, sent, move(r, IORING_OP_RECV, fd, bytes));
}

static void server(struct ring *r, const struct sockaddr_in *here, uint32_t bytes)
{
	int one = 1, fd, got, s = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(s, (const void *)here, sizeof(*here)) || listen(s, 1))
		die("listen");
	puts("# ready");
	fflush(stdout);
	fd = step(r, IORING_OP_ACCEPT, s, NULL, 0, 0);
	got = move(r, IORING_OP_RECV, fd, bytes);
	log_truth("server", fd, move(r, IORING_OP_SEND, fd, bytes), got);
}

int main(int argc, char **argv)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	struct ring r = {.flags = 0};

	if (argc < 5 || atoi(argv[4]) > BYTES_MAX ||
	    inet_pton(AF_INET, argv[2], &a.sin_addr) != 1) {
		fputs("use: uring connect|accept ADDR PORT BYTES [async]\n", stderr);
		return 2;
	}
	a.sin_port = htons((uint16_t)atoi(argv[3]));
	r.flags = argc > 5 ? IOSQE_ASYNC : 0;
	ring_open(&r);
	if (!strcmp(argv[1], "connect"))
		client(&r, &a, (uint32_t)atoi(argv[4]));
	else
		server(&r, &a, (uint32_t)atoi(argv[4]));
	return 0;
}
