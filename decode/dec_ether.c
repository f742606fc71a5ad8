/* SPDX-License-Identifier: MIT
 *
 * Ethernet (IEEE 802.3, and the DIX framing it adopted).
 *
 *   destination (6) | source (6) | EtherType or length (2) | ...
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum decode_status dec_ether(struct decode *d)
{
	const uint8_t *h = cursor_bytes(&d->c, 14);

	if (!h)
		return DECODE_MALFORMED;
	return decode_ethertype(d, load_be16(h + 12));
}
