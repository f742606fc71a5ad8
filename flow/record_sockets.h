/* SPDX-License-Identifier: MIT
 *
 * What is known when a recording begins, said as the probe would have said it.
 */
#ifndef SOCKLENS_FLOW_RECORD_SOCKETS_H
#define SOCKLENS_FLOW_RECORD_SOCKETS_H

#include "base/buf.h"
#include "flow/join/socket.h"

struct engine;

/* Every socket that lives or has just closed, as events with wall-clock times. */
void record_sockets(struct socket_table *t, void (*fn)(void *ctx, const struct sock_event *ev),
		    void *ctx);

/* Lines about this machine (flow/recorder.h). */
void record_host(struct buf *out, struct engine *en);

#endif
