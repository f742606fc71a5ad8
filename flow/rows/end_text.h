/* SPDX-License-Identifier: MIT
 *
 * One end of a flow as a line of text has it.
 */
#ifndef SOCKLENS_FLOW_END_TEXT_H
#define SOCKLENS_FLOW_END_TEXT_H

#include "flow/rows/row.h"

enum { END_TEXT_MAX = ROW_NAME_MAX + ENDPOINT_TEXT_MAX + 24 };

/* "192.0.2.1:40000", "192.0.2.1" where there are no ports; the length. */
size_t end_address(char out[ENDPOINT_TEXT_MAX], const struct flow_end_row *end);

/* "curl 4021 192.0.2.1:40000", with this before the pid; without a process the address alone. */
void end_text(char out[END_TEXT_MAX], const struct flow_end_row *end, char before_pid);

#endif
