/* SPDX-License-Identifier: MIT
 *
 * One path of an SCTP association (RFC 9260): tags, streams, the addresses that its ends announced,
 * and how far it is. A host with several addresses makes several flows of one association: the
 * later ones are joined to the first by the verification tags that their packets carry.
 */
#ifndef SOCKLENS_FLOW_SCTP_FLOW_H
#define SOCKLENS_FLOW_SCTP_FLOW_H

#include <stdbool.h>

#include "decode/packet.h"
#include "decode/sctp.h"
#include "flow/rows/row.h"
#include "flow/app/tokens.h"

/* Later ones never go back to earlier ones, but for a new INIT. */
enum sctp_state {
	SCTP_UNKNOWN,
	SCTP_HANDSHAKE,
	SCTP_ESTABLISHED,
	SCTP_CLOSING,
	SCTP_CLOSED,
	SCTP_ABORTED
};

struct sctp_flow {
	struct sctp_init init[2]; /* of an end; tag 0 = its INIT or INIT ACK was not seen */
	uint32_t tag[2];	  /* of an end: packets to it carry it; 0 = not known */
	uint32_t data_chunks[2];
	uint64_t first; /* id of the flow that began the association, mostly this one; 0 = not known
			 */
	uint8_t state;	/* enum sctp_state */
};

/* The chunks of a packet of direction d; `id` is the flow's. */
void sctp_flow_packet(struct sctp_flow *s, struct tokens *tags, uint64_t id, int d,
		      const struct packet *p);

/* Fields sctp.* of a row that has its texts; NULL = absent. */
void sctp_flow_fill(struct flow_row *row, const struct sctp_flow *s, uint64_t id, int originator);

#endif
