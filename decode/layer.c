/* SPDX-License-Identifier: MIT
 *
 * Steps that several decoders share.
 */
#include "decode/layer.h"

#include <string.h>

enum decode_status decode_ethertype(struct decode *d, uint16_t type)
{
	if (type > ETHER_LENGTH_MAX)
		return decode_next(d, SPACE_ETHERTYPE, type);
	/* A length beyond the frame is common in cut and corrupt captures: the frame's end wins. */
	if (!layer_limit(d, type))
		packet_anomaly(d->packet, ANOMALY_LINK_HEADER);
	return decode_next(d, SPACE_INNER, INNER_LLC);
}

enum decode_status decode_short_ports(struct decode *d, enum packet_anomaly a)
{
	const uint8_t *ports = cursor_peek(&d->c, 4);

	if (!d->cut || !ports)
		return decode_short(d, a);
	packet_ports(d->packet, load_be16(ports), load_be16(ports + 2));
	packet_anomaly(d->packet, ANOMALY_CUT);
	return DECODE_DONE;
}

bool decode_tunnel(struct decode *d, enum tunnel_kind kind, uint32_t id)
{
	struct packet *p = d->packet;

	if (p->fragment)
		return false;
	memcpy(d->carrier, p, PACKET_HEAD);
	d->tunnelled = true;
	p->has_ports = false;
	p->ip_version = 0; /* until an inner IP header is read */
	if (p->tunnel_count == PACKET_MAX_TUNNELS)
		return true;
	p->tunnel[p->tunnel_count++] =
		(struct tunnel){.src = p->src, .dst = p->dst, .id = id, .kind = (uint8_t)kind};
	return true;
}

void decode_tunnel_rename(struct decode *d, enum tunnel_kind kind, uint32_t id)
{
	struct packet *p = d->packet;

	if (!p->tunnel_count)
		return;
	p->tunnel[p->tunnel_count - 1].kind = (uint8_t)kind;
	p->tunnel[p->tunnel_count - 1].id = id;
}
