/* SPDX-License-Identifier: MIT
 *
 * The decoders: one row each. A row gives the function dec_NAME (in dec_NAME.c, or in the file of
 * the family it belongs to), the document that defines the protocol, and the keys that lead to it:
 * the number spaces of decode.h with the numbers of IANA, of the IEEE and of pcap's link types.
 */
#ifndef SOCKLENS_DECODE_DECODERS_H
#define SOCKLENS_DECODE_DECODERS_H

#include "decode/decode.h"

/* clang-format off */
#define DECODER_ROWS(X)                                                                            \
	/* links */                                                                                \
	X(ether, "IEEE 802.3", {SPACE_LINKTYPE, 1}, {SPACE_LINKTYPE, 285}, {SPACE_INNER, INNER_ETHER}, \
	  {SPACE_ETHERTYPE, 0x6558}, {SPACE_IP, 143})                                              \
	X(null, "pcap link types 0, 108, 109", {SPACE_LINKTYPE, 0}, {SPACE_LINKTYPE, 108},         \
	  {SPACE_LINKTYPE, 109})                                                                   \
	X(raw, "pcap link types 101, 12, 14", {SPACE_LINKTYPE, 12}, {SPACE_LINKTYPE, 14},          \
	  {SPACE_LINKTYPE, 101}, {SPACE_INNER, INNER_IP})                                          \
	X(sll, "pcap link type 113", {SPACE_LINKTYPE, 113})                                        \
	X(sll2, "pcap link type 276", {SPACE_LINKTYPE, 276})                                       \
	/* between link and network */                                                             \
	X(vlan, "IEEE 802.1Q", {SPACE_ETHERTYPE, 0x8100}, {SPACE_ETHERTYPE, 0x88a8},               \
	  {SPACE_ETHERTYPE, 0x9100}, {SPACE_ETHERTYPE, 0x9200}, {SPACE_ETHERTYPE, 0x9300})         \
	X(llc, "IEEE 802.2", {SPACE_INNER, INNER_LLC}                          )                  \
	X(arp, "RFC 826", {SPACE_ETHERTYPE, 0x0806}, {SPACE_ETHERTYPE, 0x8035})                    \
	X(control, "IEEE 802.1AB, 802.3ad, 802.1X, 1588", {SPACE_ETHERTYPE, 0x8809},               \
	  {SPACE_ETHERTYPE, 0x88cc}, {SPACE_ETHERTYPE, 0x888e}, {SPACE_ETHERTYPE, 0x8863},         \
	  {SPACE_ETHERTYPE, 0x9000}, {SPACE_ETHERTYPE, 0x8902}, {SPACE_ETHERTYPE, 0x88f7},         \
	  {SPACE_ETHERTYPE, 0x8808}, {SPACE_ETHERTYPE, 0x2000})                                    \
	/* network */                                                                              \
	X(ipv4, "RFC 791", {SPACE_ETHERTYPE, 0x0800}, {SPACE_INNER, INNER_IPV4},                   \
	  {SPACE_LINKTYPE, 228}, {SPACE_PPP, 0x0021}, {SPACE_LLC, 0x0606})                         \
	X(ipv6, "RFC 8200", {SPACE_ETHERTYPE, 0x86dd}, {SPACE_INNER, INNER_IPV6},                  \
	  {SPACE_LINKTYPE, 229}, {SPACE_PPP, 0x0057})                                              \
	X(hopopts, "RFC 8200 4.3, RFC 2675", {SPACE_IP, 0})                                        \
	X(routing, "RFC 8200 4.4, RFC 8754", {SPACE_IP, 43})                                       \
	X(fragment, "RFC 8200 4.5", {SPACE_IP, 44})                                                \
	X(nonext, "RFC 8200 4.7", {SPACE_IP, 59})                                                  \
	X(dstopts, "RFC 8200 4.6", {SPACE_IP, 60}, {SPACE_IP, 139}, {SPACE_IP, 140})               \
	/* transport */                                                                            \
	X(icmp, "RFC 792", {SPACE_IP, 1})                                                          \
	X(icmp6, "RFC 4443", {SPACE_IP, 58})                                                       \
	X(tcp, "RFC 9293", {SPACE_IP, 6})                                                          \
	X(udp, "RFC 768", {SPACE_IP, 17})                                                          \
	X(udplite, "RFC 3828", {SPACE_IP, 136})                                                    \
	X(dccp, "RFC 4340", {SPACE_IP, 33})                                                        \
	X(sctp, "RFC 9260", {SPACE_IP, 132})
/* clang-format on */

#define X(id, reference, ...) enum decode_status dec_##id(struct decode *d);
DECODER_ROWS(X)
#undef X

#endif
