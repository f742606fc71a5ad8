/* SPDX-License-Identifier: MIT
 *
 * PPP (RFC 1661), bare or in HDLC-like framing (RFC 1662).
 *
 *   [FF 03] | protocol (2, or 1 when compressed: its last byte is odd) | ...
 *
 * Link type 50 has Cisco HDLC on the same line when the address is 0F or 8F; link type 204 puts a
 * direction byte in front.
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum {
	LINKTYPE_PPP_HDLC = 50,
	LINKTYPE_PPP_WITH_DIR = 204,
	LINKTYPE_C_HDLC = 104,
	PPP_CONTROL = 0x8000, /* network control, link control: RFC 1661 2 */
	PPP_LOW_VOLUME = 0x4000
};

static enum decode_status protocol(struct decode *d)
{
	uint16_t type = cursor_u8(&d->c);

	if (!(type & 1))
		type = (uint16_t)(type << 8 | cursor_u8(&d->c));
	if (d->c.bad)
		return DECODE_MALFORMED;
	if (type & (PPP_CONTROL | PPP_LOW_VOLUME))
		return decode_other(d, PACKET_CONTROL);
	return decode_next(d, SPACE_PPP, type);
}

enum decode_status dec_ppp(struct decode *d)
{
	const uint8_t *h;

	if (d->next_space == SPACE_LINKTYPE && d->next_type == LINKTYPE_PPP_WITH_DIR)
		cursor_skip(&d->c, 1);
	h = cursor_peek(&d->c, 2);
	if (h && h[0] == 0xff && h[1] == 0x03)
		cursor_skip(&d->c, 2);
	else if (h && d->next_space == SPACE_LINKTYPE && d->next_type == LINKTYPE_PPP_HDLC &&
		 (h[0] == 0x0f || h[0] == 0x8f))
		return decode_next(d, SPACE_LINKTYPE, LINKTYPE_C_HDLC);
	return protocol(d);
}
