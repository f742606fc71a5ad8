/* SPDX-License-Identifier: MIT
 *
 * VLAN tags: 802.1Q, 802.1ad (Q-in-Q) and the numbers used for stacked tags before it.
 *
 *   priority (3 bits), DEI (1), VLAN id (12) | EtherType or length (2) | ...
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum decode_status dec_vlan(struct decode *d)
{
	struct packet *p = d->packet;
	const uint8_t *h = cursor_bytes(&d->c, 4);

	if (!h)
		return DECODE_MALFORMED;
	if (p->vlan_count < PACKET_MAX_VLANS)
		p->vlan[p->vlan_count++] = load_be16(h) & 0x0fff;
	return decode_ethertype(d, load_be16(h + 2));
}
