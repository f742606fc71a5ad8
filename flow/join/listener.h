/* SPDX-License-Identifier: MIT
 *
 * The listening socket behind an address: who would accept, whose queue may be full.
 */
#ifndef SOCKLENS_FLOW_LISTENER_H
#define SOCKLENS_FLOW_LISTENER_H

#include "flow/join/socket.h"

/*
 * The TCP socket that listens at this end, in this namespace or, when only one does in any other,
 * there: the capture may be in one namespace and the server in another. NULL when there is none.
 */
const struct socket *listener_at(struct socket_table *t, const struct endpoint *local,
				 uint32_t netns);

#endif
