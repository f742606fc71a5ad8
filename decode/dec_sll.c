/* SPDX-License-Identifier: MIT
 *
 * Linux cooked capture, as from the device "any" (pcap link types LINUX_SLL and LINUX_SLL2).
 *
 *   SLL:  packet type (2) | ARPHRD (2) | address length (2) | address (8) | protocol (2)
 *   SLL2: protocol (2) | zero (2) | interface (4) | ARPHRD (2) | packet type (1) |
 *         address length (1) | address (8)
 *
 * The protocol is an EtherType, or a small number of Linux' own (if_ether.h), unless the device
 * type (ARPHRD) gives it another meaning.
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum {
	PACKET_OUTGOING = 4, /* if_packet.h */
	ARPHRD_RADIOTAP = 803,
	ARPHRD_NETLINK = 824,
	PROTO_802_3 = 0x0001, /* Novell's frames, without LLC */
	PROTO_802_2 = 0x0004  /* LLC follows */
};

/* Packet types 0 to 3 came in, for this host or another; what loops back stays unknown. */
static uint8_t direction(uint16_t packet_type)
{
	if (packet_type < PACKET_OUTGOING)
		return PACKET_DIR_IN;
	return packet_type == PACKET_OUTGOING ? PACKET_DIR_OUT : PACKET_DIR_UNKNOWN;
}

static enum decode_status cooked(struct decode *d, uint16_t arphrd, uint16_t protocol)
{
	if (d->c.bad)
		return DECODE_MALFORMED;
	if (arphrd == ARPHRD_RADIOTAP)
		return decode_next(d, SPACE_INNER, INNER_RADIOTAP);
	if (arphrd == ARPHRD_NETLINK)
		return decode_other(d, PACKET_CONTROL);
	if (protocol > ETHER_LENGTH_MAX)
		return decode_next(d, SPACE_ETHERTYPE, protocol);
	if (protocol == PROTO_802_2)
		return decode_next(d, SPACE_INNER, INNER_LLC);
	if (protocol == PROTO_802_3)
		return decode_other(d, PACKET_LLC);
	return DECODE_UNKNOWN;
}

enum decode_status dec_sll(struct decode *d)
{
	uint16_t arphrd, protocol;

	d->packet->direction = direction(cursor_be16(&d->c));
	arphrd = cursor_be16(&d->c);
	cursor_skip(&d->c, 10);
	protocol = cursor_be16(&d->c);
	return cooked(d, arphrd, protocol);
}

enum decode_status dec_sll2(struct decode *d)
{
	uint16_t protocol = cursor_be16(&d->c), arphrd;

	cursor_skip(&d->c, 2);
	d->packet->interface = cursor_be32(&d->c);
	arphrd = cursor_be16(&d->c);
	d->packet->direction = direction(cursor_u8(&d->c));
	cursor_skip(&d->c, 9);
	return cooked(d, arphrd, protocol);
}
