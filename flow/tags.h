/* SPDX-License-Identifier: MIT
 *
 * VLAN and tunnel stacks, each kept once: thousands of flows share one, and most have none.
 */
#ifndef SOCKLENS_FLOW_TAGS_H
#define SOCKLENS_FLOW_TAGS_H

#include <stdint.h>

#include "base/hash.h"
#include "decode/packet.h"

struct tags {
	struct tunnel tunnel[PACKET_MAX_TUNNELS]; /* outermost first, as are the VLANs */
	uint16_t vlan[PACKET_MAX_VLANS];
	uint8_t vlan_count, tunnel_count;
};

struct tag_table {
	struct tags *sets; /* owned; numbers start at 1 */
	struct hash_index index;
	uint32_t count, size;
};

int tag_table_init(struct tag_table *t); /* 0 or -ENOMEM */
void tag_table_done(struct tag_table *t);

/* The number of a packet's stack; 0 for none, and when 65,535 different ones are known already. */
uint16_t tags_intern(struct tag_table *t, const struct packet *p);

/* NULL for number 0. */
const struct tags *tags_get(const struct tag_table *t, uint16_t number);

/* For keys: a hash of the chosen parts of a packet's stack, 0 when it has none of them. */
uint32_t tags_scope(const struct packet *p, bool vlan, bool tunnel);

#endif
