/* SPDX-License-Identifier: MIT
 *
 * Connections that wait for a known cause, for tests of the verdict.
 *
 *   waiting serve ADDR PORT     one listener a behaviour, from PORT on; "# ready" when all listen
 *
 *   waiting run CASE ADDR PORT  one connection of that case; PORT as above
 *
 *   waiting list                the cases
 *
 * `run` prints one line: case, local port, remote address and port, what it waits for by design,
 * what frames alone make of that, and the rule that sockets name ("-" = any).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	REQUEST = 100,
	SMALL_BUFFER = 16384,
	LITTLE_WINDOW = 6144, /* holds a few segments */
	UNREAD_US = 4500000,  /* some samples of a second */
	CHUNK = 8192,
	STREAM = 600000,
	DOWNLOADS = 12,
	PAUSE_US = 25000,
	QUEUE_OPENS_US = 1200000,
};

static void die(const char *what)
{
	fprintf(stderr, "waiting: %s: %s\n", what, strerror(errno));
	_exit(1);
}

static void say(const char *text)
{
	size_t n = strlen(text);

	if (write(STDOUT_FILENO, text, n) != (ssize_t)n)
		die("log");
}

/* --- bytes
 * ---------------------------------------------------------------------------------------- */

static void put(int fd, size_t bytes)
{
	static const char zeros[CHUNK];

	while (bytes) {
		ssize_t n = send(fd, zeros, bytes < CHUNK ? bytes : CHUNK, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		bytes -= (size_t)n;
	}
}

/* false at the end of the stream. */
static int get(int fd, size_t bytes)
{
	char buf[CHUNK];

	while (bytes) {
		ssize_t n = recv(fd, buf, bytes < CHUNK ? bytes : CHUNK, 0);

		if (n <= 0)
			return 0;
		bytes -= (size_t)n;
	}
	return 1;
}

static void get_slowly(int fd)
{
	while (get(fd, CHUNK))
		usleep(PAUSE_US);
}

static void small_buffer(int fd)
{
	int bytes = SMALL_BUFFER;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

/* Only the window limits it: BBR, the rule on some machines, would pace it as well. Nor is a part
 * of a segment sent to fill the window. */
static void whole_segments(int fd)
{
	int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "reno", sizeof("reno"));
	setsockopt(fd, IPPROTO_TCP, TCP_CORK, &one, sizeof(one));
}

/* --- what the server does with a connection
 * ------------------------------------------------------- */

static void sink(int fd)
{
	while (get(fd, 1))
		continue;
}

/* A window that is neither closed nor filled: some segments fit, one more does not. A smaller
 * buffer would refuse what was sent into the first window; and a kernel that learns how large
 * segments are forgets the limit. */
static void sink_little(int fd)
{
	int window = LITTLE_WINDOW;

	do
		setsockopt(fd, IPPROTO_TCP, TCP_WINDOW_CLAMP, &window, sizeof(window));
	while (get(fd, REQUEST));
}

static void echo(int fd)
{
	while (get(fd, REQUEST))
		put(fd, REQUEST);
}

static void think(int fd)
{
	while (get(fd, REQUEST)) {
		usleep(2 * PAUSE_US);
		put(fd, REQUEST);
	}
}

static void look_away(int fd)
{
	usleep(UNREAD_US);
	echo(fd);
}

static void stream(int fd)
{
	while (get(fd, REQUEST))
		put(fd, STREAM);
}

static const struct behaviour {
	void (*serve)(int fd); /* NULL = nobody accepts for a while */
	void (*prepare)(int listener);
	int backlog;
} behaviours[] = {
	{sink, NULL, 64},   {echo, NULL, 64}, {think, NULL, 64},     {get_slowly, small_buffer, 64},
	{stream, NULL, 64}, {NULL, NULL, 0},  {look_away, NULL, 64}, {sink_little, NULL, 64},
};

enum { SINK, ECHO_, THINK, SLOW_SINK, STREAM_, FULL, AWAY, SMALL_SINK, BEHAVIOURS };

static void *serve_one(void *arg)
{
	int fd = (int)((intptr_t)arg >> 8), n = (int)((intptr_t)arg & 0xff);

	(behaviours[n].serve ? behaviours[n].serve : sink)(fd);
	close(fd);
	return NULL;
}

static void start(void *(*fn)(void *), intptr_t arg)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, fn, (void *)arg))
		die("thread");
	pthread_detach(thread);
}

