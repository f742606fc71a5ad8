/* SPDX-License-Identifier: MIT
 *
 * Names of a packet's data, as reports print them.
 */
#include "decode/packet.h"

#include <stddef.h>

const char *packet_other_name(enum packet_other o)
{
	static const char *const names[PACKET_OTHER_COUNT] = {
#define X(id, name) [PACKET_##id] = name,
		PACKET_OTHER_ROWS(X)
#undef X
	};

	return (unsigned)o < PACKET_OTHER_COUNT ? names[o] : NULL;
}

const char *packet_anomaly_name(enum packet_anomaly a)
{
	static const char *const names[ANOMALY_COUNT] = {
#define X(id, name) [ANOMALY_##id] = name,
		PACKET_ANOMALY_ROWS(X)
#undef X
	};

	return (unsigned)a < ANOMALY_COUNT ? names[a] : NULL;
}

const char *proto_name(uint8_t proto)
{
	static const char *const names[256] = {
		[0] = "hopopt",	 [1] = "icmp",	    [2] = "igmp",   [4] = "ipip",   [6] = "tcp",
		[17] = "udp",	 [33] = "dccp",	    [41] = "ipv6",  [43] = "route", [44] = "frag",
		[46] = "rsvp",	 [47] = "gre",	    [50] = "esp",   [51] = "ah",    [58] = "icmp6",
		[59] = "nonext", [60] = "dstopts",  [88] = "eigrp", [89] = "ospf",  [97] = "etherip",
		[103] = "pim",	 [108] = "ipcomp",  [112] = "vrrp", [115] = "l2tp", [132] = "sctp",
		[136] = "udplite", [137] = "mpls",  [143] = "ether",
	};

	return names[proto];
}

const char *tunnel_name(enum tunnel_kind kind)
{
	static const char *const names[TUNNEL_KINDS] = {
		[TUNNEL_NONE] = "none",	    [TUNNEL_IPIP] = "ipip",	[TUNNEL_GRE] = "gre",
		[TUNNEL_VXLAN] = "vxlan",   [TUNNEL_GENEVE] = "geneve", [TUNNEL_GTPU] = "gtpu",
		[TUNNEL_TEREDO] = "teredo", [TUNNEL_AYIYA] = "ayiya",	[TUNNEL_L2TP] = "l2tp",
		[TUNNEL_ERSPAN] = "erspan", [TUNNEL_CAPWAP] = "capwap", [TUNNEL_TZSP] = "tzsp",
		[TUNNEL_EOIP] = "eoip",	    [TUNNEL_AH] = "ah",
		[TUNNEL_LISP] = "lisp",	    [TUNNEL_MPLS] = "mpls",
	};

	return (unsigned)kind < TUNNEL_KINDS ? names[kind] : NULL;
}
