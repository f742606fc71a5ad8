/* SPDX-License-Identifier: MIT
 *
 * Random transfers over TCP that log their own truth, for tests of the ledger.
 *
 *   transfer serve ADDR PORT
 *   transfer run   ADDR PORT [--count N] [--parallel N] [--max-bytes N] [--seed N] [--slow MS]
 *
 * `run` makes --count connections with random sizes (1 byte to --max-bytes in either direction,
 * their logarithm evenly spread) and random manners: to the end; closed by the reader before it has
 * read all; reset by the writer (linger 0); a slow reader. With --slow, all readers are, pause for
 * so long 40 times, and all requests are --max-bytes long. What the other side is to do stands in
 * the first bytes sent.
 *
 * One line a connection and end goes to standard output in one write():
 *   role local_port remote_port begun manner written read
 * as the system calls returned. begun (monotonic clock, ns) orders the connections of one pair of
 * ports: a client reads the clock between connect and close, the server accepts one after another.
 * "# ready" says that the server listens. Linked with -pthread.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 65536, PARALLEL_MAX = 64, SLOW_PAUSES = 40, SLOW_PAUSE_MS = 5 };

enum manner { TO_THE_END, READER_CLOSES, WRITER_RESETS, SLOW_READER, MANNERS };
static const char *const manner_names[] = {"end", "close", "reset", "slow"};

/* The first bytes of a connection: what is planned. */
struct plan {
	uint32_t manner;
	uint32_t stop_after; /* bytes after which the one that breaks off does */
	uint32_t pause_ms;   /* of a slow reader, each time */
	uint64_t up, down;   /* bytes from and to the client, this record included */
};

struct totals {
	uint64_t written, got, begun;
	unsigned local_port, remote_port;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "transfer: %s: %s\n", what, strerror(errno));
	_exit(1);
}

