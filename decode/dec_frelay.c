/* SPDX-License-Identifier: MIT
 *
 * Frame Relay (RFC 2427, Q.922): an address of 2 to 4 bytes whose last has the low bit set.
 *
 *   Q.922 address | control 03 | [00 pad] | NLPID (1) | ...
 *   Q.922 address | EtherType (2) | ...                      Cisco
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { NLPID_IPV4 = 0xcc, NLPID_IPV6 = 0x8e, NLPID_SNAP = 0x80, MAX_ADDRESS = 4 };

static enum decode_status nlpid(struct decode *d)
{
	uint8_t id = cursor_u8(&d->c);

	if (!id)
		id = cursor_u8(&d->c);
	switch (id) {
	case NLPID_IPV4: return decode_next(d, SPACE_INNER, INNER_IPV4);
	case NLPID_IPV6: return decode_next(d, SPACE_INNER, INNER_IPV6);
	case NLPID_SNAP:
		if (cursor_be24(&d->c)) /* an organisation of its own */
			return DECODE_UNKNOWN;
		return decode_next(d, SPACE_ETHERTYPE, cursor_be16(&d->c));
	default: return decode_other(d, PACKET_CONTROL);
	}
}

enum decode_status dec_frelay(struct decode *d)
{
	const uint8_t *control;
	int i = 0;

	while (!(cursor_u8(&d->c) & 1) && !d->c.bad)
		if (++i == MAX_ADDRESS)
			return DECODE_MALFORMED;
	control = cursor_peek(&d->c, 2);
	if (control && control[0] != 0x03)
		return decode_next(d, SPACE_ETHERTYPE, cursor_be16(&d->c));
	cursor_skip(&d->c, 1);
	return nlpid(d);
}
