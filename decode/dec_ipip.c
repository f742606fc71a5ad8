/* SPDX-License-Identifier: MIT
 *
 * IP in IP (RFC 2003), 6in4 (RFC 4213), 4in6 and 6in6 (RFC 2473); Ethernet in IP (RFC 3378), and
 * bare in segment-routed IPv6 (RFC 8986).
 *
 *   EtherIP: version 3 (4 bits), reserved (12) | frame
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { ETHERIP_VERSION = 3 };

enum decode_status dec_ipip(struct decode *d)
{
	const uint8_t *first = cursor_peek(&d->c, 1);

	if (!first)
		return decode_short(d, ANOMALY_LINK_HEADER);
	if (*first >> 4 != 4 && *first >> 4 != 6)
		return DECODE_MALFORMED;
	if (!decode_tunnel(d, TUNNEL_IPIP, 0))
		return DECODE_UNKNOWN;
	return decode_next(d, SPACE_INNER, INNER_IP);
}

enum decode_status dec_etherip(struct decode *d)
{
	uint8_t version = cursor_u8(&d->c) >> 4;

	cursor_skip(&d->c, 1);
	if (version != ETHERIP_VERSION || !decode_tunnel(d, TUNNEL_IPIP, 0))
		return DECODE_UNKNOWN;
	return decode_next(d, SPACE_INNER, INNER_ETHER);
}

enum decode_status dec_srv6ether(struct decode *d)
{
	if (!decode_tunnel(d, TUNNEL_IPIP, 0))
		return DECODE_UNKNOWN;
	return decode_next(d, SPACE_INNER, INNER_ETHER);
}
