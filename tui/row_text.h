/* SPDX-License-Identifier: MIT
 *
 * A row as a text to take elsewhere: its ends, or an expression for tcpdump.
 */
#ifndef SOCKLENS_TUI_ROW_TEXT_H
#define SOCKLENS_TUI_ROW_TEXT_H

#include <stddef.h>

#include "flow/rows/row.h"

enum { ROW_TEXT_MAX = 256 };

/* "tcp 192.0.2.1:40000 198.51.100.2:80" */
void row_text_ends(char out[ROW_TEXT_MAX], const struct flow_row *row);
/* "tcp and host 192.0.2.1 and port 40000 and host 198.51.100.2 and port 80" (pcap-filter(7)) */
void row_text_capture_filter(char out[ROW_TEXT_MAX], const struct flow_row *row);

#endif
