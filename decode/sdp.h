/* SPDX-License-Identifier: MIT
 *
 * SDP (RFC 8866), as far as it tells where media will flow and what the payload types mean.
 */
#ifndef SOCKLENS_DECODE_SDP_H
#define SOCKLENS_DECODE_SDP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"

enum { SDP_MEDIA_MAX = 4, SDP_CODECS_MAX = 12, SDP_NAME_MAX = 20, SDP_KIND_MAX = 12 };

struct sdp_codec {
	char name[SDP_NAME_MAX]; /* letters, digits and -_.+ only; cut at a character */
	uint32_t clock_hz;	 /* 0 = unknown */
	uint8_t payload_type;
};

struct sdp_media {
	struct addr addr;	 /* where its sender wants to receive; :: when not said */
	uint16_t port;		 /* 0 = refused */
	char kind[SDP_KIND_MAX]; /* "audio", "video" */
	unsigned codec_count;
	struct sdp_codec
		codecs[SDP_CODECS_MAX]; /* in order of preference; named by rtpmap or RFC 3551 */
};

struct sdp {
	unsigned media_count;
	struct sdp_media media[SDP_MEDIA_MAX]; /* more are left out */
};

/* Read a description; false when the bytes do not begin with one ("v=0") or describe no media. */
bool sdp_parse(struct cursor text, struct sdp *out);

/* The codec of a payload type; NULL when the description has none. */
const struct sdp_codec *sdp_codec(const struct sdp_media *m, uint8_t payload_type);

#endif
