/* SPDX-License-Identifier: MIT
 *
 * Round trips of a QUIC connection by its spin bit (RFC 9000 17.4): a packet's bit is the last one
 * heard, inverted by the client, so each direction changes it once a round trip. What idles or is
 * held up makes a sample longer, never shorter.
 *
 * Not all ends take part: a bit that never changes gives no sample, and one that changes at random
 * is not believed.
 */
#ifndef SOCKLENS_FLOW_QUIC_FLOW_H
#define SOCKLENS_FLOW_QUIC_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "flow/rows/row.h"

struct quic_spin {
	int64_t edge_ns;  /* of the last change */
	uint32_t packets; /* with a short header */
	uint32_t edges;
	bool value;
};

struct quic_flow {
	struct quic_spin dir[2];
	int64_t min_ns, max_ns, sum_ns; /* of the samples of both directions */
	uint32_t samples;
};

/* One datagram of direction d. */
void quic_flow_datagram(struct quic_flow *q, int d, struct cursor datagram, int64_t time_ns);

/* Fields quic_rtt_ns.*; NULL = absent. */
void quic_flow_fill(struct flow_row *row, const struct quic_flow *q);

#endif
