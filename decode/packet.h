/* SPDX-License-Identifier: MIT
 *
 * A decoded frame: what the flow room needs to know of it, and nothing that must be freed.
 */
#ifndef SOCKLENS_DECODE_PACKET_H
#define SOCKLENS_DECODE_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"

/*
 * Why a frame belongs to no flow. PACKET_IN_FLOW means it does. Names are those of the summary's
 * "other" object.
 */
#define PACKET_OTHER_ROWS(X)                                                                       \
	X(IN_FLOW, "in_flow")                                                                         \
	X(ARP, "arp")                                                                                 \
	X(LLC, "llc")                                                                                 \
	X(CONTROL, "control")		   /* link control: PPP, LACP, LLDP, PPPoE discovery, ... */     \
	X(UNKNOWN_LINK, "unknown_link")   /* a link type without a decoder */                            \
	X(UNKNOWN_TYPE, "unknown_type")   /* an ethertype (or like) without a decoder */                \
	X(MALFORMED, "malformed")	   /* a header contradicts itself or its length */              \
	X(TRUNCATED, "truncated")	   /* cut by the snap length before its addresses ended */       \
	X(TOO_DEEP, "too_deep")		   /* more layers than PACKET_MAX_LAYERS */                      \
	X(EMPTY, "empty")                                                                             \
	X(DUPLICATE, "duplicate")	   /* seen before on its way, on another interface */

enum packet_other {
#define X(id, name) PACKET_##id,
	PACKET_OTHER_ROWS(X)
#undef X
	PACKET_OTHER_COUNT
};

/* Oddities worth counting; a packet can have several. Bits of packet.anomalies. */
#define PACKET_ANOMALY_ROWS(X)                                                                     \
	X(IP_LENGTH, "ip_length")	     /* total length beyond the frame, or below the header */     \
	X(IP_CHECKSUM, "ip_checksum")                                                                 \
	X(IP_OPTIONS, "ip_options")	     /* malformed options */                                      \
	X(IP_FRAGMENT, "ip_fragment")	     /* overlapping, oversized or tiny fragment */                \
	X(EXT_HEADER, "ext_header")	     /* malformed or repeated IPv6 extension header */            \
	X(TCP_HEADER, "tcp_header")	     /* data offset below 5 or beyond the segment */              \
	X(TCP_OPTIONS, "tcp_options")	     /* malformed options */                                      \
	X(TCP_FLAGS, "tcp_flags")	     /* SYN+FIN, SYN+RST, none */                                 \
	X(UDP_LENGTH, "udp_length")	     /* length field beyond the datagram or below 8 */            \
	X(L4_HEADER, "l4_header")	     /* SCTP, DCCP, UDP-Lite: header beyond the packet */         \
	X(L4_CHECKSUM, "l4_checksum")                                                                 \
	X(ICMP_SHORT, "icmp_short")	     /* message, or the packet it quotes, too short */                 \
	X(LINK_HEADER, "link_header")	     /* malformed link or tunnel header */                        \
	X(CUT, "cut")			     /* snap length cut a header after the addresses */           \
	X(DEPTH, "depth")

enum packet_anomaly {
#define X(id, name) ANOMALY_##id,
	PACKET_ANOMALY_ROWS(X)
#undef X
	ANOMALY_COUNT
};
#define ANOMALY_BIT(a) (1u << (a))

/* Seen from the machine that captured; from a cooked header, or unknown. */
enum packet_direction { PACKET_DIR_UNKNOWN, PACKET_DIR_IN, PACKET_DIR_OUT };

const char *packet_other_name(enum packet_other o);
const char *packet_anomaly_name(enum packet_anomaly a);

enum { PACKET_MAX_LAYERS = 24, PACKET_MAX_VLANS = 4, PACKET_MAX_TUNNELS = 4, PACKET_MAX_SACK = 4 };

enum {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_PSH = 0x08,
	TCP_ACK = 0x10,
	TCP_URG = 0x20,
	TCP_ECE = 0x40,
	TCP_CWR = 0x80
};

/* IANA protocol numbers used by name. */
enum { PROTO_ICMP = 1, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_AH = 51, PROTO_ICMPV6 = 58, PROTO_SCTP = 132 };

/* Name of an IP protocol ("tcp", "icmp6", ...), or NULL for those without one. */
const char *proto_name(uint8_t proto);

