/* SPDX-License-Identifier: MIT */
#include "cli/agent/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fmt.h"

static int connect_to(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t n = strlen(path);
	int fd;

	if (n >= sizeof(to.sun_path))
		return -1;
	memcpy(to.sun_path, path, n);
	if (*path == '@') /* the abstract namespace */
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&to,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* The watchdog may be meant for another process. */
static int64_t watchdog_ns(void)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	uint64_t us, whom;

	if (!usec || !parse_u64(&us, usec, INT64_MAX / 1000))
		return 0;
	if (pid && (!parse_u64(&whom, pid, INT32_MAX) || (pid_t)whom != getpid()))
		return 0;
	return (int64_t)us * 1000 / 2;
}

void notify_open(struct notify *n)
{
	const char *path = getenv("NOTIFY_SOCKET");

	*n = (struct notify){.fd = -1};
	if (path && (*path == '/' || *path == '@'))
		n->fd = connect_to(path);
	if (n->fd >= 0)
		n->every_ns = watchdog_ns();
}

void notify_close(struct notify *n)
{
	if (n->fd >= 0)
		close(n->fd);
	n->fd = -1;
}

void notify_tell(struct notify *n, const char *state)
{
	if (n->fd >= 0 && send(n->fd, state, strlen(state), MSG_NOSIGNAL) < 0)
		return; /* whoever asked does not listen: no reason to stop */
}

void notify_alive(struct notify *n, int64_t mono_ns)
{
	if (!n->every_ns || mono_ns - n->watched_ns < n->every_ns)
		return;
	n->watched_ns = mono_ns;
	notify_tell(n, "WATCHDOG=1");
}
