/* SPDX-License-Identifier: MIT
 *
 * A socket as a JSON object, from the field table of flow/rows/socket_field.h.
 */
#ifndef SOCKLENS_REPORT_RECORD_SOCKET_H
#define SOCKLENS_REPORT_RECORD_SOCKET_H

#include "base/buf.h"
#include "flow/rows/socket_row.h"

/* {"type":"socket",...}; absent members are left out. */
void record_socket(struct buf *out, const struct socket_row *row);

#endif
