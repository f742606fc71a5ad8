/* SPDX-License-Identifier: MIT
 *
 * Did the data arrive? One end's data is delivered when every octet from its SYN to its FIN (RFC 9293
 * 3.4) passed the tap and was acknowledged by the other end.
 *
 *   complete    all of it
 *   incomplete  from SYN to FIN, but not all; the reason tells what is known of the rest:
 *                 lost            neither seen nor acknowledged
 *                 unacknowledged  seen, but not acknowledged
 *                 unseen          acknowledged, but it did not pass the tap: the capture lost it
 *   unknown     the beginning, the end or the answers are missing; in order of precedence:
 *                 one_way         nothing of one of the two ends was seen
 *                 midstream       no SYN was seen
 *                 reset           a RST came before the FIN
 *                 rewritten       the acks answer other sequence numbers: seen on both sides of a box
 *                 cut             the capture ended before the FIN
 *                 no_end          no FIN came, so far or until the flow was given up
 *
 * An ack proves arrival at the kernel; whether the application took it is in the ledger.
 */
#ifndef SOCKLENS_FLOW_DELIVERY_H
#define SOCKLENS_FLOW_DELIVERY_H

#include <stdint.h>

#include "flow/flow.h"

struct flow_table;

struct delivery {
	const char *verdict, *reason; /* "" unless TCP; and no reason when complete */
	/*
	 * Octets of those sent so far that are not known as delivered; ROW_ABSENT when nothing can be known.
	 * The number is exact up to FLOW_HOLES holes at a time.
	 */
	int64_t undelivered_bytes;
};

struct delivery delivery_of(const struct flow_table *t, const struct flow *f, int d);

#endif
