/* SPDX-License-Identifier: MIT
 *
 * Bytes that were sent again, and bytes that never came: holes in the sequence space are opened by
 * a segment beyond the next expected one and closed by late segments. A bounded number of holes
 * is kept a direction; the oldest is given up for a new one.
 */
#ifndef SOCKLENS_FLOW_TCP_LOSS_H
#define SOCKLENS_FLOW_TCP_LOSS_H

#include "decode/packet.h"
#include "flow/flow.h"

struct flow_table;

enum tcp_came { TCP_CAME_NEW, TCP_CAME_LATE /* and not again */, TCP_CAME_AGAIN };

/* One segment of direction d; before it moves next_seq. */
void tcp_loss_segment(struct flow_table *table, struct flow *f, int d, const struct packet *p,
		      enum tcp_came how);

#endif
