/* SPDX-License-Identifier: MIT */
#include "tui/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

static const struct {
	int signal;
	bool once; /* the second one ends the program even when the terminal takes no more output */
} watched[] = {
	{SIGINT, true},	    {SIGTERM, true},  {SIGHUP, true},
	{SIGWINCH, false}, {SIGTSTP, false}, {SIGCONT, false},
};
enum { WATCHED_COUNT = sizeof(watched) / sizeof(watched[0]) };

/* A handler has no argument of ours. */
static struct {
	int pipe[2];
	struct sigaction old[WATCHED_COUNT];
} self;

static void on_signal(int signal)
{
	int saved = errno;
	unsigned char byte = (unsigned char)signal;
	ssize_t ignored = write(self.pipe[1], &byte, 1); /* full: enough are waiting */

	(void)ignored;
	errno = saved;
}

int signals_start(void)
{
	struct sigaction ours = {.sa_handler = on_signal};

	if (pipe2(self.pipe, O_CLOEXEC | O_NONBLOCK))
		return -errno;
	sigemptyset(&ours.sa_mask);
	for (int i = 0; i < WATCHED_COUNT; i++) {
		ours.sa_flags = SA_RESTART | (watched[i].once ? (int)SA_RESETHAND : 0);
		sigaction(watched[i].signal, &ours, &self.old[i]);
	}
	return self.pipe[0];
}

int signals_next(int fd)
{
	unsigned char byte;

	return read(fd, &byte, 1) == 1 ? byte : 0;
}

void signals_stop(void)
{
	for (int i = 0; i < WATCHED_COUNT; i++)
		sigaction(watched[i].signal, &self.old[i], NULL);
	close(self.pipe[0]);
	close(self.pipe[1]);
}
