/* SPDX-License-Identifier: MIT
 *
 * What packages install beside the program, made from the same rows as its help: manual pages and
 * completions of shells.
 */
#ifndef SOCKLENS_CLI_MANUAL_H
#define SOCKLENS_CLI_MANUAL_H

#include <stdio.h>

void manual_program(FILE *out); /* socklens(1) */
void manual_filter(FILE *out);	/* socklens-filter(7) */

void completion_bash(FILE *out);
void completion_zsh(FILE *out);
void completion_fish(FILE *out);

#endif
