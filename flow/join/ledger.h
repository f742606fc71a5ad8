/* SPDX-License-Identifier: MIT
 *
 * Where the bytes of one end are.
 *
 *   written by the process = queued + sent;  sent = in flight + acknowledged by the peer
 *   arrived from the peer  = unread + read by the process
 *
 * When a connection is gone, what was not acknowledged is lost (to a reset, mostly): then written =
 * acknowledged + lost, to the byte.
 *
 * Written and read come from what the system calls returned. For a socket that is older than the
 * probe they follow from sequence numbers (flow/tcp/tcp_info.h) and TCP's own 64-bit counts:
 * written = acknowledged + (write_seq - snd_una), read = arrived - (rcv_nxt - copied_seq); so they
 * do when bytes took a way that returns no number (a socket spliced into a pipe).
 *
 * Frames and sockets speak of the same sequence numbers: what lies between an end's seq.snd_una
 * and the other end's seq.rcv_nxt is under way, byte for byte.
 */
#ifndef SOCKLENS_FLOW_LEDGER_H
#define SOCKLENS_FLOW_LEDGER_H

#include "flow/rows/row.h"
#include "flow/join/socket.h"

/* All unknown. */
void ledger_absent(struct flow_end_row *end);

/*
 * Fill from a socket whose totals belong to this flow alone (ledger_is_of_one_flow); the row has
 * what frames told of the same end. `passive`: it did not connect, it was accepted.
 */
void ledger_fill(struct flow_end_row *end, const struct socket *s, bool passive);

bool ledger_is_of_one_flow(const struct socket *s);

#endif
