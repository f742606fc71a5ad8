/* SPDX-License-Identifier: MIT
 *
 * Chunks of SCTP (RFC 9260 3.2), and what INIT and INIT ACK offer: the tag that packets to their
 * sender carry, streams, and all addresses of a host that has several.
 */
#ifndef SOCKLENS_DECODE_SCTP_H
#define SOCKLENS_DECODE_SCTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"

enum sctp_type {
	SCTP_DATA = 0,
	SCTP_INIT = 1,
	SCTP_INIT_ACK = 2,
	SCTP_SACK = 3,
	SCTP_ABORT = 6,
	SCTP_SHUTDOWN = 7,
	SCTP_SHUTDOWN_ACK = 8,
	SCTP_COOKIE_ECHO = 10,
	SCTP_COOKIE_ACK = 11,
	SCTP_SHUTDOWN_COMPLETE = 14,
	SCTP_I_DATA = 64, /* RFC 8260 */
};

enum { SCTP_FLAG_T = 1 }; /* of ABORT and SHUTDOWN COMPLETE: the packet's tag is its sender's own */

struct sctp_chunk {
	uint8_t type, flags;
	struct cursor value; /* borrowed */
};

/* Take the next chunk; false at the end, and when its length cannot be. */
bool sctp_next(struct cursor *c, struct sctp_chunk *out);

enum { SCTP_ADDRS_MAX = 8 };

struct sctp_init {
	uint32_t tag;
	uint16_t streams_out, streams_in; /* that its sender wants, and at most takes */
	uint8_t addr_count;
	struct addr addr[SCTP_ADDRS_MAX]; /* more are left out */
};

/* The value of an INIT or INIT ACK; false when it is too short. */
bool sctp_init_parse(struct cursor value, struct sctp_init *out);

#endif
