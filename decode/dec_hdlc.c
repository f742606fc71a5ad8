/* SPDX-License-Identifier: MIT
 *
 * Cisco's HDLC: an EtherType after two bytes of address and control. Link type 205 puts a
 * direction byte in front.
 *
 *   address (1: 0F unicast, 8F broadcast) | control (1) | EtherType (2)
 *
 * SLARP, the line's keep-alive, has the EtherType of RARP; ISO protocols begin with an LLC SAP.
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { LINKTYPE_C_HDLC_WITH_DIR = 205, SLARP = 0x8035, ISO = 0xfefe };

enum decode_status dec_hdlc(struct decode *d)
{
	uint16_t type;

	if (d->next_type == LINKTYPE_C_HDLC_WITH_DIR)
		cursor_skip(&d->c, 1);
	cursor_skip(&d->c, 2);
	type = cursor_be16(&d->c);
	if (d->c.bad)
		return DECODE_MALFORMED;
	if (type == SLARP)
		return decode_other(d, PACKET_CONTROL);
	if (type == ISO)
		return decode_other(d, PACKET_LLC);
	return decode_next(d, SPACE_ETHERTYPE, type);
}
