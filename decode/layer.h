/* SPDX-License-Identifier: MIT
 *
 * What every decoder uses. A layer has captured bytes (the cursor) and `cut` more that the snap
 * length removed; lengths claimed by headers are compared with their sum, the length on the wire.
 */
#ifndef SOCKLENS_DECODE_LAYER_H
#define SOCKLENS_DECODE_LAYER_H

#include "decode/decode.h"

enum { ETHER_LENGTH_MAX = 1500 }; /* larger values are EtherTypes (IEEE 802.3 3.2.6) */

static inline uint16_t load_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t load_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Bytes of this layer still ahead, as sent. */
static inline uint32_t layer_left(const struct decode *d)
{
	return (uint32_t)cursor_left(&d->c) + d->cut;
}

/* The layer ends after n more bytes (a length field said so); false when it has fewer. */
static inline bool layer_limit(struct decode *d, uint32_t n)
{
	uint32_t have = (uint32_t)cursor_left(&d->c);

	if (d->c.bad) /* already over: `cut` must stay to tell why */
		return true;
	if (n > have + d->cut)
		return false;
	d->cut = n > have ? n - have : 0;
	cursor_limit(&d->c, n);
	return true;
}

/* Step over n bytes as sent, captured or not; false when the layer has fewer. */
static inline bool layer_skip(struct decode *d, uint32_t n)
{
	uint32_t have = (uint32_t)cursor_left(&d->c);

	if (n > have + d->cut)
		return false;
	if (n > have) {
		d->cut -= n - have;
		n = have;
	}
	cursor_skip(&d->c, n);
	return true;
}

static inline enum decode_status decode_next(struct decode *d, enum decode_space space,
					     uint16_t type)
{
	d->next_space = space;
	d->next_type = type;
	return DECODE_NEXT;
}

/* The frame is complete and belongs to no flow, unless an outer layer has found one. */
static inline enum decode_status decode_other(struct decode *d, enum packet_other why)
{
	if (d->packet->other != PACKET_IN_FLOW)
		d->packet->other = (uint8_t)why;
	return DECODE_DONE;
}

static inline void packet_anomaly(struct packet *p, enum packet_anomaly a)
{
	p->anomalies |= ANOMALY_BIT(a);
}

/* What is left is the payload of the flow. */
static inline void packet_payload(struct decode *d)
{
	struct packet *p = d->packet;

	/* By its parts: copying the struct just written would stall on store forwarding. */
	p->payload = cursor_init(d->c.p, cursor_left(&d->c));
	p->payload_bytes = layer_left(d);
	p->payload_cut = d->cut > 0;
}

/* What is left is what a fragment brings of a datagram that begins with a header of `proto`. */
static inline void packet_piece(struct decode *d, uint8_t proto)
{
	d->packet->piece = cursor_init(d->c.p, d->cut ? 0 : cursor_left(&d->c));
	d->packet->piece_proto = proto;
}

/* A transport header begins here, and its datagram ends with the layer: can its sum be verified? */
static inline void packet_transport(struct decode *d, const uint8_t *header)
{
	struct packet *p = d->packet;

	if (d->cut || p->fragment || p->unfilled)
		return;
	p->transport = header;
	p->transport_bytes = (uint32_t)(d->c.end - header);
}

/* The layer ends inside a header: `a` says so, unless it was the snap length that ended it. */
static inline enum decode_status decode_short(struct decode *d, enum packet_anomaly a)
{
	cursor_fail(&d->c);
	if (!d->cut)
		packet_anomaly(d->packet, a);
	return DECODE_MALFORMED;
}

/* Two ports at the cursor's start name the flow. */
static inline void packet_ports(struct packet *p, uint16_t src, uint16_t dst)
{
	p->src_port = src;
	p->dst_port = dst;
	p->has_ports = true;
}

/* The number that follows link addresses: an EtherType, or the length of an LLC frame. */
enum decode_status decode_ethertype(struct decode *d, uint16_t type);

/* decode_short for transport headers, whose rest may be cut and the ports captured. */
enum decode_status decode_short_ports(struct decode *d, enum packet_anomaly a);

/*
 * The packet is carried inside a tunnel whose ends are the present addresses. false in a fragment
 * of the carrier: then all fragments stay in the carrier's flow.
 */
bool decode_tunnel(struct decode *d, enum tunnel_kind kind, uint32_t id);

/* The innermost tunnel turns out to be of another kind (ERSPAN inside GRE). */
void decode_tunnel_rename(struct decode *d, enum tunnel_kind kind, uint32_t id);

/* Is there a decoder for this key? */
bool decode_known(enum decode_space space, uint16_t type);

/* Read the IP packet at the cursor of an ICMP error: what it names of a flow. */
void quote_read(struct decode *d);

#endif
