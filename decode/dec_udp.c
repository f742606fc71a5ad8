/* SPDX-License-Identifier: MIT
 *
 * UDP (RFC 768) and UDP-Lite (RFC 3828).
 *
 *   source port (2) | destination port (2) | length, header included (2) | checksum (2)
 *
 * Tunnels are tried on their well-known ports, the destination first; a decoder that finds
 * something else there leaves the datagram as it is. UDP-Lite has a checksum coverage in place of
 * the length. A length of zero is a jumbogram's (RFC 2675), or a host's before segmentation.
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { UDP_HEADER = 8 };

static const uint8_t *read_ports(struct decode *d)
{
	const uint8_t *h = cursor_peek(&d->c, UDP_HEADER);

	if (h) {
		cursor_skip(&d->c, UDP_HEADER);
		packet_ports(d->packet, load_be16(h), load_be16(h + 2));
	}
	return h;
}

/* The datagram's own length; a first fragment's rightly goes beyond the fragment. */
static void limit(struct decode *d, const uint8_t *header, uint32_t length)
{
	struct packet *p = d->packet;

	if (!length)
		return;
	if (length < UDP_HEADER) {
		packet_anomaly(p, ANOMALY_UDP_LENGTH);
		layer_limit(d, 0);
	} else if (layer_limit(d, length - UDP_HEADER)) {
		packet_transport(d, header);
	} else if (!p->fragment) {
		packet_anomaly(p, ANOMALY_UDP_LENGTH);
	}
}

enum decode_status dec_udp(struct decode *d)
{
	struct packet *p = d->packet;
	const uint8_t *h = read_ports(d);

	if (!h)
		return decode_short_ports(d, ANOMALY_UDP_LENGTH);
	limit(d, h, load_be16(h + 4));
	packet_payload(d);
	if (p->fragment || !p->payload_bytes)
		return DECODE_DONE;
	if (decode_known(SPACE_UDP, p->dst_port))
		return decode_next(d, SPACE_UDP, p->dst_port);
	if (decode_known(SPACE_UDP, p->src_port))
		return decode_next(d, SPACE_UDP, p->src_port);
	return DECODE_DONE;
}

enum decode_status dec_udplite(struct decode *d)
{
	if (!read_ports(d))
		return decode_short_ports(d, ANOMALY_L4_HEADER);
	packet_payload(d);
	return DECODE_DONE;
}
