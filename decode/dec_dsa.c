/* SPDX-License-Identifier: MIT
 *
 * Marvell's switch tags (pcap link types DSA_TAG_DSA and DSA_TAG_EDSA).
 *
 *   DSA:  destination (6) | source (6) | tag (4 or 8) | EtherType (2)
 *   EDSA: destination (6) | source (6) | DADA | zero (2) | tag (4 or 8) | EtherType (2)
 *   tag:  mode (2 bits), tagged (1), device (5) | ... | priority (3), extended (1), VLAN id (12)
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { DSA_TAGGED = 0x20, DSA_EXTENDED = 0x10, DSA_TO_CPU = 0, DSA_FORWARD = 3 };

static enum decode_status tag(struct decode *d)
{
	struct packet *p = d->packet;
	const uint8_t *h = cursor_bytes(&d->c, 4);
	uint8_t mode;

	if (!h)
		return DECODE_MALFORMED;
	mode = h[0] >> 6;
	if ((mode == DSA_FORWARD || mode == DSA_TO_CPU) && h[0] & DSA_TAGGED &&
	    p->vlan_count < PACKET_MAX_VLANS)
		p->vlan[p->vlan_count++] = load_be16(h + 2) & 0x0fff;
	if (h[2] & DSA_EXTENDED)
		cursor_skip(&d->c, 4);
	return decode_ethertype(d, cursor_be16(&d->c));
}

enum decode_status dec_dsa(struct decode *d)
{
	cursor_skip(&d->c, 12);
	return tag(d);
}

enum decode_status dec_edsa(struct decode *d)
{
	cursor_skip(&d->c, 2);
	return tag(d);
}
