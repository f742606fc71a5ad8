/* SPDX-License-Identifier: MIT
 *
 * DCCP (RFC 4340): ports and payload.
 *
 *   source port (2) | destination port (2) | header words (1) | ...
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { DCCP_HEADER = 12 };

enum decode_status dec_dccp(struct decode *d)
{
	const uint8_t *h = cursor_peek(&d->c, DCCP_HEADER);

	if (!h)
		return decode_short_ports(d, ANOMALY_L4_HEADER);
	packet_ports(d->packet, load_be16(h), load_be16(h + 2));
	if (h[4] * 4u < DCCP_HEADER || !layer_skip(d, h[4] * 4u)) {
		packet_anomaly(d->packet, ANOMALY_L4_HEADER);
		layer_limit(d, 0);
	}
	packet_payload(d);
	return DECODE_DONE;
}
