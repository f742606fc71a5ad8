/* SPDX-License-Identifier: MIT
 *
 * What each tunnel carried: packets of flows and their frame bytes, by kind, outer ends and id. Both directions are one
 * tunnel where they share the id; the ends stand as the first packet had them. A packet counts in every
 * tunnel of its stack.
 */
#ifndef SOCKLENS_FLOW_TUNNEL_TOTALS_H
#define SOCKLENS_FLOW_TUNNEL_TOTALS_H

#include <stdint.h>

#include "base/hash.h"
#include "decode/packet.h"
#include "flow/rows/row.h"

struct tunnel_totals {
	struct tunnel_total *rows; /* owned; they never move */
	struct hash_index index;
	uint32_t count;
	uint64_t refused; /* packets of tunnels beyond TUNNEL_TOTALS_MAX */
};

int tunnel_totals_init(struct tunnel_totals *t); /* 0 or -ENOMEM */
void tunnel_totals_done(struct tunnel_totals *t);

/* A packet with tunnel_count > 0. */
void tunnel_totals_add(struct tunnel_totals *t, const struct packet *p);
/* What another one counted. */
void tunnel_totals_merge(struct tunnel_totals *t, const struct tunnel_total *more);

#endif
