/* SPDX-License-Identifier: MIT
 *
 * The decision: which socket does this end of a flow belong to? It looks at addresses, network
 * namespaces, the numbers that a TCP connection begins with and the interval in which a socket
 * lived, never at names or at what happened before.
 * When two answers are possible there is none: a wrong process is worse than none.
 */
#ifndef SOCKLENS_FLOW_MATCH_H
#define SOCKLENS_FLOW_MATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "flow/flow.h"
#include "flow/join/local.h"
#include "flow/join/socket.h"

/* The number of the first byte that an end sends. */
struct first_seq {
	bool known;
	uint32_t seq;
};

struct match_query {
	struct endpoint local, remote; /* as this end sees the flow */
	struct first_seq local_first, remote_first;
	int64_t start_ns, last_ns;     /* first and last frame so far */
	uint32_t netns;		       /* of the capture, 0 = unknown */
	uint8_t proto;
};

/* The binding. When there is none its reason is NO_SOCKET, AMBIGUOUS or NO_OWNER. */
struct binding match_find(struct socket_table *t, const struct local_addrs *local,
			  const struct match_query *q);

/* Did the socket live when the flow began, and nothing contradicts that it is the flow's? */
bool match_is_possible(const struct socket *s, const struct match_query *q);

#endif
