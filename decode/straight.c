/* SPDX-License-Identifier: MIT
 *
 * Ethernet, IPv4, TCP: the diagrams are in dec_ether.c, dec_ipv4.c and tcp_header.h.
 */
#include "decode/straight.h"

#include "decode/checksum.h"
#include "decode/tcp_header.h"

enum {
	ETHER_HEADER = 14,
	IPV4_HEADER = 20,
	LAYERS = 3,
	HEADERS = ETHER_HEADER + IPV4_HEADER + TCP_HEADER,
	TYPE_IPV4 = 0x0800,
	FIRST_BYTE = 0x45, /* version 4, no options */
	MORE_OR_OFFSET = 0x3fff,
};

/* The headers up to the TCP options are there, and say nothing that needs a second look. */
static inline bool is_plain(const uint8_t *ip, const uint8_t *tcp)
{
	return load_be16(ip - 2) == TYPE_IPV4 && ip[0] == FIRST_BYTE && ip[9] == PROTO_TCP &&
	       !(load_be16(ip + 6) & MORE_OR_OFFSET) &&
	       checksum_fold(checksum_add20(ip)) == 0xffff && !tcp_odd_flags(tcp[13]);
}

static inline void note_ipv4(struct packet *p, const uint8_t *ip, uint32_t total)
{
	p->ttl = ip[8];
	p->fragment_id = load_be16(ip + 4);
	p->ip_bytes = total;
	p->src = addr_v4(ip + 12);
	p->dst = addr_v4(ip + 16);
}

/* `bytes` of payload by the lengths, of which fewer may have been captured. */
static inline void note_payload(struct packet *p, const uint8_t *tcp, uint32_t header,
				uint32_t bytes, uint32_t captured)
{
	p->payload_bytes = bytes;
	p->payload_cut = captured < bytes;
	p->payload = cursor_init(tcp + header, p->payload_cut ? captured : bytes);
	if (p->payload_cut)
		return;
	p->transport = tcp;
	p->transport_bytes = header + bytes;
}

/* What all of them have in common. */
static const struct packet plain = {
	.other = PACKET_IN_FLOW,
	.layers = LAYERS,
	.ip_version = 4,
	.proto = PROTO_TCP,
	.has_ports = true,
	.has_tcp = true,
	.straight = true,
};

bool decode_straight(struct packet *p, const uint8_t *data, uint32_t caplen, uint32_t wirelen)
{
	const uint8_t *ip = data + ETHER_HEADER, *tcp = ip + IPV4_HEADER;
	uint32_t sent = wirelen > caplen ? wirelen : caplen;
	uint32_t total, header;

	if (caplen < HEADERS || !is_plain(ip, tcp))
		return false;
	total = load_be16(ip + 2);
	header = (tcp[12] >> 4) * 4u;
	if (header < TCP_HEADER || total < IPV4_HEADER + header || total > sent - ETHER_HEADER ||
	    ETHER_HEADER + IPV4_HEADER + header > caplen)
		return false;
	tcp_read_header(&p->tcp, tcp);
	if (header > TCP_HEADER &&
	    !tcp_read_timestamp(&p->tcp, tcp + TCP_HEADER, header - TCP_HEADER) &&
	    !tcp_read_options(&p->tcp, cursor_init(tcp + TCP_HEADER, header - TCP_HEADER)))
		return false;
	memcpy(p, &plain, PACKET_HEAD);
	p->caplen = caplen;
	p->wirelen = wirelen;
	p->quote.proto = 0;
	note_ipv4(p, ip, total);
	p->src_port = load_be16(tcp);
	p->dst_port = load_be16(tcp + 2);
	note_payload(p, tcp, header, total - IPV4_HEADER - header,
		     caplen - ETHER_HEADER - IPV4_HEADER - header);
	return true;
}
