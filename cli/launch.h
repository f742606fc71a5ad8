/* SPDX-License-Identifier: MIT
 *
 * A command to be followed from its first system call: `socklens live -- COMMAND ARGUMENT...`
 *
 * Its process is made first and waits. Then the probe is told of it and attached, privileges are
 * dropped, and only then the command is run: with the caller's privileges, as the user who called
 * sudo if that is how we came to be root. Standard output is for our own data, so the command's
 * goes to standard error, and nowhere at all on a screen.
 */
#ifndef SOCKLENS_CLI_LAUNCH_H
#define SOCKLENS_CLI_LAUNCH_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct launch {
	pid_t pid; /* 0 = no command */
	int gate;  /* our end of a pipe: closing it without a word ends the process */
	int pidfd; /* readable once the command has ended */
};

/* Make the waiting process. `screen`: the terminal is ours. 0 or a negative errno with *e. */
int launch_prepare(struct launch *l, char *const *command, bool screen, struct err *e);

void launch_go(struct launch *l); /* run it; nothing without a command */

/*
 * How we end: with `code` when that is a failure of our own, or there was no command or it still
 * runs (it is then sent SIGTERM by the kernel as we go); else as the command did, 128 + N for
 * signal N, 127 when it could not be run.
 */
int launch_end(struct launch *l, int code);

#endif
