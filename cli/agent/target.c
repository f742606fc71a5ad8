/* SPDX-License-Identifier: MIT */
#include "cli/agent/target.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fmt.h"

enum { CONNECT_MS = 5000, STEP_MS = 50, PORT_MAX = 65535 };

/* --- reading ---------------------------------------------------------------------------------- */

static const char *skip_scheme(struct target *t, const char *text)
{
	static const struct {
		const char *name;
		bool tcp;
	} schemes[] = {{"udp://", false}, {"tcp://", true}};

	for (unsigned i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t n = strlen(schemes[i].name);

		if (strncmp(text, schemes[i].name, n) == 0) {
			t->tcp = schemes[i].tcp;
			return text + n;
		}
	}
	return text;
}

/* An IPv6 address stands in brackets, or its colons would be mistaken for the port's. */
static bool split(struct target *t, const char *text)
{
	const char *colon = strrchr(text, ':'), *port = colon ? colon + 1 : text;
	size_t n = colon ? (size_t)(colon - text) : 0;
	uint64_t number;

	if (!parse_u64(&number, port, PORT_MAX) || !number || strlen(port) >= sizeof(t->port))
		return false;
	if (n && *text == '[') {
		if (text[n - 1] != ']')
			return false;
		text++;
		n -= 2;
	} else if (memchr(text, ':', n)) {
		return false;
	}
	if (n >= sizeof(t->host))
		return false;
	memcpy(t->host, text, n);
	t->host[n] = '\0';
	strcpy(t->port, port);
	return true;
}

int target_parse(struct target *t, const char *option, const char *text, struct err *e)
{
	*t = (struct target){0};
	if (split(t, skip_scheme(t, text)))
		return 0;
	return err_set(e, -EINVAL,
		       "%s %s: give an address and a port, such as 192.0.2.1:4739, "
		       "[2001:db8::1]:4739 or localhost:4739",
		       option, text);
}

/* --- connecting ------------------------------------------------------------------------------- */

static int resolve(struct addrinfo **out, const struct target *t, bool tcp, int flags)
{
	struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = tcp ? SOCK_STREAM : SOCK_DGRAM,
		.ai_flags = AI_NUMERICSERV | flags,
	};

	return getaddrinfo(t->host, t->port, &hints, out);
}

static int wait_connected(int fd, bool (*give_up)(void *ctx), void *ctx)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	socklen_t len = sizeof(int);
	int error = ETIMEDOUT;

	for (int ms = 0; ms < CONNECT_MS && !give_up(ctx); ms += STEP_MS) {
		if (poll(&p, 1, STEP_MS) <= 0)
			continue;
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
		break;
	}
	return -error;
}

static int connect_one(const struct addrinfo *a, bool (*give_up)(void *ctx), void *ctx)
{
	int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), status;

	if (fd < 0)
		return -errno;
	status = connect(fd, a->ai_addr, a->ai_addrlen) < 0 ? -errno : 0;
	if (status == -EINPROGRESS)
		status = wait_connected(fd, give_up, ctx);
	if (status == 0)
		return fd;
	close(fd);
	return status;
}

int target_connect(const struct target *t, bool (*give_up)(void *ctx), void *ctx)
{
	struct addrinfo *all;
	int fd = -EHOSTUNREACH;

	if (resolve(&all, t, t->tcp, 0))
		return -EHOSTUNREACH;
	for (struct addrinfo *a = all; a && fd < 0; a = a->ai_next)
		fd = connect_one(a, give_up, ctx);
	freeaddrinfo(all);
	return fd;
}

/* --- listening -------------------------------------------------------------------------------- */

int target_bind(const struct target *t, const char *option, struct err *e)
{
	struct addrinfo *all;
	int fd, on = 1, status = resolve(&all, t, true, AI_PASSIVE);

	if (status)
		return err_set(e, -EINVAL, "%s %s: %s", option, t->host, gai_strerror(status));
	fd = socket(all->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 || bind(fd, all->ai_addr, all->ai_addrlen) < 0) {
		status = err_set(e, -errno, "%s: cannot use port %s of %s: %s", option, t->port,
				 t->host, strerror(errno));
		if (fd >= 0)
			close(fd);
		fd = status;
	}
	freeaddrinfo(all);
	return fd;
}
