/* SPDX-License-Identifier: MIT
 *
 * What selective acks prove (RFC 2018) and duplicate reports (RFC 2883), beside the counters that follow
 * Wireshark, which does not look at them. All are about the data that one end sent:
 *
 *   sacked_bytes             octets that the peer reported by SACK before it acknowledged them: what came
 *                            after a hole, or out of order. Each counts once, as far as SACK_RANGES separate
 *                            pieces at a time allow.
 *   dsack                    D-SACK blocks: segments that the peer had twice, so that one was needless
 *   dsack_bytes              octets in them
 *   needless_retransmission  segments sent again when all of their octets had been acknowledged or reported
 *                            by SACK already, as seen at the tap: a sender without SACK, or one whose timer was
 *                            too short. The reference's "spurious" is the part that plain acks prove.
 */
#ifndef SOCKLENS_FLOW_SACK_H
#define SOCKLENS_FLOW_SACK_H

#include "decode/packet.h"
#include "flow/flow.h"

struct flow_table;

/* A segment of direction d that carries SACK blocks. Before it is remembered. */
void sack_blocks(struct flow_table *t, struct flow *f, int d, const struct packet *p);

/* A retransmission of direction d. Before it fills holes. */
void sack_retransmission(struct flow_table *t, struct flow *f, int d, const struct packet *p);

#endif