enum tunnel_kind {
	TUNNEL_NONE,
	TUNNEL_IPIP,
	TUNNEL_GRE,
	TUNNEL_VXLAN,
	TUNNEL_GENEVE,
	TUNNEL_GTPU,
	TUNNEL_TEREDO,
	TUNNEL_AYIYA,
	TUNNEL_L2TP,
	TUNNEL_ERSPAN,
	TUNNEL_CAPWAP,
	TUNNEL_TZSP,
	TUNNEL_EOIP,
	TUNNEL_AH,
	TUNNEL_LISP,
	TUNNEL_MPLS,
	TUNNEL_KINDS
};
const char *tunnel_name(enum tunnel_kind kind); /* as in reports: "vxlan" */

struct tunnel {
	struct addr src, dst; /* outer ends */
	uint32_t id;	      /* VNI, GRE key, TEID, session; 0 when the kind has none */
	uint8_t kind;
};

struct sack_block {
	uint32_t left, right;
};

/* TCP header and the options that analysis needs (RFC 9293, 7323, 2018). Host order. */
struct packet_tcp {
	uint32_t seq, ack;
	uint32_t ts_value, ts_echo;
	uint16_t window, urgent;
	uint8_t flags;		      /* TCP_FIN ... TCP_CWR */
	uint8_t window_scale;	      /* TCP_NO_SCALE = absent */
	uint16_t mss;		      /* 0 = absent */
	uint8_t sack_count;
	bool has_timestamp, sack_permitted, fast_open, mptcp;
	bool mptcp_has_key, mptcp_has_token; /* one of the following, by MP_CAPABLE or a SYN's MP_JOIN */
	uint8_t mptcp_version;
	uint32_t mptcp_token; /* of the receiver */
	uint64_t mptcp_key;   /* of the sender */
	struct sack_block sack[PACKET_MAX_SACK];
};
enum { TCP_NO_SCALE = 0xff };

/* The packet that an ICMP error quotes, as its sender sent it. */
struct packet_quote {
	struct addr src, dst;
	uint16_t src_port, dst_port;
	uint8_t proto; /* 0 = nothing usable quoted */
};

struct packet {
	/* --- reset for each frame, in one memset up to `tcp` --- */
	int64_t time_ns;
	uint32_t caplen, wirelen;
	uint8_t other;	      /* enum packet_other */
	uint8_t ip_version;   /* 4, 6; of the innermost IP header */
	uint8_t proto;	      /* IP protocol of the innermost transport */
	uint8_t layers;
	uint8_t vlan_count, tunnel_count;
	uint8_t ttl;
	uint8_t direction;    /* enum packet_direction */
	bool has_ports;	      /* src_port and dst_port are transport ports, or ICMP type and code */
	bool has_tcp;	      /* tcp below is set; false when cut after the ports */
	bool fragment;	      /* part of a fragmented IP datagram */
	bool fragment_more;
	bool unfilled;	      /* IP header captured before the card filled in its checksum */
	bool payload_cut;     /* fewer payload bytes captured than sent */
	bool encrypted;	      /* ESP or like: the transport is hidden */
	bool after_ah;	      /* the IPv4 header names AH; proto is what that protects */
	bool straight; /* IPv4 and TCP right in Ethernet, whole: in a flow, and nothing else is set */
	uint32_t anomalies;   /* ANOMALY_BIT()s */
	uint32_t interface;   /* kernel index of where it was captured; 0 = unknown */
	uint32_t ip_bytes;    /* total length by the innermost IP header, header included */
	uint32_t payload_bytes; /* transport payload on the wire, by the length fields */
	uint32_t fragment_offset; /* bytes */
	uint32_t fragment_id;
	uint16_t src_port, dst_port; /* ICMP: type and code */
	uint8_t icmp_type, icmp_code;
	uint16_t icmp_id;
	uint16_t icmp_seq;
	struct addr src, dst;
	struct cursor payload; /* captured transport payload, borrowed from the frame */
	/* Transport header and payload, for its checksum; NULL unless whole and filled in. */
	const uint8_t *transport;
	uint32_t transport_bytes;
	/* --- valid only as the fields above say --- */
	struct packet_tcp tcp; /* has_tcp */
	uint32_t sctp_tag;     /* verification tag; has_ports of PROTO_SCTP */
	struct packet_quote quote; /* quote.proto; it alone is reset as well */
	struct cursor piece; /* fragment: the bytes of the datagram it brings; empty unless whole */
	uint8_t piece_proto; /* ... and the protocol with which the datagram begins */
	uint16_t vlan[PACKET_MAX_VLANS]; /* ids, outermost first */
	struct tunnel tunnel[PACKET_MAX_TUNNELS]; /* outermost first */
};

/* The part that is reset for each frame. */
enum { PACKET_HEAD = offsetof(struct packet, tcp) };

#endif
