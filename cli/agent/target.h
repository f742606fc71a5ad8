/* SPDX-License-Identifier: MIT
 *
 * A place on the network as people write it: "host:4739", "tcp://[2001:db8::1]:4739", "9100".
 */
#ifndef SOCKLENS_CLI_AGENT_TARGET_H
#define SOCKLENS_CLI_AGENT_TARGET_H

#include <stdbool.h>

#include "base/err.h"

enum { TARGET_HOST_MAX = 256, TARGET_PORT_MAX = 8 };

struct target {
	char host[TARGET_HOST_MAX]; /* "" = not said */
	char port[TARGET_PORT_MAX];
	bool tcp; /* else UDP */
};

/* 0, or -EINVAL with the reason in *e, which names the option. */
int target_parse(struct target *t, const char *option, const char *text, struct err *e);

/* A connected socket that does not block, or a negative errno; waits some seconds for TCP. */
int target_connect(const struct target *t, bool (*give_up)(void *ctx), void *ctx);

/* A bound TCP socket, not listening yet: its number, or a negative errno with the reason in *e. */
int target_bind(const struct target *t, const char *option, struct err *e);

#endif
