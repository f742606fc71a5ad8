/* SPDX-License-Identifier: MIT
 *
 * A libpcap filter expression on the frames of a file, whose link types may differ: one program
 * a link type, compiled when the first frame of that type comes.
 */
#ifndef SOCKLENS_CAPTURE_FILE_FILTER_H
#define SOCKLENS_CAPTURE_FILE_FILTER_H

#include "base/err.h"
#include "capture/source.h"

struct file_filter;

/* NULL when out of memory. The expression is checked by file_filter_compile. */
struct file_filter *file_filter_new(const char *expression);
void file_filter_free(struct file_filter *ff); /* accepts NULL */

const char *file_filter_text(const struct file_filter *ff); /* the expression */

/* 0, or -EINVAL with what is wrong with the expression on this link type; -ENOMEM. */
int file_filter_compile(struct file_filter *ff, uint16_t linktype, struct err *e);

/* Keep the frames that pass, in order; their number, or a negative errno as above. */
int file_filter_run(struct file_filter *ff, struct frame *frames, unsigned n, struct err *e);

#endif
