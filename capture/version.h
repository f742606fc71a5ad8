/* SPDX-License-Identifier: MIT */
#ifndef SOCKLENS_CAPTURE_VERSION_H
#define SOCKLENS_CAPTURE_VERSION_H

#include <stddef.h>

/* The capture library's own name and version, for --version. */
const char *capture_library_version(void);

/* "gzip, zstd": compressed captures that can be read. */
void capture_compressions(char *out, size_t cap);

#endif
