/* SPDX-License-Identifier: MIT
 *
 * Hand-made packets for the flow room's tests, between 10.0.0.1 (end A) and 10.0.0.2 (end B).
 */
#ifndef TESTS_UNIT_FLOW_PACKETS_H
#define TESTS_UNIT_FLOW_PACKETS_H

#include <string.h>

#include "decode/packet.h"
#include "flow/table.h"

enum { A, B };
enum { A_PORT = 40000, B_PORT = 5000, LINK_BYTES = 14, IP_BYTES = 20, TCP_BYTES = 20 };

#define MS 1000000ll
#define SECOND 1000000000ll

/* From end `from`, `after` the start of the test's clock; no transport yet. */
static inline struct packet packet_from(int from, int64_t after_ns, uint8_t proto)
{
	static const uint8_t ends[2][4] = {{10, 0, 0, 1}, {10, 0, 0, 2}};
	struct packet p;

	memset(&p, 0, sizeof(p));
	p.time_ns = 1000 * SECOND + after_ns;
	p.ip_version = 4;
	p.proto = proto;
	p.src = addr_v4(ends[from]);
	p.dst = addr_v4(ends[!from]);
	return p;
}

static inline void packet_size(struct packet *p, uint32_t headers, uint32_t payload)
{
	p->payload_bytes = payload;
	p->ip_bytes = IP_BYTES + headers + payload;
	p->wirelen = p->caplen = LINK_BYTES + p->ip_bytes;
}

static inline void packet_ports_of(struct packet *p, int from)
{
	p->has_ports = true;
	p->src_port = from == A ? A_PORT : B_PORT;
	p->dst_port = from == A ? B_PORT : A_PORT;
}

static inline struct packet udp_from(int from, int64_t after_ns, uint32_t payload)
{
	struct packet p = packet_from(from, after_ns, PROTO_UDP);

	packet_ports_of(&p, from);
	packet_size(&p, 8, payload);
	return p;
}

static inline struct packet icmp_from(int from, int64_t after_ns, uint8_t type, uint8_t code)
{
	struct packet p = packet_from(from, after_ns, PROTO_ICMP);

	p.has_ports = true;
	p.src_port = p.icmp_type = type;
	p.dst_port = p.icmp_code = code;
	packet_size(&p, 8, 56);
	return p;
}

/* One segment: ms after the start, sender, flags, numbers, payload, window, offered window scale. */
struct segment_row {
	double ms;
	int from;
	uint8_t flags;
	uint32_t seq, ack, len;
	uint16_t window;
	int scale; /* 0 = no option, else the shift + 1 */
};

static inline struct packet segment_packet(const struct segment_row *r)
{
	struct packet p = packet_from(r->from, (int64_t)(r->ms * MS), PROTO_TCP);

	packet_ports_of(&p, r->from);
	packet_size(&p, TCP_BYTES, r->len);
	p.has_tcp = true;
	p.tcp.seq = r->seq;
	p.tcp.ack = r->ack;
	p.tcp.flags = r->flags;
	p.tcp.window = r->window;
	p.tcp.window_scale = r->scale ? (uint8_t)(r->scale - 1) : TCP_NO_SCALE;
	return p;
}

static inline void feed(struct flow_table *t, const struct segment_row *rows, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct packet p = segment_packet(&rows[i]);

		flow_table_packets(t, &p, 1);
	}
}

static inline struct flow_table *small_table(void)
{
	struct flow_table_options o = {.max_flows = 64, .seed = 1};

	return flow_table_new(&o);
}

/* The row of the only flow. */
static inline struct flow_row *only_row(struct flow_table *t)
{
	static struct flow_row row;

	flow_row_fill(&row, t, flow_table_next(t, NULL));
	return &row;
}

#endif
