/* SPDX-License-Identifier: MIT
 *
 * Where the user's configuration is, and changing one line of it.
 */
#ifndef SOCKLENS_CLI_CONFIG_FILE_H
#define SOCKLENS_CLI_CONFIG_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

enum { CONFIG_PATH_MAX = 512 };

/*
 * $XDG_CONFIG_HOME/socklens/config or $HOME/.config/socklens/config; under sudo, whose HOME is
 * root's, in the home of the person behind it. false when there is no home.
 */
bool config_path(char out[CONFIG_PATH_MAX]);

/*
 * Open it for reading. 0, or a negative errno with the reason in *e. Root reads for the person
 * behind sudo only what is theirs, or everybody's to read: a link to anything else is refused.
 */
int config_open(FILE **out, const char *path, struct err *e);

/*
 * A keep_fn (tui/choices.h): put "SETTING NAME VALUE" in the place of the line that began alike, at
 * the end when there was none, or with value NULL take that line away. All other lines, comments
 * among them, stay. A new file takes the old one's place at once, with its permissions; it is the
 * user's that the program runs as by now.
 */
int config_keep(void *unused, const char *setting, const char *name, const char *value,
		struct err *e);

#endif
