/* SPDX-License-Identifier: MIT
 *
 * Signalling over TCP (SIP, RTSP): the bodies of its messages, for what they announce of media.
 */
#ifndef SOCKLENS_FLOW_SIGNAL_FLOW_H
#define SOCKLENS_FLOW_SIGNAL_FLOW_H

#include "decode/message.h"
#include "flow/app/media.h"
#include "flow/tcp/tcp_reader.h"

enum { SIGNAL_BODY_MAX = 2048 }; /* of a longer one the beginning is read */

struct signal_flow {
	struct signal_side {
		struct message message;
		struct tcp_reader reader;
		uint16_t len; /* of body */
		uint8_t body[SIGNAL_BODY_MAX];
	} side[2];
};

/* A segment of direction d. */
void signal_flow_segment(struct signal_flow *s, struct media_table *media, int d,
			 const struct packet *p);

#endif
