/* SPDX-License-Identifier: MIT
 *
 * What the inspector keeps of a flow (inspect_memory.c), for its other half, which asks the parsers
 * (inspect.c).
 */
#ifndef SOCKLENS_FLOW_INSPECT_PRIVATE_H
#define SOCKLENS_FLOW_INSPECT_PRIVATE_H

#include "flow/app/inspect.h"
#include "flow/app/stream.h"

/* One half-read direction. */
struct side {
	struct stream stream;
	struct app_set left; /* parsers that want more; valid once shown */
	uint16_t shown;	     /* bytes, the last time */
	uint8_t shows;
};

/* Of a flow of which a direction is half read. */
struct progress {
	struct facts *facts; /* owned */
	struct side side[2];
	struct quic_hello *hello; /* owned; of QUIC, when it spans datagrams */
	struct dtls_hello *dtls;  /* the same of DTLS */
};

/* In flow_cold.inspection: the number is one of `progress`, else of `facts`. */
#define HALF_READ (1u << 31)

/* NULL unless a direction is half read. */
struct progress *inspect_progress(const struct inspector *in, const struct flow_cold *c);
/* The same, made when there is none; NULL without memory. */
struct progress *inspect_progress_of(struct inspector *in, struct flow_cold *c);
/* Only facts remain, if there are any. They may have to go as well when there is no memory. */
void inspect_leave(struct inspector *in, struct flow_cold *c);
/* Where the flow's facts are, made when there are none; NULL without memory. */
struct facts **inspect_facts_of(struct inspector *in, struct flow_cold *c);

#endif
