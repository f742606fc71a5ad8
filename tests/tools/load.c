/* SPDX-License-Identifier: MIT
 *
 * A load generator that logs its own truth, for tests of attribution.
 *
 *   load tcp-server ADDR PORT [--workers N] [--fork] [--bytes N]
 *   load tcp-client ADDR PORT [--count N] [--short] [--parallel N] [--bytes N]
 *   load udp-server ADDR PORT [--bytes N]
 *   load udp-once   ADDR PORT [--count N] [--parallel N] [--bytes N]
 *
 * Servers run until killed: tcp-server accepts in --workers processes forked beforehand, and with
 * --fork hands each connection to a child. Clients open --count connections (or sockets) one after
 * another; --short, and udp-once always, does each in a process of its own that is gone in about a
 * millisecond, --parallel of them at a time. Each side writes --bytes and reads as many.
 *
 * One line a connection goes to standard output in one write(): open that file with >>.
 *   role pid tid local_addr local_port remote_addr remote_port written read monotonic_ns
 * separated by tabs. "# ready" says that a server listens.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BYTES_MAX = 65536, WORKERS_MAX = 64, BACKLOG = 1024 };

struct job {
	const char *role;
	const char *host, *port;
	struct sockaddr_storage addr;
	socklen_t addr_len;
	int count, workers, parallel;
	size_t bytes;
	bool fork_each; /* server: a child a connection; client: a process a connection */
};

static void die(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	_exit(1);
}

static long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static void say(const char *text, size_t n)
{
	if (write(STDOUT_FILENO, text, n) != (ssize_t)n)
		die("log");
}

/* --- the truth --- */

static void end_text(char *out, size_t cap, const struct sockaddr_storage *a)
{
	char host[INET6_ADDRSTRLEN], port[8];

	if (getnameinfo((const struct sockaddr *)a, sizeof(*a), host, sizeof(host), port,
			sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV | NI_DGRAM))
		snprintf(out, cap, "?\t0");
	else
		snprintf(out, cap, "%s\t%s", host, port);
}

static void log_truth(const char *role, int fd, const struct sockaddr_storage *remote, long written,
		      long got)
{
	struct sockaddr_storage local = {0}, peer = {0};
	socklen_t len = sizeof(local);
	char line[256], ends[2][64];
	int n;

	getsockname(fd, (struct sockaddr *)&local, &len);
	len = sizeof(peer);
	if (!remote && getpeername(fd, (struct sockaddr *)&peer, &len) == 0)
		remote = &peer;
	end_text(ends[0], sizeof(ends[0]), &local);
	end_text(ends[1], sizeof(ends[1]), remote ? remote : &peer);
	n = snprintf(line, sizeof(line), "%s\t%d\t%ld\t%s\t%s\t%ld\t%ld\t%lld\n", role, getpid(),
		     syscall(SYS_gettid), ends[0], ends[1], written, got, now_ns());
	say(line, (size_t)n);
}

/* --- bytes --- */

static long write_all(int fd, size_t bytes)
{
	static const char zeros[BYTES_MAX];
	size_t done = 0;

	while (done < bytes) {
		ssize_t n = send(fd, zeros, bytes - done, MSG_NOSIGNAL);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return (long)done;
}

static long read_all(int fd, size_t bytes)
{
	char buf[BYTES_MAX];
	size_t done = 0;

	while (done < bytes) {
		ssize_t n = read(fd, buf, bytes - done);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return (long)done;
}

/* --- servers --- */

static int open_server(const struct job *j, int type)
{
	int one = 1, fd = socket(j->addr.ss_family, type | SOCK_CLOEXEC, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    bind(fd, (const struct sockaddr *)&j->addr, j->addr_len))
		die("bind");
	return fd;
}

static void serve_connection(const struct job *j, int fd)
{
	long got = read_all(fd, j->bytes);
	long written = write_all(fd, j->bytes);

	log_truth(j->role, fd, NULL, written, got);
	close(fd);
}

static _Noreturn void accept_loop(const struct job *j, int listener)
{
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			continue;
		if (!j->fork_each) {
			serve_connection(j, fd);
		} else if (fork() == 0) {
			serve_connection(j, fd);
			_exit(0);
		} else {
			close(fd);
		}
		while (j->fork_each && waitpid(-1, NULL, WNOHANG) > 0)
			continue;
	}
}

/* Workers die with their parent, however it goes. */
static void start_worker(const struct job *j, int listener)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		die("fork");
	if (pid > 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	accept_loop(j, listener);
}

static _Noreturn int tcp_server(const struct job *j)
{
	int fd = open_server(j, SOCK_STREAM);

	if (listen(fd, BACKLOG))
		die("listen");
	for (int i = 0; i < j->workers; i++)
		start_worker(j, fd);
	say("# ready\n", 8);
	if (!j->workers)
		accept_loop(j, fd);
	for (;;)
		pause();
}

static _Noreturn int udp_server(const struct job *j)
{
	int fd = open_server(j, SOCK_DGRAM);
	char buf[BYTES_MAX];

	say("# ready\n", 8);
	for (;;) {
		struct sockaddr_storage from = {0};
		socklen_t len = sizeof(from);
		ssize_t got = recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&from, &len);
		ssize_t sent;

		if (got < 0)
			continue;
		sent = sendto(fd, buf, (size_t)got, 0, (struct sockaddr *)&from, len);
		log_truth(j->role, fd, &from, sent, got);
	}
}

