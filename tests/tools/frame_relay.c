/* SPDX-License-Identifier: MIT
 *
 * A wire that is slow or loses frames, for tests where the kernel has no netem: two TAP devices of
 * one name, here and in another network namespace, and this program between them.
 *
 *   frame_relay NETNS DEVICE DELAY-MS LOSS-PERCENT [SEED]
 *
 * NETNS is a name of ip-netns(8). Prints "ready" when both devices exist. A frame is handed on
 * after the delay or, at random, not at all. Runs until killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { FRAME_MAX = 2048, QUEUE_MAX = 16384, NS_A_MS = 1000000 };

struct held {
	int64_t due_ns;
	ssize_t len;
	int to; /* descriptor */
	uint8_t bytes[FRAME_MAX];
};

/* Frames in order of arrival, which is that of leaving. */
struct queue {
	struct held frames[QUEUE_MAX];
	unsigned first, count;
};

static void die(const char *what)
{
	fprintf(stderr, "frame_relay: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static int open_tap(const char *name)
{
	struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request))
		die(name);
	return fd;
}

static void enter(const char *netns)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(path);
	close(fd);
}

/* A full queue loses, as a router does. */
static void take(struct queue *q, int from, int to, int64_t delay_ns, int loss_percent)
{
	while (q->count < QUEUE_MAX) {
		struct held *h = &q->frames[(q->first + q->count) % QUEUE_MAX];

		h->len = read(from, h->bytes, sizeof(h->bytes));
		if (h->len <= 0)
			return;
		if (rand() % 100 < loss_percent)
			continue;
		h->to = to;
		h->due_ns = now_ns() + delay_ns;
		q->count++;
	}
}

static void hand_on(struct queue *q)
{
	int64_t now = now_ns();

	while (q->count && q->frames[q->first].due_ns <= now) {
		struct held *h = &q->frames[q->first];

		if (write(h->to, h->bytes, (size_t)h->len) < 0 && errno != EAGAIN && errno != EIO)
			die("write");
		q->first = (q->first + 1) % QUEUE_MAX;
		q->count--;
	}
}

static _Noreturn void run(int a, int b, int64_t delay_ns, int loss_percent)
{
	static struct queue q;
	struct pollfd fds[2] = {{.fd = a, .events = POLLIN}, {.fd = b, .events = POLLIN}};

	for (;;) {
		int64_t wait_ns = q.count ? q.frames[q.first].due_ns - now_ns() : 1000000000;
		struct timespec t = {wait_ns > 0 ? wait_ns / 1000000000 : 0,
				     wait_ns > 0 ? wait_ns % 1000000000 : 0};

		if (ppoll(fds, 2, &t, NULL) < 0 && errno != EINTR)
			die("poll");
		take(&q, a, b, delay_ns, loss_percent);
		take(&q, b, a, delay_ns, loss_percent);
		hand_on(&q);
	}
}

int main(int argc, char **argv)
{
	int here, there;

	if (argc < 5) {
		fprintf(stderr, "use: frame_relay NETNS DEVICE DELAY-MS LOSS-PERCENT [SEED]\n");
		return 2;
	}
	srand(argc > 5 ? (unsigned)atoi(argv[5]) : 1);
	here = open_tap(argv[2]);
	enter(argv[1]);
	there = open_tap(argv[2]);
	puts("ready");
	fflush(stdout);
	run(here, there, (int64_t)atoi(argv[3]) * NS_A_MS, atoi(argv[4]));
}
