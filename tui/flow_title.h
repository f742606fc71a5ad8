/* SPDX-License-Identifier: MIT
 *
 * A flow in one line, and its ends.
 */
#ifndef SOCKLENS_TUI_FLOW_TITLE_H
#define SOCKLENS_TUI_FLOW_TITLE_H

#include <stdbool.h>
#include <stddef.h>

#include "flow/rows/row.h"

enum { FLOW_TITLE_MAX = 360 };

/* "tcp  curl 4021 192.0.2.1:40000 → 198.51.100.2:80" */
void flow_title(char *out, size_t cap, const struct flow_row *row, bool utf8);

#endif
