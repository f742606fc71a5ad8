/* SPDX-License-Identifier: MIT
 *
 * Datagram flows whose every datagram counts: DNS transactions and RTP streams. Other flows cost one test of a flag.
 */
#ifndef SOCKLENS_FLOW_FOLLOW_H
#define SOCKLENS_FLOW_FOLLOW_H

#include "decode/packet.h"
#include "flow/flow.h"

struct flow_table;

enum { FOLLOW_RTP_MAX = 1 << 16 }; /* flows that are, or may be, RTP at a time: a kilobyte each */

/* A datagram that was inspected: is it one of these? Only beginnings of flows are inspected. */
void follow_consider(struct flow_table *t, struct flow *f, const struct packet *p);

/* A datagram of direction d of a flow with FLOW_FOLLOWED, the considered one included. */
void follow_datagram(struct flow_table *t, struct flow *f, int d, const struct packet *p);

/* The flow goes. */
void follow_release(struct flow_table *t, struct flow *f);

/* Fields dns.* and of each end rtp.*; absent where they are not known. */
void follow_fill(struct flow_row *row, const struct flow_table *t, const struct flow *f);

#endif
