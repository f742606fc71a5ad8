/* SPDX-License-Identifier: MIT
 *
 * What signalling announced of media (SDP, RFC 8866, in SIP and RTSP bodies): where its sender
 * wants to receive, and what the payload types mean there. RTP itself tells neither codec nor clock
 * of a dynamic type.
 *
 * The table is bounded: the oldest announcement makes room, and none is believed for longer than
 * MEDIA_NS.
 */
#ifndef SOCKLENS_FLOW_MEDIA_H
#define SOCKLENS_FLOW_MEDIA_H

#include <stdint.h>

#include "base/hash.h"
#include "decode/sdp.h"

enum { MEDIA_MAX = 4096 };
#define MEDIA_NS 3600000000000ll

struct media_codecs {
	uint8_t count;
	struct sdp_codec codec[SDP_CODECS_MAX];
};

struct media_table {
	struct media_entry *entries; /* owned; a ring, made by the first announcement */
	struct hash_index index;
	uint64_t announced; /* ever: who looked before and found nothing need not look again */
	uint32_t count, max, next;
};

int media_init(struct media_table *t, uint32_t max); /* 0 or -ENOMEM */
void media_done(struct media_table *t);

/* A message of SIP or RTSP, header first: keep what its body announces. True when it announced
 * something. */
bool media_message(struct media_table *t, struct cursor message, int64_t now_ns);

/* The same for a body by itself. */
bool media_description(struct media_table *t, struct cursor body, int64_t now_ns);

/* The codecs announced by who receives at this address and port; NULL when nobody did. */
const struct media_codecs *media_find(const struct media_table *t, const struct addr *addr,
				      uint16_t port, int64_t now_ns);

#endif