static void say(const char *text)
{
	size_t n = strlen(text);

	if (write(STDOUT_FILENO, text, n) != (ssize_t)n)
		die("log");
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Who it is: a connection that was reset cannot tell any more. */
static void begin(struct totals *t, int fd, const struct sockaddr_in *remote, uint64_t begun)
{
	struct sockaddr_in local = {0};
	socklen_t len = sizeof(local);

	getsockname(fd, (struct sockaddr *)&local, &len);
	*t = (struct totals){.begun = begun,
			     .local_port = ntohs(local.sin_port),
			     .remote_port = ntohs(remote->sin_port)};
}

static void log_truth(const char *role, uint32_t manner, const struct totals *t)
{
	char line[160];

	snprintf(line, sizeof(line), "%s\t%u\t%u\t%llu\t%s\t%llu\t%llu\n", role,
		 t->local_port, t->remote_port, (unsigned long long)t->begun,
		 manner_names[manner % MANNERS], (unsigned long long)t->written,
		 (unsigned long long)t->got);
	say(line);
}

/* --- bytes: until `bytes` have passed or the connection breaks -----------------------------------
 */

static void put(int fd, struct totals *t, uint64_t bytes)
{
	static const char zeros[CHUNK];

	while (bytes) {
		ssize_t n = send(fd, zeros, bytes < CHUNK ? bytes : CHUNK, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		t->written += (uint64_t)n;
		bytes -= (uint64_t)n;
	}
}

/* After each `pause_each` bytes, a pause; 0 = none. */
static void get(int fd, struct totals *t, uint64_t bytes, uint64_t pause_each, uint32_t pause_ms)
{
	uint64_t since = 0;
	char buf[CHUNK];

	while (bytes) {
		ssize_t n = recv(fd, buf, bytes < CHUNK ? bytes : CHUNK, 0);

		if (n <= 0)
			return;
		t->got += (uint64_t)n;
		bytes -= (uint64_t)n;
		since += (uint64_t)n;
		if (pause_each && since >= pause_each) {
			usleep(pause_ms * 1000);
			since = 0;
		}
	}
}

/* What one end sends of its part, and how it goes. */
static void send_part(int fd, const struct plan *p, struct totals *t, uint64_t bytes)
{
	struct linger now = {1, 0};

	if (p->manner != WRITER_RESETS || bytes <= p->stop_after) {
		put(fd, t, bytes);
		return;
	}
	put(fd, t, p->stop_after);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

static void receive_part(int fd, const struct plan *p, struct totals *t, uint64_t bytes)
{
	uint64_t each = p->manner == SLOW_READER ? bytes / SLOW_PAUSES + 1 : 0;

	if (p->manner == READER_CLOSES && bytes > p->stop_after)
		bytes = p->stop_after;
	get(fd, t, bytes, each, p->pause_ms);
}

/* --- server --------------------------------------------------------------------------------------
 */

struct accepted {
	int fd;
	struct sockaddr_in from;
	uint64_t at;
};

static void *serve_one(void *arg)
{
	struct accepted *a = arg;
	int fd = a->fd;
	struct totals t;
	struct plan p;

	begin(&t, fd, &a->from, a->at);
	free(a);
	if (recv(fd, &p, sizeof(p), MSG_WAITALL) == (ssize_t)sizeof(p)) {
		t.got = sizeof(p);
		receive_part(fd, &p, &t, p.up - sizeof(p));
		if (t.got == p.up)
			send_part(fd, &p, &t, p.down);
		log_truth("server", p.manner, &t);
	}
	close(fd);
	return NULL;
}

static void start(pthread_t *thread, void *(*fn)(void *), void *arg)
{
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 4 * CHUNK);
	if (pthread_create(thread, &attr, fn, arg))
		die("thread");
}

static _Noreturn int serve(const struct sockaddr_in *addr)
{
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pthread_t thread;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    bind(fd, (const struct sockaddr *)addr, sizeof(*addr)) || listen(fd, 128))
		die("bind");
	say("# ready\n");
	for (;;) {
		struct accepted *a = calloc(1, sizeof(*a));
		socklen_t len = sizeof(a->from);

		if (!a)
			die("memory");
		do
			a->fd = accept4(fd, (struct sockaddr *)&a->from, &len, SOCK_CLOEXEC);
		while (a->fd < 0);
		a->at = now_ns();
		start(&thread, serve_one, a);
		pthread_detach(thread);
	}
}

/* --- client --------------------------------------------------------------------------------------
 */

struct run {
	const struct sockaddr_in *addr;
	unsigned count, parallel, seed, slow_ms;
	uint64_t max_bytes;
	unsigned number; /* of this thread */
};

/* 1 to max; every octave as likely as any other. */
static uint64_t random_size(unsigned *seed, uint64_t max)
{
	unsigned octaves = 64 - (unsigned)__builtin_clzll(max);
	uint64_t octave = 1ull << ((unsigned)rand_r(seed) % octaves);
	uint64_t size = octave + (uint64_t)rand_r(seed) % octave;

	return size < max ? size : max;
}

static struct plan random_plan(unsigned *seed, uint64_t max, uint32_t slow_ms)
{
	struct plan p = {.manner = slow_ms ? SLOW_READER : (uint32_t)rand_r(seed) % MANNERS,
			 .pause_ms = slow_ms ? slow_ms : SLOW_PAUSE_MS};

	p.up = sizeof(p) + (slow_ms ? max : random_size(seed, max));
	p.down = rand_r(seed) & 1 ? random_size(seed, max) : 1;
	p.stop_after = (uint32_t)random_size(seed, max);
	return p;
}

/* Of few ports all may wait for late segments: they are free again after a second (tcp_tw_reuse). */
static int open_connection(const struct run *r)
{
	for (int tries = 0; tries < 300; tries++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

		if (fd < 0)
			die("socket");
		if (connect(fd, (const struct sockaddr *)r->addr, sizeof(*r->addr)) == 0)
			return fd;
		if (errno != EADDRNOTAVAIL)
			die("connect");
		close(fd);
		usleep(10000);
	}
	errno = EADDRNOTAVAIL;
	die("connect");
}

static void transfer(const struct run *r, unsigned *seed)
{
	int fd = open_connection(r);
	struct plan p = random_plan(seed, r->max_bytes, r->slow_ms);
	struct totals t;

	begin(&t, fd, r->addr, now_ns());
	if (send(fd, &p, sizeof(p), MSG_NOSIGNAL) != (ssize_t)sizeof(p))
		die("send");
	t.written = sizeof(p);
	send_part(fd, &p, &t, p.up - sizeof(p));
	if (t.written == p.up)
		receive_part(fd, &p, &t, p.down);
	log_truth("client", p.manner, &t);
	close(fd);
}

static void *run_thread(void *arg)
{
	const struct run *r = arg;
	unsigned seed = r->seed * 1000 + r->number;

	for (unsigned i = r->number; i < r->count; i += r->parallel)
		transfer(r, &seed);
	return NULL;
}

static int run(const struct run *r)
{
	pthread_t threads[PARALLEL_MAX];
	struct run each[PARALLEL_MAX];

	for (unsigned i = 0; i < r->parallel; i++) {
		each[i] = *r;
		each[i].number = i;
		start(&threads[i], run_thread, &each[i]);
	}
	for (unsigned i = 0; i < r->parallel; i++)
		pthread_join(threads[i], NULL);
	return 0;
}

/* --- command line --------------------------------------------------------------------------------
 */

static bool read_options(struct run *r, int argc, char **argv)
{
	for (int i = 4; i + 1 < argc; i += 2) {
		unsigned long v = strtoul(argv[i + 1], NULL, 10);

		if (!strcmp(argv[i], "--count"))
			r->count = (unsigned)v;
		else if (!strcmp(argv[i], "--parallel"))
			r->parallel = (unsigned)v;
		else if (!strcmp(argv[i], "--max-bytes"))
			r->max_bytes = v;
		else if (!strcmp(argv[i], "--seed"))
			r->seed = (unsigned)v;
		else if (!strcmp(argv[i], "--slow"))
			r->slow_ms = (unsigned)v;
		else
			return false;
	}
	return r->parallel && r->parallel <= PARALLEL_MAX && r->max_bytes &&
	       r->max_bytes < UINT32_MAX;
}

int main(int argc, char **argv)
{
	struct sockaddr_in addr = {.sin_family = AF_INET};
	struct run r = {.addr = &addr, .count = 10, .parallel = 4, .max_bytes = 1 << 20, .seed = 1};

	if (argc < 4 || inet_pton(AF_INET, argv[2], &addr.sin_addr) != 1 ||
	    !read_options(&r, argc, argv)) {
		fprintf(stderr, "use: transfer serve|run ADDR PORT [--count N] [--parallel N] "
				"[--max-bytes N] [--seed N] [--slow MS]\n");
		return 2;
	}
	addr.sin_port = htons((uint16_t)atoi(argv[3]));
	signal(SIGPIPE, SIG_IGN);
	return !strcmp(argv[1], "serve") ? serve(&addr) : run(&r);
}
