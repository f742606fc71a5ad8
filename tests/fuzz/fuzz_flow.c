/* SPDX-License-Identifier: MIT
 *
 * Any order of any packets: each 16 bytes become one packet between a few ends, with any flags,
 * numbers, fragments, quotes and times, and the beginning of some known payload. No packet may be
 * lost or counted twice, every flow that began must end, and every row must be well formed.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "flow/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RECORD = 16, BATCH = 16, MAX_FLOWS = 12, PAYLOAD = 400 };

struct frame_sums {
	struct flow_table *t;
	uint64_t begun, ended, packets;
};

static void on_new(void *ctx, struct flow *f)
{
	struct frame_sums *s = ctx;

	assert(f->packets[0] + f->packets[1] > 0);
	s->begun++;
}

static void on_end(void *ctx, struct flow *f, enum flow_end why)
{
	struct frame_sums *s = ctx;
	struct flow_row row;

	(void)why;
	flow_row_fill(&row, s->t, f);
	assert(strlen(row.history) < sizeof(row.history) && strlen(row.state) >= 2);
	assert(row.end_reason[0] && strlen(row.community_id) == 30);
	assert(row.duration_ns >= 0);
	assert(row.src.packets == f->packets[f->originator]);
	for (unsigned i = 0; f->key.proto == PROTO_TCP && i < TCP_COUNTERS; i++)
		assert(row.src.tcp[i] >= 0 && row.src.tcp[i] <= row.src.packets);
	s->packets += f->packets[0] + f->packets[1];
	s->ended++;
}

static struct addr end_addr(unsigned n)
{
	uint8_t v4[4] = {10, 0, 0, (uint8_t)(n & 3)},
		v6[16] = {0xfe, 0x80, [15] = (uint8_t)(n & 3)};

	return n & 4 ? addr_v6(v6) : addr_v4(v4);
}

static void set_tcp(struct packet *p, const uint8_t *b)
{
	p->has_tcp = true;
	p->tcp.flags = b[6];
	p->tcp.seq = (uint32_t)(int8_t)b[7] * 50u; /* around zero: they wrap often */
	p->tcp.ack = (uint32_t)(int8_t)b[8] * 50u;
	p->tcp.window = b[9] & 3 ? b[9] : 0;
	p->tcp.window_scale = b[10] & 1 ? b[10] >> 1 : TCP_NO_SCALE;
	p->tcp.has_timestamp = b[11] & 1;
	p->tcp.ts_value = b[11];
	p->tcp.ts_echo = b[10];
}

/* Its captured payload: a beginning that some parser knows, then bytes of the record. */
static void set_payload(struct packet *p, const uint8_t *b, uint8_t *room)
{
	static const struct {
		const char *text;
		uint8_t len;
	} beginnings[] = {
		{"", 0},
		{"\0\1\1\0\0\1\0\0\0\0\0\0", 12}, /* DNS query */
		{"\0\1\x81\x80\0\1\0\0\0\0\0\0", 12},
		{"\x80\0\0\0\0\0\0\0\0\0\0\1", 12}, /* RTP */
		{"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27},
		{"HTTP/1.1 200 OK\r\n\r\n", 19},
		{"\x16\3\1\1\0\1\0\0\xfc\3\3", 11}, /* TLS client hello */
		{"SSH-2.0-x\r\n", 11},
	};
	unsigned kind = b[15] & 7, n = beginnings[kind].len;
	uint32_t len = p->payload_bytes < PAYLOAD ? p->payload_bytes : PAYLOAD;

	memset(room, b[12], PAYLOAD);
	memcpy(room, beginnings[kind].text, n);
	memcpy(room + n, b, RECORD);
	if (b[15] & 8) { /* ids of DNS, sequence numbers of RTP */
		room[1] ^= b[7] & 3;
		room[3] ^= b[7];
	}
	p->payload = cursor_init(room, b[15] & 16 ? 0 : len);
	if (!p->fragment)
		return;
	p->piece = p->payload;
	p->piece_proto = p->proto;
}

static void set_packet(struct packet *p, const uint8_t *b, uint8_t *room, int64_t *now_ns)
{
	static const uint8_t protos[] = {PROTO_TCP,    PROTO_TCP,  PROTO_UDP, PROTO_ICMP,
					 PROTO_ICMPV6, PROTO_SCTP, 47,	      PROTO_TCP};

	memset(p, 0, sizeof(*p));
	*now_ns += (int64_t)(int8_t)b[0] * (b[1] & 1 ? 1000000000 : 100000); /* backwards, too */
	p->time_ns = *now_ns;
	p->other = b[1] >> 5 == 7 ? PACKET_ARP : PACKET_IN_FLOW;
	p->proto = protos[b[1] >> 1 & 7];
	p->src = end_addr(b[2]);
	p->dst = end_addr(b[2] >> 4);
	p->wirelen = 100;
	p->ip_bytes = 80;
	p->payload_bytes = (uint32_t)(b[3] & 7) * 50 + (b[3] >> 7);
	p->fragment_offset = b[4] & 8 ? (b[9] & 63) * 8u : 0;
	p->fragment = b[4] & 24;
	p->fragment_more = b[4] & 32;
	p->fragment_id = b[4] & 7;
	p->has_ports = !p->fragment_offset && p->proto != 47;
	p->src_port = p->has_ports ? 1000 + (b[5] & 1) : 0;
	p->dst_port = p->has_ports ? 1000 + (b[5] >> 1 & 1) : 0;
	p->icmp_type = b[5] >> 2;
	p->vlan_count = b[4] >> 7;
	p->vlan[0] = b[12];
	p->anomalies = b[12] & 1 ? ANOMALY_BIT(ANOMALY_L4_CHECKSUM) : 0;
	if (p->has_ports && p->proto == PROTO_TCP)
		set_tcp(p, b);
	set_payload(p, b, room);
	if (b[13] & 1)
		p->quote = (struct packet_quote){end_addr(b[14]), end_addr(b[14] >> 4), 1000, 1000,
						 protos[b[13] >> 1 & 7]};
}

static uint64_t feed(struct flow_table *t, const uint8_t *data, size_t size)
{
	uint8_t room[BATCH][PAYLOAD];
	struct packet packets[BATCH];
	int64_t now_ns = 1000000000000;
	uint64_t fed = 0;

	while (size >= RECORD) {
		unsigned n = 0;

		for (; n < BATCH && size >= RECORD; n++, data += RECORD, size -= RECORD) {
			set_packet(&packets[n], data, room[n], &now_ns);
			fed += packets[n].other == PACKET_IN_FLOW;
		}
		flow_table_packets(t, packets, n);
	}
	return fed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame_sums s = {0};
	struct flow_table_options o = {
		.max_flows = MAX_FLOWS, .seed = 1, .on_new = on_new, .on_end = on_end, .ctx = &s};
	struct loss loss = {0};
	uint64_t fed;

	if (!size)
		return 0;
	o.keep_ended_ns = data[0] & 1 ? 30000000000 : 0;
	o.key_vlan = data[0] & 2;
	s.t = flow_table_new(&o);
	fed = feed(s.t, data + 1, size - 1);
	flow_table_flush(s.t);
	flow_table_loss(s.t, &loss);
	assert(s.begun == s.ended && s.begun == flow_table_total(s.t));
	assert(flow_table_live(s.t) == 0);
	assert(s.packets + loss.count[LOSS_TABLE_FULL] == fed);
	flow_table_free(s.t);
	return 0;
}
