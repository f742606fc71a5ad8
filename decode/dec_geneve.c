/* SPDX-License-Identifier: MIT
 *
 * Geneve (RFC 8926).
 *
 *   version (2 bits), options length in words (6) | flags (1) | EtherType (2) |
 *   network id (3) | reserved (1) | options
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum decode_status dec_geneve(struct decode *d)
{
	const uint8_t *h = cursor_bytes(&d->c, 8);

	if (!h || h[0] >> 6 || !decode_tunnel(d, TUNNEL_GENEVE, load_be32(h + 4) >> 8))
		return DECODE_UNKNOWN;
	cursor_skip(&d->c, (h[0] & 0x3fu) * 4);
	return decode_next(d, SPACE_ETHERTYPE, load_be16(h + 2));
}
