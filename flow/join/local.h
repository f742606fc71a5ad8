/* SPDX-License-Identifier: MIT
 *
 * Which addresses are of this machine, and of which network namespace: told by the interface list
 * and learned from sockets, since a container's addresses stand on no interface of ours.
 */
#ifndef SOCKLENS_FLOW_LOCAL_H
#define SOCKLENS_FLOW_LOCAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/hash.h"

struct local_key {
	struct addr addr;
	uint32_t netns;
};

struct local_addrs {
	struct local_key *keys; /* owned */
	uint32_t count, max;
	struct hash_index index;
	uint64_t seed;
};

int local_addrs_init(struct local_addrs *l, uint32_t max); /* 0 or -ENOMEM */
void local_addrs_done(struct local_addrs *l);

/* Wildcard, multicast and loopback addresses name no namespace and are left out. */
void local_addrs_add(struct local_addrs *l, uint32_t netns, const struct addr *a);

/* Of this machine, in whichever namespace; loopback always is. */
bool local_addrs_anywhere(const struct local_addrs *l, const struct addr *a);
bool local_addrs_in(const struct local_addrs *l, uint32_t netns, const struct addr *a);
/* Is any address of this namespace and of a's family known at all? */
bool local_addrs_known(const struct local_addrs *l, uint32_t netns, const struct addr *a);

#endif
