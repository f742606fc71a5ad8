/* SPDX-License-Identifier: MIT
 *
 * Subflows of a multipath connection joined to the flow that began it (RFC 8684, and RFC 6824 as version 0). MP_CAPABLE
 * carries an end's key; its token is the first 32 bits of the key's hash (SHA-256; SHA-1 in version 0). MP_JOIN
 * names the connection by the token of the end that it is sent to.
 */
#ifndef SOCKLENS_FLOW_MPTCP_H
#define SOCKLENS_FLOW_MPTCP_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/packet.h"
#include "flow/flow.h"

struct flow_table;

uint32_t mptcp_token_of_key(uint64_t key, uint8_t version);

/* A segment with MP_CAPABLE's key or MP_JOIN's token. */
void mptcp_segment(struct flow_table *t, struct flow *f, const struct packet *p);

#endif
