/* SPDX-License-Identifier: MIT
 *
 * Logical link control (IEEE 802.2) with SNAP (RFC 1042, RFC 2684 for bridged frames).
 *
 *   DSAP (1) | SSAP (1) | control (1, or 2 for I and S frames) | ...
 *   AA         AA         03        | organisation (3) | protocol (2) | [pad (2)] | ...
 *
 * What carries no IP (spanning tree, IPX, NetBIOS, ...) is counted as LLC.
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum {
	SAP_SNAP = 0xaaaa,
	ORG_ENCAPSULATED = 0x000000,
	ORG_BRIDGE_TUNNEL = 0x0000f8, /* IEEE 802.1H */
	ORG_BRIDGED = 0x0080c2
};

/* An Ethernet frame, which RFC 2684 aligns to 4 bytes. */
static enum decode_status bridged(struct decode *d)
{
	cursor_skip(&d->c, 2);
	return decode_next(d, SPACE_INNER, INNER_ETHER);
}

static enum decode_status snap(struct decode *d)
{
	uint32_t org = cursor_be24(&d->c);
	uint16_t type = cursor_be16(&d->c);

	if (d->c.bad)
		return DECODE_MALFORMED;
	if (org == ORG_ENCAPSULATED || org == ORG_BRIDGE_TUNNEL)
		return decode_next(d, SPACE_ETHERTYPE, type);
	if (org == ORG_BRIDGED && (type == 1 || type == 7))
		return bridged(d);
	return decode_other(d, PACKET_LLC);
}

enum decode_status dec_llc(struct decode *d)
{
	uint16_t saps = cursor_be16(&d->c);
	uint8_t control = cursor_u8(&d->c);

	if ((control & 3) != 3)
		cursor_skip(&d->c, 1);
	if (d->c.bad)
		return DECODE_MALFORMED;
	if (saps == SAP_SNAP)
		return snap(d);
	if (decode_known(SPACE_LLC, saps))
		return decode_next(d, SPACE_LLC, saps);
	return decode_other(d, PACKET_LLC);
}
