/* SPDX-License-Identifier: MIT
 *
 * Flow ends that wait for their socket: a bounded queue in order of arrival, found by what an event
 * of an unconnected socket knows of a flow, which is its own port and the remote end.
 */
#ifndef SOCKLENS_FLOW_PENDING_H
#define SOCKLENS_FLOW_PENDING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/hash.h"

struct pending_end {
	uint64_t flow; /* id */
	int64_t deadline_ns;
	uint64_t hash;
	uint8_t end; /* 0 or 1 of the flow's key */
};

struct pending {
	struct pending_end *ring; /* owned */
	uint32_t max, head, count;
	struct hash_index index;
	uint64_t seed;
};

int pending_init(struct pending *p, uint32_t max); /* 0 or -ENOMEM */
void pending_done(struct pending *p);

/* The address of the local end is no part of it: compare the flow. */
uint64_t pending_hash(const struct pending *p, uint8_t proto, uint16_t local_port,
		      const struct endpoint *remote);

static inline bool pending_full(const struct pending *p)
{
	return p->count == p->max;
}

/* The queue must not be full. 0 or -ENOMEM. */
int pending_put(struct pending *p, const struct pending_end *e);
const struct pending_end *pending_oldest(const struct pending *p); /* NULL = empty */
void pending_drop_oldest(struct pending *p);

/* Visit the ends under a hash: *pos starts at 0; NULL ends. No change between calls. */
const struct pending_end *pending_next(const struct pending *p, uint64_t hash, size_t *pos);

#endif
