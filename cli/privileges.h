/* SPDX-License-Identifier: MIT
 *
 * Giving up power, in named phases (docs/ARCHITECTURE.md, privileges):
 *
 *   open        sources and probe are opened with whatever the caller has
 *   drop        capabilities and user go, no-new-privileges is set
 *   confine     Landlock and seccomp (cli/confine.h)
 *
 * Only then may a thread start and the first foreign byte be parsed. No step is skipped silently.
 */
#ifndef SOCKLENS_CLI_PRIVILEGES_H
#define SOCKLENS_CLI_PRIVILEGES_H

#include <stddef.h>

#include "base/err.h"

struct passwd;

/*
 * Drop to `user` (NULL: the user sudo was called by, else "nobody"; a caller that is not root keeps
 * its user and loses its capabilities). 0, or a negative errno with the reason in *e: the caller must stop.
 */
int privileges_drop(const char *user, struct err *e);

/* The person behind sudo, never root itself; NULL = none. Valid until the next getpw*(3). */
const struct passwd *privileges_caller(void);

#endif
