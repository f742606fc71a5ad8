/* SPDX-License-Identifier: MIT
 *
 * Where the bytes of one end are: written by the process -> sent on the wire -> acknowledged by the
 * peer; arrived from the peer -> read by the process.
 */
#ifndef SOCKLENS_FLOW_LEDGER_H
#define SOCKLENS_FLOW_LEDGER_H

#include "flow/row.h"
#include "flow/socket.h"

/* All unknown. */
void ledger_absent(struct ledger_row *l);

/*
 * Fill from a socket whose totals belong to this flow alone (ledger_is_of_one_flow); `end` gives
 * what frames told of the same end.
 */
void ledger_fill(struct ledger_row *l, const struct socket *s, const struct flow_end_row *end);

bool ledger_is_of_one_flow(const struct socket *s);

#endif
