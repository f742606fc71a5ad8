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

/* Names as in the flow record. */
#define DELIVERY_VERDICT_ROWS(X)                                                                   \
	X(NONE, "") /* not TCP */                                                                     \
	X(COMPLETE, "complete")                                                                       \
	X(INCOMPLETE, "incomplete")                                                                   \
	X(UNKNOWN, "unknown")

#define DELIVERY_REASON_ROWS(X)                                                                    \
	X(NONE, "") /* complete, or not TCP */                                                        \
	X(LOST, "lost")                                                                               \
	X(UNACKNOWLEDGED, "unacknowledged")                                                           \
	X(UNSEEN, "unseen")                                                                           \
	X(ONE_WAY, "one_way")                                                                         \
	X(MIDSTREAM, "midstream")                                                                     \
	X(RESET, "reset")                                                                             \
	X(REWRITTEN, "rewritten")                                                                     \
	X(CUT, "cut")                                                                                 \
	X(NO_END, "no_end")

enum delivery_verdict {
#define X(id, name) DELIVERY_##id,
	DELIVERY_VERDICT_ROWS(X)
#undef X
};
enum delivery_reason {
#define X(id, name) DELIVERY_WHY_##id,
	DELIVERY_REASON_ROWS(X)
#undef X
};

/* By verdict and by reason; as long as in a row. */
extern const char delivery_verdicts[][sizeof(((struct flow_end_row *)0)->delivery)];
extern const char delivery_reasons[][sizeof(((struct flow_end_row *)0)->delivery_reason)];

struct delivery {
	enum delivery_verdict verdict;
	enum delivery_reason reason;
	/*
	 * Octets of those sent so far that are not known as delivered; ROW_ABSENT when nothing can be known.
	 * The number is exact up to FLOW_HOLES holes at a time.
	 */
	int64_t undelivered_bytes;
};

struct delivery delivery_of(const struct flow_table *t, const struct flow *f, int d);

#endif