/* --- clients --- */

static void tcp_once(const struct job *j)
{
	int fd = socket(j->addr.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	long written, got;

	if (fd < 0 || connect(fd, (const struct sockaddr *)&j->addr, j->addr_len))
		die("connect");
	written = write_all(fd, j->bytes);
	got = read_all(fd, j->bytes);
	log_truth(j->role, fd, NULL, written, got);
	close(fd);
}

static void udp_once(const struct job *j)
{
	struct timeval patience = {.tv_sec = 2};
	int fd = socket(j->addr.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char buf[BYTES_MAX] = "";
	ssize_t sent, got;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)))
		die("socket");
	sent = sendto(fd, buf, j->bytes, 0, (const struct sockaddr *)&j->addr, j->addr_len);
	got = recv(fd, buf, sizeof(buf), 0);
	log_truth(j->role, fd, &j->addr, sent, got);
	close(fd);
}

/* Each call of `once` in a process of its own, `parallel` at a time; the number that failed. */
static int run_forked(const struct job *j, void (*once)(const struct job *))
{
	int started = 0, running = 0, failed = 0, status;

	while (started < j->count || running) {
		if (started < j->count && running < j->parallel) {
			pid_t pid = fork();

			if (pid < 0)
				die("fork");
			if (pid == 0) {
				once(j);
				_exit(0);
			}
			started++;
			running++;
		} else if (wait(&status) > 0) {
			failed += status != 0;
			running--;
		}
	}
	return failed;
}

static int tcp_client(const struct job *j)
{
	if (j->fork_each)
		return run_forked(j, tcp_once) != 0;
	for (int i = 0; i < j->count; i++)
		tcp_once(j);
	return 0;
}

static int udp_client(const struct job *j)
{
	return run_forked(j, udp_once) != 0;
}

/* --- command line --- */

static const struct {
	const char *name;
	int (*run)(const struct job *j);
} roles[] = {
	{"tcp-server", tcp_server},
	{"tcp-client", tcp_client},
	{"udp-server", udp_server},
	{"udp-once", udp_client},
};

static int usage(const char *why)
{
	fprintf(stderr, "load: %s\nuse: load tcp-server|tcp-client|udp-server|udp-once ADDR PORT "
			"[--count N] [--short] [--fork] [--workers N] [--parallel N] [--bytes N]\n",
		why);
	return 2;
}

static int read_options(struct job *j, int argc, char **argv)
{
	for (int i = 4; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "1";

		if (!strcmp(argv[i], "--short") || !strcmp(argv[i], "--fork")) {
			j->fork_each = true;
			continue;
		}
		if (!strcmp(argv[i], "--count"))
			j->count = atoi(value);
		else if (!strcmp(argv[i], "--workers"))
			j->workers = atoi(value);
		else if (!strcmp(argv[i], "--parallel"))
			j->parallel = atoi(value);
		else if (!strcmp(argv[i], "--bytes"))
			j->bytes = (size_t)atoi(value);
		else
			return -EINVAL;
		i++;
	}
	return j->workers > WORKERS_MAX || j->parallel < 1 || j->bytes > BYTES_MAX ? -EINVAL : 0;
}

static int resolve(struct job *j)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV}, *found;

	if (getaddrinfo(j->host, j->port, &hints, &found))
		return -EINVAL;
	memcpy(&j->addr, found->ai_addr, found->ai_addrlen);
	j->addr_len = found->ai_addrlen;
	freeaddrinfo(found);
	return 0;
}

int main(int argc, char **argv)
{
	struct job j = {.count = 1, .parallel = 1, .bytes = 64};

	if (argc < 4)
		return usage("missing arguments");
	j.role = argv[1];
	j.host = argv[2];
	j.port = argv[3];
	if (read_options(&j, argc, argv))
		return usage("bad option");
	if (resolve(&j))
		return usage("bad address");
	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
		if (!strcmp(roles[i].name, j.role))
			return roles[i].run(&j);
	return usage("unknown role");
}
