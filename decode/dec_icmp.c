/* SPDX-License-Identifier: MIT
 *
 * ICMP (RFC 792) and ICMPv6 (RFC 4443).
 *
 *   type | code | checksum (2)
 *   identifier (2) | sequence number (2)      in queries
 *   unused or MTU (4) | the packet in error   in errors
 *
 * Type and code stand in for the ports. The packet that an error quotes belongs to no flow here:
 * its flow gets the error (packet.quote).
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { ICMP_HEADER = 4, ICMP_BODY = 4 };

static bool is_error(uint8_t version, uint8_t type)
{
	/* destination unreachable, source quench, redirect, time exceeded, parameter problem */
	static const uint32_t icmp_errors = 1u << 3 | 1u << 4 | 1u << 5 | 1u << 11 | 1u << 12;
	/* destination unreachable, packet too big, time exceeded, parameter problem */
	static const uint32_t icmp6_errors = 1u << 1 | 1u << 2 | 1u << 3 | 1u << 4;

	return type < 32 && (version == 4 ? icmp_errors : icmp6_errors) >> type & 1;
}

static enum decode_status icmp(struct decode *d, uint8_t version)
{
	struct packet *p = d->packet;
	const uint8_t *h = cursor_bytes(&d->c, ICMP_HEADER), *body;

	if (!h)
		return decode_short(d, ANOMALY_ICMP_SHORT);
	packet_transport(d, h);
	p->icmp_type = h[0];
	p->icmp_code = h[1];
	packet_ports(p, h[0], h[1]);
	body = cursor_peek(&d->c, ICMP_BODY);
	if (body) {
		p->icmp_id = load_be16(body);
		p->icmp_seq = load_be16(body + 2);
	}
	if (!layer_skip(d, ICMP_BODY))
		layer_limit(d, 0);
	packet_payload(d);
	if (is_error(version, h[0]))
		quote_read(d);
	return DECODE_DONE;
}

enum decode_status dec_icmp(struct decode *d)
{
	return icmp(d, 4);
}

enum decode_status dec_icmp6(struct decode *d)
{
	return icmp(d, 6);
}
