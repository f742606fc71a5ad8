/* SPDX-License-Identifier: MIT
 *
 * Private to this room: a capture file that is already open, for tests and fuzzing.
 */
#ifndef SOCKLENS_CAPTURE_FILE_H
#define SOCKLENS_CAPTURE_FILE_H

#include "capture/source.h"

/* As source_open_file; takes fd on success. `name` is for messages. */
int file_source_new(struct source **out, int fd, const char *name, const char *filter,
		    struct err *e);

#endif
