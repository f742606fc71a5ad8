/* SPDX-License-Identifier: MIT
 *
 * The bytes of one direction of a TCP connection in order, as far as they come in order: nothing is
 * kept. What comes again is left out, what comes late is a gap.
 */
#ifndef SOCKLENS_FLOW_TCP_READER_H
#define SOCKLENS_FLOW_TCP_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/packet.h"

struct tcp_reader {
	uint32_t next; /* sequence number */
	bool begun;
};

struct tcp_piece {
	uint32_t before; /* bytes that did not come */
	struct cursor bytes;
	uint32_t after; /* bytes behind these that were not captured */
};

/* What a segment adds; false when that is nothing. */
static inline bool tcp_reader_take(struct tcp_reader *r, const struct packet *p,
				   struct tcp_piece *out)
{
	uint32_t seq = p->tcp.seq + (p->tcp.flags & TCP_SYN ? 1 : 0);
	uint32_t known, captured = (uint32_t)cursor_left(&p->payload);

	if (!p->payload_bytes)
		return false;
	if (!r->begun)
		r->next = seq;
	r->begun = true;
	known = r->next - seq;
	out->before = (int32_t)known < 0 ? seq - r->next : 0;
	if (out->before)
		known = 0;
	if (known >= p->payload_bytes)
		return false;
	out->bytes = p->payload;
	cursor_skip(&out->bytes, known < captured ? known : captured);
	out->after = p->payload_bytes - (known > captured ? known : captured);
	r->next = seq + p->payload_bytes;
	return true;
}

#endif
