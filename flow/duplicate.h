/* SPDX-License-Identifier: MIT
 *
 * One packet that crosses several interfaces of this machine (veth, bridge, card) is captured on
 * each of them when all are captured at once. Only one of these frames may count.
 */
#ifndef SOCKLENS_FLOW_DUPLICATE_H
#define SOCKLENS_FLOW_DUPLICATE_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/packet.h"

struct duplicates;

/*
 * Frames that differ in what tells flows apart (VLANs, tunnels) are no copies. NULL = out of
 * memory. The memory is first touched by a packet whose interface is known.
 */
struct duplicates *duplicates_new(bool key_vlan, bool key_tunnel);
void duplicates_free(struct duplicates *d); /* accepts NULL */

/* Remember a packet of a flow whose interface is known; was it captured before on another one? */
bool duplicates_seen(struct duplicates *d, const struct packet *p);

#endif
