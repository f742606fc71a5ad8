/* SPDX-License-Identifier: MIT
 *
 * What a system call on a socket costs: one process sends and receives over both ends of a
 * connection.
 *
 *   calls KIND N     prints the CPU nanoseconds (user and system) of one of N rounds, in the best of
 *                    some batches: whatever disturbs only adds
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { BYTES_MAX = 65536, BATCHES = 20 };

static const struct {
	const char *name;
	int family, type;
	size_t bytes; /* 0 = no socket: a call that has nothing to do with one */
} kinds[] = {
	{"tcp1", AF_INET, SOCK_STREAM, 1},  {"udp1", AF_INET, SOCK_DGRAM, 1},
	{"unix1", AF_UNIX, SOCK_STREAM, 1}, {"tcp64k", AF_INET, SOCK_STREAM, BYTES_MAX},
	{"getppid", AF_UNSPEC, 0, 0},
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void pair_inet(int type, int ends[2])
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in b = a;
	socklen_t n = sizeof(a);
	int s = socket(AF_INET, type, 0);

	ends[0] = socket(AF_INET, type, 0);
	if (s < 0 || ends[0] < 0 || bind(s, (void *)&a, n) || getsockname(s, (void *)&a, &n))
		die("bind");
	if (type == SOCK_DGRAM) {
		if (bind(ends[0], (void *)&b, n) || getsockname(ends[0], (void *)&b, &n) ||
		    connect(s, (void *)&b, n))
			die("connect");
		ends[1] = s;
	} else if (listen(s, 1)) {
		die("listen");
	}
	if (connect(ends[0], (void *)&a, n))
		die("connect");
	if (type == SOCK_STREAM)
		ends[1] = accept(s, NULL, NULL);
}

static void round_trip(const int ends[2], size_t bytes)
{
	static char buf[BYTES_MAX];
	size_t got = 0;

	if (send(ends[0], buf, bytes, 0) != (ssize_t)bytes)
		die("send");
	while (got < bytes) {
		ssize_t n = recv(ends[1], buf, sizeof(buf), 0);

		if (n <= 0)
			die("recv");
		got += (size_t)n;
	}
}

static double cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double batch_ns(const int ends[2], size_t bytes, long n)
{
	double start = cpu_ns();

	for (long i = 0; i < n; i++) {
		if (bytes)
			round_trip(ends, bytes);
		else
			syscall(SYS_getppid);
	}
	return (cpu_ns() - start) / (double)n;
}

static void run(size_t kind, long n)
{
	size_t bytes = kinds[kind].bytes;
	int ends[2] = {-1, -1};
	double best = 1e12;

	if (kinds[kind].family == AF_INET)
		pair_inet(kinds[kind].type, ends);
	else if (bytes && socketpair(AF_UNIX, kinds[kind].type, 0, ends))
		die("socketpair");
	for (long i = 0; bytes && i < 1000; i++)
		round_trip(ends, bytes);
	for (int i = 0; i < BATCHES; i++) {
		double ns = batch_ns(ends, bytes, n / BATCHES);

		best = ns < best ? ns : best;
	}
	printf("%.1f\n", best);
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 3 && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i].name, argv[1])) {
			run(i, atol(argv[2]));
			return 0;
		}
	fputs("use: calls tcp1|udp1|unix1|tcp64k|getppid N\n", stderr);
	return 2;
}
