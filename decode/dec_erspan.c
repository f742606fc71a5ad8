/* SPDX-License-Identifier: MIT
 *
 * Frames mirrored inside GRE (draft-foschiano-erspan), type II and III.
 *
 *   version (4 bits), VLAN (12) | class, type, truncated (6 bits), session (10) | ...
 *   II:  version 1, 8 bytes           III: version 2, 12 bytes, and 8 more when the last bit is set
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { VERSION_II = 1, VERSION_III = 2, SESSION = 0x03ff, SUB_HEADER = 1, FRAME_IP = 2 };

enum decode_status dec_erspan(struct decode *d)
{
	const uint8_t *h = cursor_bytes(&d->c, 8), *more;

	if (!h)
		return DECODE_MALFORMED;
	decode_tunnel_rename(d, TUNNEL_ERSPAN, load_be16(h + 2) & SESSION);
	switch (h[0] >> 4) {
	case VERSION_II: return decode_next(d, SPACE_INNER, INNER_ETHER);
	case VERSION_III:
		more = cursor_bytes(&d->c, 4);
		if (!more)
			return DECODE_MALFORMED;
		if (more[3] & SUB_HEADER)
			cursor_skip(&d->c, 8);
		/* frame type: bits 14 to 10 of the third half word */
		if ((more[2] >> 2 & 0x1f) == FRAME_IP)
			return decode_next(d, SPACE_INNER, INNER_IP);
		return decode_next(d, SPACE_INNER, INNER_ETHER);
	default: return DECODE_UNKNOWN;
	}
}
