/* SPDX-License-Identifier: MIT
 *
 * Bits a second of each flow end, smoothed for the screen. Kept beside the flow table, by slot,
 * so that packets pay nothing for it.
 */
#ifndef SOCKLENS_FLOW_RATES_H
#define SOCKLENS_FLOW_RATES_H

#include <stdint.h>

#include "flow/table.h"

struct rate {
	uint64_t id; /* flow the figures belong to */
	uint64_t bytes[2];
	int64_t bps[2];
};

struct rates {
	struct rate *by_slot; /* owned */
	uint32_t count;
	int64_t last_ns;
};

void rates_done(struct rates *r);

/* Call about once a second of the data's time. */
void rates_update(struct rates *r, struct flow_table *flows, int64_t now_ns);

/* What the figures of a flow are, when somebody else knows. */
void rates_put(struct rates *r, uint64_t id, const int64_t bps[2]);

/* Fill rate_bps of both ends of a row made from `f`. */
void rates_fill(const struct rates *r, struct flow_row *row, const struct flow *f);

#endif
