/* SPDX-License-Identifier: MIT
 *
 * PPPoE session stage (RFC 2516).
 *
 *   version and type (1) | code (1) | session (2) | length (2) | PPP
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { PPPOE_VERSION_TYPE = 0x11, PPPOE_SESSION = 0 };

enum decode_status dec_pppoe(struct decode *d)
{
	const uint8_t *h = cursor_bytes(&d->c, 6);

	if (!h || h[0] != PPPOE_VERSION_TYPE)
		return DECODE_MALFORMED;
	if (h[1] != PPPOE_SESSION)
		return decode_other(d, PACKET_CONTROL);
	if (!layer_limit(d, load_be16(h + 4)))
		packet_anomaly(d->packet, ANOMALY_LINK_HEADER);
	return decode_next(d, SPACE_INNER, INNER_PPP);
}
