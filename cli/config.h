/* SPDX-License-Identifier: MIT
 *
 * The user's configuration: $XDG_CONFIG_HOME/socklens/config, or ~/.config/socklens/config.
 *
 *   theme light
 *   fade 2m                  # closed flows stay on a live screen so long
 *   key sort-next o Ctrl-S   # actions: socklens keys
 *   columns flows +app -rtt_ns.avg src.process.name    # + always shown, - never; others as they are
 *   filter slow rtt > 50ms   # :slow
 *   tree on                  # processes below their parents
 *
 * One setting a line; # begins a comment. Options on the command line win. Of someone who runs the
 * program by sudo it is their own file, not root's.
 */
#ifndef SOCKLENS_CLI_CONFIG_H
#define SOCKLENS_CLI_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "tui/choices.h"
#include "tui/keymap.h"

struct config {
	char theme[32];	 /* "" = not set */
	bool mouse, ascii;
	int64_t fade_ns; /* < 0 = for ever; 0 = not set */
	struct keymap keys;
	struct choices choices;
};

void config_init(struct config *c);

/*
 * Read the file, if there is one. 0; -EINVAL and *e with the line and the reason when it is wrong,
 * *c being the defaults then; another negative errno when it cannot be read.
 */
int config_read(struct config *c, struct err *e);

#endif
