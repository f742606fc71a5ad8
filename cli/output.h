/* SPDX-License-Identifier: MIT
 *
 * Data on its way out: a buffer in front of stdout, written in large pieces.
 */
#ifndef SOCKLENS_CLI_OUTPUT_H
#define SOCKLENS_CLI_OUTPUT_H

#include <stdbool.h>

#include "base/buf.h"

struct output {
	struct buf buf; /* exporters append here */
	int fd;
	int error; /* errno of the first failed write; everything later is dropped */
};

void output_init(struct output *o, int fd);
/* Write when enough has gathered (or always, `now`). false once the reader has gone or a write failed. */
bool output_flush(struct output *o, bool now);
void output_done(struct output *o);

#endif
