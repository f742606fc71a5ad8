/* SPDX-License-Identifier: MIT
 *
 * Help texts, made from the rows of commands and options.
 */
#ifndef SOCKLENS_CLI_USAGE_H
#define SOCKLENS_CLI_USAGE_H

#include <stdio.h>

#include "cli/command.h"

void usage_all(FILE *out);
void usage_command(FILE *out, const struct command *c);

#endif
