/* SPDX-License-Identifier: MIT
 *
 * Captures named without -r, as a shell writes them for `*.pcap`: words in front of a capture
 * filter that are files.
 */
#ifndef SOCKLENS_CLI_CAPTURES_H
#define SOCKLENS_CLI_CAPTURES_H

#include "cli/options.h"

/*
 * Is this word a capture rather than the beginning of a filter? It has a dot or a slash, and is
 * there, or it ends as captures do (then its absence is worth an error of its own).
 */
bool captures_is_one(const char *word);

/* Take the words in front that are. Their number, or -EINVAL with the reason in *e. */
int captures_take(struct settings *s, char **words, struct err *e);

#endif
