/* SPDX-License-Identifier: MIT
 *
 * Ethernet frames that a bridged network carries inside its own Ethernet frames.
 *
 *   802.1ah (PBB): flags (1) | service id (3)                                | frame
 *   FabricPath:    tree (10 bits), TTL (6)                                   | frame
 *   TRILL:         version .. options length (5 bits, words) .. hops (2) |
 *                  egress (2) | ingress (2) | options                        | frame
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum decode_status dec_pbb(struct decode *d)
{
	cursor_skip(&d->c, 4);
	return decode_next(d, SPACE_INNER, INNER_ETHER);
}

enum decode_status dec_fabricpath(struct decode *d)
{
	cursor_skip(&d->c, 2);
	return decode_next(d, SPACE_INNER, INNER_ETHER);
}

enum decode_status dec_trill(struct decode *d)
{
	uint16_t options = cursor_be16(&d->c) >> 6 & 0x1f;

	cursor_skip(&d->c, 4u + options * 4u);
	return decode_next(d, SPACE_INNER, INNER_ETHER);
}
