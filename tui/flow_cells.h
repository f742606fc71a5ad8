/* SPDX-License-Identifier: MIT
 *
 * What the views that list flows share: cells made of more than one field, and what opens a row.
 */
#ifndef SOCKLENS_TUI_FLOW_CELLS_H
#define SOCKLENS_TUI_FLOW_CELLS_H

#include "tui/list.h"

/* Name and pid; where only the responder has a process and its column no room, that one's. */
void cell_src_process(const struct list_cell *c);
void cell_dst_process(const struct list_cell *c);
/* Address and port. */
void cell_src(const struct list_cell *c);
void cell_dst(const struct list_cell *c);
/* The state in words. */
void cell_state(const struct list_cell *c);
/* The average round trip, or the handshake's. */
void cell_rtt(const struct list_cell *c);
/* The responder's name: TLS, HTTP or DNS. */
void cell_server(const struct list_cell *c);

/* --- for their struct list_kind --- */

bool flow_is_faded(const void *row);
void flow_open(struct app *a, const void *row);

#endif
