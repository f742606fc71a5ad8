/* SPDX-License-Identifier: MIT
 *
 * What a TCP connection waits for, and why we say so. docs/VERDICT.md explains the rules; their
 * names and sentences are here.
 *
 * Frames give the shares (flow/tcp/tcp_waits.h); what a socket on this machine knows besides
 * (unread data, a full accept queue, the kernel's own account of its limits) moves time from one
 * share to another.
 *
 *   app       the local application: of the only end whose socket is known, else of the originator
 *   peer      the other end's application
 *   receiver  an end that does not read: its window is closed, or its receive queue is not empty
 *   network   data and acks on their way, lost segments
 *   unknown   nothing has more than half of the time, or nothing tells
 */
#ifndef SOCKLENS_FLOW_VERDICT_H
#define SOCKLENS_FLOW_VERDICT_H

#include "flow/rows/row.h"
#include "flow/join/socket.h"
#include "flow/tcp/tcp_waits.h"

/* X(id, name, sentence): the strongest evidence of a verdict. */
#define VERDICT_RULE_ROWS(X)                                                                       \
	X(NONE, "", "")                                                                            \
	X(SILENT, "silent", "everything was acknowledged, and it was this application's turn")     \
	X(ACCEPT_QUEUE, "accept_queue_full",                                                       \
	  "the listening socket's queue was full: its program did not accept")                     \
	X(UNREAD, "unread", "data lay in the receive queue of this machine's socket")              \
	X(WINDOW, "window_closed", "the receive window was closed or filled")                      \
	X(LIMITED, "window_limited",                                                               \
	  "the sending socket counts this as limited by the peer's window")                        \
	X(LOSS, "loss", "segments had to be sent again")                                           \
	X(TRANSIT, "in_transit", "data or acks were on their way")                                 \
	X(UNANSWERED, "unanswered",                                                                \
	  "no answer, or silence where segments get lost: network or host")                        \
	X(MIXED, "mixed", "no cause has more than half of the time")

enum verdict_rule {
#define X(id, name, sentence) VERDICT_##id,
	VERDICT_RULE_ROWS(X)
#undef X
		VERDICT_RULES
};

const char *verdict_rule_name(enum verdict_rule rule);
/* By the name in a row; "" when there is none. */
const char *verdict_sentence(const char *name);

/* All unknown. */
void verdict_absent(struct verdict_row *v);

/* By frames alone; `originator` is the end that is src. */
void verdict_frames(struct flow_row *row, const struct tcp_waits *w, int originator);

/* What sockets add; NULL = not known. `listener` is where dst listens, on this machine. */
struct verdict_sockets {
	const struct socket *src, *dst, *listener;
	bool settled; /* the listener would have told by now that it turned somebody away */
};
void verdict_sockets(struct flow_row *row, const struct verdict_sockets *s);

#endif
