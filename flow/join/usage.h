/* SPDX-License-Identifier: MIT
 *
 * What each process does with its sockets, summed up for one answer.
 */
#ifndef SOCKLENS_FLOW_USAGE_H
#define SOCKLENS_FLOW_USAGE_H

#include <stdint.h>

#include "flow/join/correlate.h"
#include "flow/rows/socket_row.h"
#include "flow/table.h"

struct usage {
	struct usage_row *rows; /* owned; in no order */
	uint32_t count, room;
};

/*
 * Every process that is known to have used a socket, from its sockets (those long gone as sums) and
 * the flows bound to them. 0 or -ENOMEM; usage_done in either case.
 */
int usage_init(struct usage *u, struct correlator *c, struct flow_table *flows, int64_t now_ns);
/* Those that their parents are, too, as far as they are known. 0 or -ENOMEM. */
int usage_add_parents(struct usage *u, struct correlator *c);
void usage_done(struct usage *u);

/* NULL when there is none. */
const struct usage_row *usage_find(const struct usage *u, uint64_t id);

#endif
