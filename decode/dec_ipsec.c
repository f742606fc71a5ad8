/* SPDX-License-Identifier: MIT
 *
 * IPsec: AH (RFC 4302) shows what it protects, ESP (RFC 4303) hides it.
 *
 *   AH:  next header (1) | length in words - 2 (1) | reserved (2) | SPI (4) | sequence (4) | ICV
 *   ESP: SPI (4) | sequence (4) | encrypted
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { AH_HEADER = 12, NEXT_IPV4 = 4, NEXT_IPV6 = 41 };

enum decode_status dec_ah(struct decode *d)
{
	const uint8_t *h = cursor_bytes(&d->c, AH_HEADER);
	uint32_t len;

	if (!h)
		return DECODE_MALFORMED;
	len = (h[1] + 2u) * 4;
	if (len < AH_HEADER)
		return DECODE_MALFORMED;
	cursor_skip(&d->c, len - AH_HEADER);
	if (d->c.bad)
		return DECODE_MALFORMED;
	if (h[0] == NEXT_IPV4 || h[0] == NEXT_IPV6) { /* tunnel mode */
		if (!decode_tunnel(d, TUNNEL_AH, load_be32(h + 4)))
			return DECODE_UNKNOWN;
		return decode_next(d, SPACE_INNER, INNER_IP);
	}
	d->packet->proto = h[0];
	d->packet->after_ah = d->packet->ip_version == 4; /* in IPv6 it is an extension header */
	packet_payload(d);
	return decode_next(d, SPACE_IP, h[0]);
}

enum decode_status dec_esp(struct decode *d)
{
	d->packet->encrypted = true;
	return DECODE_DONE;
}
