/* SPDX-License-Identifier: MIT
 *
 * SCTP (RFC 9260): the common header; chunks are the payload.
 *
 *   source port (2) | destination port (2) | verification tag (4) | checksum (4)
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { SCTP_HEADER = 12 };

enum decode_status dec_sctp(struct decode *d)
{
	const uint8_t *h = cursor_peek(&d->c, SCTP_HEADER);

	if (!h)
		return decode_short_ports(d, ANOMALY_L4_HEADER);
	cursor_skip(&d->c, SCTP_HEADER);
	packet_ports(d->packet, load_be16(h), load_be16(h + 2));
	d->packet->sctp_tag = load_be32(h + 4);
	packet_payload(d);
	return DECODE_DONE;
}
