/* SPDX-License-Identifier: MIT
 *
 * Which socklens this is and what it was built with.
 */
#ifndef SOCKLENS_CLI_VERSION_H
#define SOCKLENS_CLI_VERSION_H

#include <stdio.h>

void version_print(FILE *out);
void version_libraries(FILE *out); /* one line */

#endif
