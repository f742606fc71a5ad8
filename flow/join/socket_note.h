/* SPDX-License-Identifier: MIT
 *
 * What one event says of its socket itself: birth, identity, addresses, totals. Owners are
 * flow/join/owner.h's, places and peers the table's.
 */
#ifndef SOCKLENS_FLOW_SOCKET_NOTE_H
#define SOCKLENS_FLOW_SOCKET_NOTE_H

#include <stdbool.h>

#include "bpf/sock_event.h"
#include "flow/join/socket.h"

/* `is_new`: nothing was known of the socket before. */
void socket_note(struct socket *s, const struct sock_event *ev, bool is_new);

/* Its last attempt to connect failed, and this event begins another: the last word about that one.
 */
bool socket_tries_again(const struct socket *s, const struct sock_event *ev);

#endif
