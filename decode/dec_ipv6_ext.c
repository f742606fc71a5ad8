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

struct extension {
	uint8_t next;
	uint32_t len;	    /* of the body, without the two bytes before it */
	struct cursor body; /* as far as captured */
};

/* Reads and steps over a whole header, or says why not; DECODE_NEXT when it is there. */
static enum decode_status extension(struct decode *d, struct extension *e)
{
	const uint8_t *h;

	if (d->packet->ip_version != 6)
		return DECODE_UNKNOWN;
	h = cursor_bytes(&d->c, 2);
	if (!h)
		return decode_short(d, ANOMALY_EXT_HEADER);
	e->next = h[0];
	e->len = h[1] * 8u + 6;
	e->body = d->c;
	cursor_limit(&e->body, e->len);
	if (layer_skip(d, e->len))
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
	else
		p->ip_bytes = IPV6_HEADER + length;
}

enum decode_status dec_hopopts(struct decode *d)
{
	uint32_t before = layer_left(d);
	struct extension e;
	enum decode_status status = extension(d, &e);

	if (status != DECODE_NEXT)
		return status;
	while (cursor_left(&e.body)) {
		uint8_t kind = cursor_u8(&e.body);
		uint8_t len = kind == OPTION_PAD1 ? 0 : cursor_u8(&e.body);

		if (kind == OPTION_JUMBO && len == 4 && cursor_peek(&e.body, 4))
			jumbo(d, before - layer_left(d), cursor_be32(&e.body));
		else
			cursor_skip(&e.body, len);
	}
	if (e.body.bad && !d->cut)
		packet_anomaly(d->packet, ANOMALY_EXT_HEADER);
	return chain(d, e.next);
}

enum decode_status dec_dstopts(struct decode *d)
{
	struct extension e;
	enum decode_status status = extension(d, &e);

	return status == DECODE_NEXT ? chain(d, e.next) : status;
}

/*
 * Routing header: type (1) | segments left (1) | reserved or segment fields (4) | addresses.
 * While segments are left the IP header holds a way-point; the flow's end is the last address: at
 * the end of the list of types 0 and 2 (RFC 5095, 6275), at its start for type 4 (RFC 8754).
 */
enum decode_status dec_routing(struct decode *d)
{
	struct extension e;
	enum decode_status status = extension(d, &e);
	uint8_t type, segments;
	uint32_t addresses;
	const uint8_t *end;

	if (status != DECODE_NEXT)
		return status;
	type = cursor_u8(&e.body);
	segments = cursor_u8(&e.body);
	addresses = (e.len - 6) / 16;
	if (!segments || !addresses || (type != 0 && type != 2 && type != ROUTING_SEGMENT))
		return chain(d, e.next);
	cursor_skip(&e.body, 4);
	if (type != ROUTING_SEGMENT)
		cursor_skip(&e.body, (size_t)(addresses - 1) * 16);
	end = cursor_bytes(&e.body, 16);
	if (end)
		d->packet->dst = addr_v6(end);
	return chain(d, e.next);
}

/* next header | reserved (1) | offset in 8 bytes (13 bits), reserved (2), more (1) | id (4) */
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
	if (p->fragment_offset + layer_left(d) > 0xffff || (p->fragment_more && layer_left(d) % 8))
		packet_anomaly(p, ANOMALY_IP_FRAGMENT);
	packet_piece(d, h[0]);
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
