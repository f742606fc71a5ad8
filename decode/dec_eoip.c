/* SPDX-License-Identifier: MIT
 *
 * MikroTik's Ethernet over IP: GRE version 1 with a protocol number and a key of its own.
 *
 *   frame length (2) | tunnel id (2, little endian) | frame
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum decode_status dec_eoip(struct decode *d)
{
	uint16_t len = cursor_be16(&d->c);

	decode_tunnel_rename(d, TUNNEL_EOIP, cursor_le16(&d->c));
	if (!layer_limit(d, len))
		packet_anomaly(d->packet, ANOMALY_LINK_HEADER);
	return len ? decode_next(d, SPACE_INNER, INNER_ETHER) : DECODE_UNKNOWN;
}
