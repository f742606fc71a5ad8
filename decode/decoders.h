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
#define DECODER_ROWS(X)                                                                         \
	/* links */                                                                             \
	X(ether, "IEEE 802.3", {SPACE_LINKTYPE, 1}, {SPACE_LINKTYPE, 285},                      \
	  {SPACE_INNER, INNER_ETHER}, {SPACE_ETHERTYPE, 0x6558})                                \
	X(null, "pcap link types 0, 108, 109", {SPACE_LINKTYPE, 0}, {SPACE_LINKTYPE, 108},      \
	  {SPACE_LINKTYPE, 109})                                                                \
	X(raw, "pcap link types 101, 12, 14", {SPACE_LINKTYPE, 12}, {SPACE_LINKTYPE, 14},       \
	  {SPACE_LINKTYPE, 101}, {SPACE_INNER, INNER_IP})                                       \
	X(sll, "pcap link type 113", {SPACE_LINKTYPE, 113})                                     \
	X(sll2, "pcap link type 276", {SPACE_LINKTYPE, 276})                                    \
	X(dsa, "pcap link type 284", {SPACE_LINKTYPE, 284})                                     \
	X(ppp, "RFC 1661, RFC 1662", {SPACE_LINKTYPE, 9}, {SPACE_LINKTYPE, 50},                 \
	  {SPACE_LINKTYPE, 204}, {SPACE_INNER, INNER_PPP}, {SPACE_ETHERTYPE, 0x880b})           \
	X(hdlc, "pcap link type 104", {SPACE_LINKTYPE, 104}, {SPACE_LINKTYPE, 205})             \
	X(frelay, "RFC 2427", {SPACE_LINKTYPE, 107})                                            \
	X(slip, "pcap link type 8", {SPACE_LINKTYPE, 8})                                        \
	X(fddi, "ANSI X3T9.5", {SPACE_LINKTYPE, 10})                                            \
	X(tokenring, "IEEE 802.5", {SPACE_LINKTYPE, 6})                                         \
	X(wlan, "IEEE 802.11", {SPACE_LINKTYPE, 105}, {SPACE_INNER, INNER_WLAN},                \
	  {SPACE_INNER, INNER_WLAN_PADDED})                                                     \
	X(radiotap, "radiotap.org", {SPACE_LINKTYPE, 127}, {SPACE_INNER, INNER_RADIOTAP})       \
	X(avs, "pcap link types 119, 163", {SPACE_LINKTYPE, 119}, {SPACE_LINKTYPE, 163})        \
	X(ppi, "pcap link type 192", {SPACE_LINKTYPE, 192})                                     \
	X(pktap, "pcap link type 258", {SPACE_LINKTYPE, 258}, {SPACE_LINKTYPE, 149})            \
	X(nflog, "pcap link type 239", {SPACE_LINKTYPE, 239})                                   \
	X(pflog, "pcap link type 117", {SPACE_LINKTYPE, 117})                                   \
	X(ipnet, "pcap link type 226", {SPACE_LINKTYPE, 226})                                   \
	X(ipoib, "RFC 4391", {SPACE_LINKTYPE, 242})                                             \
	/* between link and network */                                                          \
	X(vlan, "IEEE 802.1Q", {SPACE_ETHERTYPE, 0x8100}, {SPACE_ETHERTYPE, 0x88a8},            \
	  {SPACE_ETHERTYPE, 0x9100}, {SPACE_ETHERTYPE, 0x9200}, {SPACE_ETHERTYPE, 0x9300})      \
	X(llc, "IEEE 802.2, RFC 2684", {SPACE_INNER, INNER_LLC}, {SPACE_LINKTYPE, 11})          \
	X(arp, "RFC 826", {SPACE_ETHERTYPE, 0x0806}, {SPACE_ETHERTYPE, 0x8035})                 \
	X(control, "IEEE 802.1AB, 802.3ad, 802.1X, 1588", {SPACE_ETHERTYPE, 0x8809},            \
	  {SPACE_ETHERTYPE, 0x88cc}, {SPACE_ETHERTYPE, 0x888e}, {SPACE_ETHERTYPE, 0x8863},      \
	  {SPACE_ETHERTYPE, 0x9000}, {SPACE_ETHERTYPE, 0x8902}, {SPACE_ETHERTYPE, 0x88f7},      \
	  {SPACE_ETHERTYPE, 0x8808}, {SPACE_ETHERTYPE, 0x2000})                                 \
	X(edsa, "pcap link type 285", {SPACE_ETHERTYPE, 0xdada})                                \
	X(vntag, "Cisco VN-Tag", {SPACE_ETHERTYPE, 0x8926})                                     \
	X(etag, "IEEE 802.1BR", {SPACE_ETHERTYPE, 0x893f})                                      \
	X(hsr, "IEC 62439-3", {SPACE_ETHERTYPE, 0x892f})                                        \
	X(cmd, "Cisco MetaData", {SPACE_ETHERTYPE, 0x8909})                                     \
	X(fabricpath, "Cisco FabricPath", {SPACE_ETHERTYPE, 0x8903})                            \
	X(trill, "RFC 6325", {SPACE_ETHERTYPE, 0x22f3})                                         \
	X(pbb, "IEEE 802.1ah", {SPACE_ETHERTYPE, 0x88e7})                                       \
	X(mpls, "RFC 3032", {SPACE_ETHERTYPE, 0x8847}, {SPACE_ETHERTYPE, 0x8848},               \
	  {SPACE_PPP, 0x0281}, {SPACE_PPP, 0x0283}, {SPACE_INNER, INNER_MPLS},                  \
	  {SPACE_LINKTYPE, 219})                                                                \
	X(pppoe, "RFC 2516", {SPACE_ETHERTYPE, 0x8864}, {SPACE_LINKTYPE, 51})                   \
	X(nsh, "RFC 8300", {SPACE_ETHERTYPE, 0x894f}, {SPACE_INNER, INNER_NSH})                 \
	/* network */                                                                           \
	X(ipv4, "RFC 791", {SPACE_ETHERTYPE, 0x0800}, {SPACE_INNER, INNER_IPV4},                \
	  {SPACE_LINKTYPE, 228}, {SPACE_PPP, 0x0021}, {SPACE_LLC, 0x0606})                      \
	X(ipv6, "RFC 8200", {SPACE_ETHERTYPE, 0x86dd}, {SPACE_INNER, INNER_IPV6},               \
	  {SPACE_LINKTYPE, 229}, {SPACE_PPP, 0x0057})                                           \
	X(hopopts, "RFC 8200 4.3, RFC 2675", {SPACE_IP, 0})                                     \
	X(routing, "RFC 8200 4.4, RFC 8754", {SPACE_IP, 43})                                    \
	X(fragment, "RFC 8200 4.5", {SPACE_IP, 44})                                             \
	X(nonext, "RFC 8200 4.7", {SPACE_IP, 59})                                               \
	X(dstopts, "RFC 8200 4.6", {SPACE_IP, 60}, {SPACE_IP, 139}, {SPACE_IP, 140})            \
	X(ah, "RFC 4302", {SPACE_IP, 51})                                                       \
	X(esp, "RFC 4303", {SPACE_IP, 50})                                                      \
	/* tunnels on IP */                                                                     \
	X(ipip, "RFC 2003, 4213, 2473", {SPACE_IP, 4}, {SPACE_IP, 41}, {SPACE_IP, 94})          \
	X(etherip, "RFC 3378", {SPACE_IP, 97})                                                  \
	X(srv6ether, "RFC 8986 9", {SPACE_IP, 143})                                             \
	X(gre, "RFC 2784, 2890, 2637", {SPACE_IP, 47}, {SPACE_UDP, 4754})                       \
	X(erspan, "draft-foschiano-erspan", {SPACE_INNER, INNER_ERSPAN},                        \
	  {SPACE_ETHERTYPE, 0x22eb})                                                            \
	X(eoip, "MikroTik EoIP", {SPACE_INNER, INNER_EOIP})                                     \
	/* transport */                                                                         \
	X(icmp, "RFC 792", {SPACE_IP, 1})                                                       \
	X(icmp6, "RFC 4443", {SPACE_IP, 58})                                                    \
	X(tcp, "RFC 9293", {SPACE_IP, 6})                                                       \
	X(udp, "RFC 768", {SPACE_IP, 17})                                                       \
	X(udplite, "RFC 3828", {SPACE_IP, 136})                                                 \
	X(dccp, "RFC 4340", {SPACE_IP, 33})                                                     \
	X(sctp, "RFC 9260", {SPACE_IP, 132})                                                    \
	/* tunnels on UDP */                                                                    \
	X(teredo, "RFC 4380", {SPACE_UDP, 3544})                                                \
	X(ayiya, "draft-massar-v6ops-ayiya", {SPACE_UDP, 5072})                                 \
	X(vxlan, "RFC 7348", {SPACE_UDP, 4789}, {SPACE_UDP, 8472})                              \
	X(vxlan_gpe, "draft-ietf-nvo3-vxlan-gpe", {SPACE_UDP, 4790})                            \
	X(geneve, "RFC 8926", {SPACE_UDP, 6081})                                                \
	X(gtpu, "3GPP TS 29.281", {SPACE_UDP, 2152}, {SPACE_UDP, 3386})                         \
	X(capwap, "RFC 5415", {SPACE_UDP, 5247})                                                \
	X(l2tp, "RFC 2661", {SPACE_UDP, 1701})                                                  \
	X(tzsp, "TaZmen Sniffer Protocol", {SPACE_UDP, 37008})                                  \
	X(lisp, "RFC 9300", {SPACE_UDP, 4341})                                                  \
	X(mplsip, "RFC 4023, RFC 7510", {SPACE_UDP, 6635}, {SPACE_IP, 137})
/* clang-format on */

#define X(id, reference, ...) enum decode_status dec_##id(struct decode *d);
DECODER_ROWS(X)
#undef X

#endif
