/* SPDX-License-Identifier: MIT
 *
 * Data on its way out: a buffer in front of stdout or of a file, written in large pieces. A file
 * gets its name only when it is whole; nobody else may read it.
 */
#ifndef SOCKLENS_CLI_OUTPUT_H
#define SOCKLENS_CLI_OUTPUT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

struct output {
	struct buf buf; /* exporters append here */
	int fd;
	int error;	  /* errno of the first failure; everything later is dropped */
	const char *path; /* borrowed; NULL = not a file of ours */
	int keeper;	  /* process that gives the file its name */
	int keeper_fd;
};

void output_init(struct output *o, int fd);
/* Or to a file, or what else has this name, while there are privileges. 0, or a negative errno with the reason in *e. */
int output_create(struct output *o, const char *path, struct err *e);
/* Write when enough has gathered (or always, `now`). false once the reader has gone or a write
 * failed. */
bool output_flush(struct output *o, bool now);
/* Without an error until then the file gets its name; `error` tells whether that went well. */
void output_done(struct output *o);

#endif