static void *listen_one(void *arg)
{
	int fd = (int)((intptr_t)arg >> 8), n = (int)((intptr_t)arg & 0xff);

	for (;;) {
		int got;

		struct pollfd waits = {.fd = fd, .events = POLLIN};

		if (!behaviours[n].serve && poll(&waits, 1, -1) > 0)
			usleep(QUEUE_OPENS_US);
		got = accept(fd, NULL, NULL);
		if (got >= 0)
			start(serve_one, (intptr_t)got << 8 | n);
	}
	return NULL;
}

static _Noreturn int serve(struct sockaddr_in addr)
{
	int port = ntohs(addr.sin_port), one = 1;

	for (int n = 0; n < BEHAVIOURS; n++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

		addr.sin_port = htons((uint16_t)(port + n));
		if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)))
			die("socket");
		if (behaviours[n].prepare)
			behaviours[n].prepare(fd);
		if (bind(fd, (const struct sockaddr *)&addr, sizeof(addr)) ||
		    listen(fd, behaviours[n].backlog))
			die("bind");
		start(listen_one, (intptr_t)fd << 8 | n);
	}
	say("# ready\n");
	for (;;)
		pause();
}

/* --- what the client does
 * ------------------------------------------------------------------------- */

static void write_slowly(int fd)
{
	for (int i = 0; i < 20; i++) {
		put(fd, REQUEST);
		usleep(PAUSE_US);
	}
}

static void ask(int fd)
{
	for (int i = 0; i < 10; i++) {
		put(fd, REQUEST);
		get(fd, REQUEST);
	}
}

static void ask_once(int fd)
{
	put(fd, REQUEST);
	get(fd, REQUEST);
}

static void talk(int fd)
{
	for (int i = 0; i < 6; i++)
		ask(fd);
}

static void think_and_ask(int fd)
{
	for (int i = 0; i < 10; i++) {
		usleep(2 * PAUSE_US);
		put(fd, REQUEST);
		get(fd, REQUEST);
	}
}

static void upload(int fd)
{
	put(fd, STREAM);
	shutdown(fd, SHUT_WR);
	get(fd, 1);
}

static void upload_more(int fd)
{
	put(fd, 3 * STREAM);
	upload(fd);
}

static void upload_some(int fd)
{
	put(fd, STREAM / 3);
	shutdown(fd, SHUT_WR);
	get(fd, 1);
}

static void download(int fd)
{
	for (int i = 0; i < DOWNLOADS; i++) {
		put(fd, REQUEST);
		get(fd, STREAM);
	}
}

static void download_slowly(int fd)
{
	put(fd, REQUEST);
	shutdown(fd, SHUT_WR);
	get_slowly(fd);
}

static void give_up(int fd)
{
	put(fd, REQUEST);
	usleep(20 * PAUSE_US);
}

static const struct waiting {
	const char *name, *waits_for;
	int behaviour;
	void (*run)(int fd);
	void (*prepare)(int fd);
	const char *by_frames, *evidence; /* NULL = the same; any */
} cases[] = {
	{"slow_writer", "app", SINK, write_slowly, NULL, NULL, NULL},
	{"client_think", "app", ECHO_, think_and_ask, NULL, NULL, NULL},
	{"server_think", "peer", THINK, ask, NULL, NULL, NULL},
	{"idle_peer", "peer", SINK, give_up, NULL, NULL, NULL},
	{"slow_server_reader", "receiver", SLOW_SINK, upload, NULL, NULL, NULL},
	{"slow_client_reader", "receiver", STREAM_, download_slowly, small_buffer, NULL, NULL},
	{"path_questions", "network", ECHO_, ask, NULL, NULL, NULL},
	{"path_talk", "network", ECHO_, talk, NULL, NULL, NULL},
	{"path_download", "network", STREAM_, download, NULL, NULL, NULL},
	{"path_upload", "network", SINK, upload_more, NULL, NULL, NULL},
	{"accept_queue", "peer", FULL, ask, NULL, "unknown", "accept_queue_full"},
	{"unread", "receiver", AWAY, ask_once, NULL, "peer", "unread"},
	{"path_small_window", "receiver", SMALL_SINK, upload_some, whole_segments, "network",
	 "window_limited"},
};

