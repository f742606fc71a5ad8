/* SPDX-License-Identifier: MIT
 *
 * From a socket of the table to the row that shows it.
 */
#ifndef SOCKLENS_FLOW_SOCKET_FILL_H
#define SOCKLENS_FLOW_SOCKET_FILL_H

#include "flow/rows/process_row.h"
#include "flow/rows/socket_row.h"

/*
 * `now_ns`, wall clock, tells how old a socket is that lives; `peer` is the one at its other end,
 * NULL when that is not known.
 */
void socket_row_fill(struct socket_row *row, const struct identities *known, const struct socket *s,
		     const struct socket *peer, struct slab_id id, int64_t now_ns);

/* Bits a second through a socket: 0 once it is quiet, ROW_ABSENT when nobody counted. */
int64_t socket_rate_bps(const struct socket *s, int64_t bps, int64_t now_ns);

#endif
