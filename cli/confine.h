/* SPDX-License-Identifier: MIT
 *
 * The last phase of giving up power (cli/privileges.h): what a program that only reads, counts and
 * writes what it opened has no use for is taken from it, so that a bug in a parser has no use for
 * it either.
 *
 *   seccomp    no new program, no other process's memory, no mount, no kernel module; sockets but
 * those that resolve names of users and interfaces are refused. EPERM, never a kill: a library that
 * tries goes on without. Landlock   no file is made, changed, removed or executed; Landlock(7),
 * from Linux 5.13.
 *
 * Both hold for this thread and all that it starts. Children made before keep what they have.
 */
#ifndef SOCKLENS_CLI_CONFINE_H
#define SOCKLENS_CLI_CONFINE_H

#include <stdbool.h>

#include "base/err.h"

struct confinement {
	bool writes_files; /* the user may name files to write while it runs */
	bool network;	   /* it talks to others */
};

/*
 * 0, or a negative errno with the reason in *e: the caller must stop. Where the kernel lacks a
 * part, 0 with *missing naming it, else NULL.
 */
int confine(const struct confinement *c, const char **missing, struct err *e);

#endif