enum { CASES = sizeof(cases) / sizeof(cases[0]) };

static int connected(const struct sockaddr_in *addr, void (*prepare)(int fd))
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	if (prepare)
		prepare(fd);
	if (connect(fd, (const struct sockaddr *)addr, sizeof(*addr)))
		die("connect");
	return fd;
}

/* One whose SYN was lost waited for that most of all, and frames cannot tell it from a full queue:
 * another one. */
static int connected_at_once(const struct sockaddr_in *addr, void (*prepare)(int fd))
{
	struct timespec before, after;
	int fd = -1;

	do {
		if (fd >= 0)
			close(fd);
		clock_gettime(CLOCK_MONOTONIC, &before);
		fd = connected(addr, prepare);
		clock_gettime(CLOCK_MONOTONIC, &after);
	} while (after.tv_sec - before.tv_sec + (after.tv_nsec - before.tv_nsec) / 1e9 > 0.5);
	return fd;
}

/* A queue of no length has room for one. */
static void fill_queue(const struct sockaddr_in *addr)
{
	connected(addr, NULL);
	usleep(PAUSE_US);
}

static int run(const struct waiting *w, struct sockaddr_in addr)
{
	struct sockaddr_in local = {0};
	socklen_t len = sizeof(local);
	char host[INET_ADDRSTRLEN], line[120];
	int fd;

	addr.sin_port = htons((uint16_t)(ntohs(addr.sin_port) + w->behaviour));
	if (w->behaviour == FULL)
		fill_queue(&addr);
	fd = (w->behaviour == FULL ? connected : connected_at_once)(&addr, w->prepare);
	getsockname(fd, (struct sockaddr *)&local, &len);
	if (w->behaviour != FULL)
		w->run(fd);
	close(fd);
	snprintf(line, sizeof(line), "%s\t%u\t%s:%u\t%s\t%s\t%s\n", w->name, ntohs(local.sin_port),
		 inet_ntop(AF_INET, &addr.sin_addr, host, sizeof(host)), ntohs(addr.sin_port),
		 w->waits_for, w->by_frames ? w->by_frames : w->waits_for,
		 w->evidence ? w->evidence : "-");
	say(line);
	return 0;
}

/* --- command line
 * --------------------------------------------------------------------------------- */

static int list(void)
{
	for (int i = 0; i < CASES; i++)
		printf("%s\t%s\n", cases[i].name, cases[i].waits_for);
	return 0;
}

static int read_addr(struct sockaddr_in *addr, const char *host, const char *port)
{
	addr->sin_family = AF_INET;
	addr->sin_port = htons((uint16_t)atoi(port));
	return inet_pton(AF_INET, host, &addr->sin_addr) == 1;
}

int main(int argc, char **argv)
{
	struct sockaddr_in addr = {0};

	signal(SIGPIPE, SIG_IGN);
	if (argc == 2 && !strcmp(argv[1], "list"))
		return list();
	if (argc == 4 && !strcmp(argv[1], "serve") && read_addr(&addr, argv[2], argv[3]))
		return serve(addr);
	for (int i = 0; argc == 5 && !strcmp(argv[1], "run") && i < CASES; i++)
		if (!strcmp(argv[2], cases[i].name) && read_addr(&addr, argv[3], argv[4]))
			return run(&cases[i], addr);
	fprintf(stderr, "use: waiting serve ADDR PORT | run CASE ADDR PORT | list\n");
	return 2;
}
