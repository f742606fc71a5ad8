/* SPDX-License-Identifier: MIT */
#ifndef SOCKLENS_CAPTURE_VERSION_H
#define SOCKLENS_CAPTURE_VERSION_H

/* The capture library's own name and version, for --version. */
const char *capture_library_version(void);

#endif
