/* SPDX-License-Identifier: MIT */
#include "flow/originator.h"

#include <stdlib.h>

enum { PRIVILEGED_PORTS = 1024 };

/* Ports above them at which servers listen all the same (IANA and common use); sorted. */
static const uint16_t service_ports[] = {
	1080, 1194, 1433, 1521, 1723, 1812, 1813, 1883, 1900, 2049, 2123, 2152,	 2181,	3128,  3260,
	3306, 3389, 3478, 3544, 4500, 4789, 5060, 5061, 5222, 5269, 5353, 5355,	 5432,	5671,  5672,
	5900, 6081, 6379, 6667, 8000, 8008, 8080, 8443, 8888, 9092, 9200, 11211, 20000, 27017,
};

static int compare_ports(const void *a, const void *b)
{
	return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

static bool is_service(uint16_t port)
{
	enum { DHCP_CLIENT = 68, DHCPV6_CLIENT = 546 };

	if (port == DHCP_CLIENT || port == DHCPV6_CLIENT)
		return false;
	return port < PRIVILEGED_PORTS ||
	       bsearch(&port, service_ports, sizeof(service_ports) / sizeof(*service_ports),
		       sizeof(*service_ports), compare_ports);
}

static bool is_icmp_answer(const struct packet *p)
{
	static const uint32_t answers = 1u << 0 | 1u << 9 | 1u << 14 | 1u << 16 | 1u << 18;

	if (p->proto == PROTO_ICMP)
		return p->icmp_type < 32 && answers >> p->icmp_type & 1;
	/* Requests are even there, but for those of routers and neighbours. */
	return p->icmp_type == 129 || p->icmp_type == 131 || p->icmp_type == 134 ||
	       p->icmp_type == 136 || p->icmp_type == 145;
}

/* 1: the sender answers; 0: the sender asks; -1: the ports do not tell. */
static int by_ports(const struct packet *p)
{
	bool from, to;

	if (!p->has_ports)
		return -1;
	if (p->proto == PROTO_ICMP || p->proto == PROTO_ICMPV6)
		return is_icmp_answer(p);
	from = is_service(p->src_port);
	to = is_service(p->dst_port);
	if (from != to)
		return from && !addr_is_multicast(&p->dst);
	if (from && p->proto == PROTO_TCP && p->src_port != p->dst_port)
		return p->src_port < p->dst_port;
	return -1;
}

void originator_guess(struct flow *f, int sender, const struct packet *p)
{
	int answers = by_ports(p);

	f->originator = (uint8_t)(answers > 0 ? !sender : sender);
	f->originator_by = answers < 0 ? ORIGINATOR_FIRST : ORIGINATOR_PORT;
}
