/* SPDX-License-Identifier: MIT
 *
 * The RTP streams of a datagram flow (RFC 3550). Any datagram may look like RTP: both directions
 * are watched until one has agreed with itself often enough, or neither has for RTP_PATIENCE
 * datagrams.
 *
 * Codec and clock of a dynamic payload type are those that the receiver announced, else the sender
 * (symmetric RTP, RFC 4961): both mean the same numbers mostly, and one announcement may have
 * passed elsewhere.
 */
#ifndef SOCKLENS_FLOW_RTP_FLOW_H
#define SOCKLENS_FLOW_RTP_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/rtp.h"
#include "flow/key.h"
#include "flow/app/media.h"

enum { RTP_PATIENCE = 32 };

struct rtp_flow {
	struct rtp_tracks dir[2];
	struct media_codecs codecs[2]; /* by direction of the stream */
	uint64_t asked;		       /* announcements that there were when it looked for codecs */
	uint8_t tried;		       /* datagrams before the first stream was found */
	bool confirmed;		       /* a stream was found */
};

/* One datagram of direction d. False when it is time to give up: there is no stream. */
bool rtp_flow_datagram(struct rtp_flow *r, const struct media_table *media,
		       const struct flow_key *key, int d, struct cursor datagram, int64_t time_ns);

/* The largest stream of direction d; NULL when there is none. */
const struct rtp_track *rtp_flow_stream(const struct rtp_flow *r, int d);
unsigned rtp_flow_streams(const struct rtp_flow *r, int d);

/* The codec of a payload type in direction d: "" when it is not known. */
const char *rtp_flow_codec(const struct rtp_flow *r, int d, uint8_t payload_type);

#endif
