/* SPDX-License-Identifier: MIT
 *
 * A process of before privileges were dropped that may still write one file by name, and does
 * nothing else: it opens the file anew, or replaces it by a whole one. Nothing it reads was made by
 * others.
 */
#ifndef SOCKLENS_CLI_AGENT_OPENER_H
#define SOCKLENS_CLI_AGENT_OPENER_H

#include <sys/types.h>

#include "base/err.h"

struct opener {
	int fd; /* -1 = there is none */
	pid_t pid;
};

/* 0, or a negative errno with the reason in *e. `path` is used until opener_stop. */
int opener_start(struct opener *o, const char *path, struct err *e);
void opener_stop(struct opener *o);

/* To append to, for its owner only: a descriptor or a negative errno. */
int opener_append(struct opener *o);
/* A new file beside it, readable by all, which opener_replace gives the name. */
int opener_temporary(struct opener *o);
int opener_replace(struct opener *o); /* 0 or a negative errno */

#endif
