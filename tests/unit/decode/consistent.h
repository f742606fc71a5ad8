/* SPDX-License-Identifier: MIT
 *
 * What must hold of every decoded packet, whatever the bytes were: shared by the property test and
 * by the fuzz target.
 */
#ifndef SOCKLENS_TESTS_DECODE_CONSISTENT_H
#define SOCKLENS_TESTS_DECODE_CONSISTENT_H

#include <string.h>

#include "decode/decode.h"

/* NULL, or what does not hold of *p, decoded from data[0..caplen) of wirelen. */
static inline const char *inconsistency(const struct packet *p, const uint8_t *data,
					uint32_t caplen, uint32_t wirelen)
{
	size_t captured = cursor_left(&p->payload);
	bool in_flow = p->other == PACKET_IN_FLOW;

	if (p->other >= PACKET_OTHER_COUNT || p->anomalies >> ANOMALY_COUNT)
		return "values in range";
	if (p->layers > PACKET_MAX_LAYERS || p->vlan_count > PACKET_MAX_VLANS ||
	    p->tunnel_count > PACKET_MAX_TUNNELS)
		return "counts in range";
	if (in_flow != (p->ip_version == 4 || p->ip_version == 6))
		return "a flow is of IPv4 or IPv6";
	if (!in_flow && (p->has_ports || p->proto || captured))
		return "no flow, no ports";
	if (p->has_tcp &&
	    (!p->has_ports || p->proto != PROTO_TCP || p->tcp.sack_count > PACKET_MAX_SACK))
		return "tcp fields belong to a tcp flow";
	if (p->fragment_offset && (p->has_ports || !p->fragment))
		return "a later fragment has no ports";
	if (p->payload.bad)
		return "the payload is readable";
	if (captured && (p->payload.p < data || p->payload.end > data + caplen))
		return "the payload is inside the frame";
	if (p->payload_bytes > (wirelen > caplen ? wirelen : caplen))
		return "the payload is no longer than the frame";
	if (captured > p->payload_bytes || p->payload_cut != (captured < p->payload_bytes))
		return "the captured payload is a part of the payload";
	return NULL;
}

#endif
