/* SPDX-License-Identifier: MIT
 *
 * IPv6 extension headers (RFC 8200 4). All but the fragment header begin alike:
 *
 *   next header | length in 8 bytes, the first not counted | ...
 *
 * The registry's depth limit bounds their number; each must be followed by a known length, so a
 * chain always ends. In IPv4 these protocol numbers mean nothing to us: the flow has no ports.
 */
#include "decode/decoders.h"
#include "decode/layer.h"

enum { OPTION_PAD1 = 0, OPTION_JUMBO = 0xc2, ROUTING_SEGMENT = 4, IPV6_HEADER = 40 };

/* The chain goes on after this header; `next` becomes the packet's protocol. */
static enum decode_status chain(struct decode *d, uint8_t next)
{
	d->packet->proto = next;
	packet_payload(d);
	return decode_next(d, SPACE_IP, next);
}

/* The header's next number, and its body as far as captured. DECODE_NEXT when it is whole. */
static enum decode_status body(struct decode *d, uint8_t *next, struct cursor *c)
{
	const uint8_t *h = cursor_bytes(&d->c, 2);
	uint32_t len;

	if (!h)
		return decode_short(d, ANOMALY_EXT_HEADER);
	*next = h[0];
	len = h[1] * 8u + 6;
	*c = d->c;
	cursor_limit(c, len);
	if (layer_skip(d, len))
		return DECODE_NEXT;
	packet_anomaly(d->packet, ANOMALY_EXT_HEADER);
	return DECODE_MALFORMED;
}

/* RFC 2675: the length of a jumbogram replaces a payload length of zero; `read` of it is past. */
static void jumbo(struct decode *d, uint32_t read, uint32_t length)
{
	struct packet *p = d->packet;

	if (length <= 0xffff || length < read || !layer_limit(d, length - read))
		packet_anomaly(p, ANOMALY_IP_LENGTH);
	p->ip_bytes = IPV6_HEADER + length;
}

enum decode_status dec_hopopts(struct decode *d)
{
	uint32_t before = layer_left(d);
	struct cursor c;
	uint8_t next;

	if (d->packet->ip_version != 6)
		return DECODE_UNKNOWN;
	if (body(d, &next, &c) != DECODE_NEXT)
		return DECODE_MALFORMED;
	while (cursor_left(&c)) {
		uint8_t kind = cursor_u8(&c);
		uint8_t len = kind == OPTION_PAD1 ? 0 : cursor_u8(&c);

		if (kind == OPTION_JUMBO && len == 4 && cursor_peek(&c, 4))
			jumbo(d, before - layer_left(d), cursor_be32(&c));
		else
			cursor_skip(&c, len);
	}
	if (c.bad && !d->cut)
		packet_anomaly(d->packet, ANOMALY_EXT_HEADER);
	return chain(d, next);
}

enum decode_status dec_dstopts(struct decode *d)
{
	struct cursor c;
	uint8_t next;

	if (d->packet->ip_version != 6)
		return DECODE_UNKNOWN;
	if (body(d, &next, &c) != DECODE_NEXT)
		return DECODE_MALFORMED;
	return chain(d, next);
}

/*
 * Routing header: type (1) | segments left (1) | reserved or segment fields (4) | addresses.
 * While segments are left the IP header holds a way-point; the flow's end is the last address: at
 * the end of the list of types 0 and 2 (RFC 5095, 6275), at its start for type 4 (RFC 8754).
 */
enum decode_status dec_routing(struct decode *d)
{
	struct packet *p = d->packet;
	const uint8_t *final;
	uint8_t next, type, segments;
	struct cursor c;

	if (p->ip_version != 6)
		return DECODE_UNKNOWN;
	if (body(d, &next, &c) != DECODE_NEXT)
		return DECODE_MALFORMED;
	type = cursor_u8(&c);
	segments = cursor_u8(&c);
	cursor_skip(&c, 4);
	if (segments && (type == 0 || type == 2))
		cursor_skip(&c, (cursor_left(&c) / 16 ? cursor_left(&c) / 16 - 1 : 0) * 16);
	final = segments && (type == 0 || type == 2 || type == ROUTING_SEGMENT) ?
			cursor_bytes(&c, 16) :
			NULL;
	if (final)
		p->dst = addr_v6(final);
	return chain(d, next);
}

/* Fragment header: next | reserved | offset in 8 bytes (13 bits), reserved (2), more (1) | id (4) */
enum decode_status dec_fragment(struct decode *d)
{
	struct packet *p = d->packet;
	const uint8_t *h;
	uint16_t offset;

	if (p->ip_version != 6)
		return DECODE_UNKNOWN;
	h = cursor_bytes(&d->c, 8);
	if (!h)
		return decode_short(d, ANOMALY_EXT_HEADER);
	offset = load_be16(h + 2);
	if (p->fragment)
		packet_anomaly(p, ANOMALY_EXT_HEADER);
	p->fragment_more = offset & 1;
	p->fragment_offset = offset & 0xfff8;
	p->fragment_id = load_be32(h + 4);
	/* An "atomic" fragment (RFC 6946) is whole: nothing of it comes in another packet. */
	p->fragment = p->fragment_more || p->fragment_offset;
	if (p->fragment_offset + layer_left(d) > 0xffff ||
	    (p->fragment_more && layer_left(d) % 8))
		packet_anomaly(p, ANOMALY_IP_FRAGMENT);
	if (!p->fragment_offset)
		return chain(d, h[0]);
	p->proto = h[0];
	packet_payload(d);
	return DECODE_DONE;
}

/* "No next header": nothing inside, so a tunnel's carrier is what the frame is about. */
enum decode_status dec_nonext(struct decode *d)
{
	(void)d;
	return DECODE_UNKNOWN;
}
