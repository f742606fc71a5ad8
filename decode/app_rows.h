/* SPDX-License-Identifier: MIT
 *
 * The application parsers: one row each. A row gives the function app_NAME (in app_NAME.c, or in
 * the file of the family it belongs to), the document that defines the protocol, what it is shown,
 * and the ports that it is tried on first. The order is that of trying: certain patterns before
 * weak ones.
 */
#ifndef SOCKLENS_DECODE_APP_ROWS_H
#define SOCKLENS_DECODE_APP_ROWS_H

#include "decode/app.h"

/* clang-format off */
#define APP_ROWS(X)										\
	X(tls, "RFC 8446, RFC 5246, RFC 6101", APP_STREAM, 443, 8443, 993, 995, 465, 853)	\
	X(ssdp, "UPnP Device Architecture 2.0", APP_DATAGRAM, 1900)				\
	X(http, "RFC 9112", APP_STREAM | APP_DATAGRAM, 80, 8080, 3128, 8000, 8888, 631)		\
	X(http2, "RFC 9113", APP_STREAM, 80, 8080, 50051)					\
	X(dns, "RFC 1035, RFC 7766", APP_STREAM | APP_DATAGRAM, 53)				\
	X(mdns, "RFC 6762", APP_DATAGRAM | APP_NEEDS_PORT, 5353)				\
	X(llmnr, "RFC 4795", APP_DATAGRAM | APP_NEEDS_PORT, 5355)				\
	X(nbns, "RFC 1002", APP_DATAGRAM | APP_NEEDS_PORT, 137)					\
	X(ssh, "RFC 4253", APP_STREAM, 22)							\
	X(dhcp, "RFC 2131", APP_DATAGRAM, 67, 68)						\
	X(dhcpv6, "RFC 8415", APP_DATAGRAM | APP_NEEDS_PORT, 546, 547)				\
	X(sip, "RFC 3261", APP_STREAM | APP_DATAGRAM, 5060, 5061)				\
	X(rtsp, "RFC 7826", APP_STREAM, 554, 8554)						\
	X(smb, "MS-SMB2, RFC 1002", APP_STREAM, 445, 139)					\
	X(ldap, "RFC 4511", APP_STREAM | APP_DATAGRAM, 389, 3268)				\
	X(rdp, "MS-RDPBCGR", APP_STREAM, 3389)							\
	X(mysql, "MySQL client/server protocol 10", APP_STREAM, 3306)				\
	X(postgres, "PostgreSQL protocol 3.0", APP_STREAM, 5432)				\
	X(mongodb, "MongoDB wire protocol", APP_STREAM, 27017)					\
	X(redis, "RESP", APP_STREAM, 6379)							\
	X(tds, "MS-TDS", APP_STREAM | APP_NEEDS_PORT, 1433)					\
	X(smtp, "RFC 5321", APP_STREAM, 25, 587, 2525, 465)					\
	X(pop3, "RFC 1939", APP_STREAM, 110)							\
	X(imap, "RFC 9051", APP_STREAM, 143)							\
	X(ftp, "RFC 959", APP_STREAM, 21)							\
	X(irc, "RFC 2812", APP_STREAM, 6667, 6666, 6668, 6669, 7000)				\
	X(nntp, "RFC 3977", APP_STREAM, 119)							\
	X(quic, "RFC 9000, RFC 9001, RFC 9369", APP_DATAGRAM, 443, 80, 853, 8443, 4433)		\
	X(dtls, "RFC 9147, RFC 6347", APP_DATAGRAM, 443, 4433, 5684)				\
	X(stun, "RFC 8489", APP_STREAM | APP_DATAGRAM, 3478, 3479, 19302)			\
	X(wireguard, "wireguard.com/protocol", APP_DATAGRAM, 51820)				\
	X(bittorrent, "BEP 3, BEP 5, BEP 29", APP_STREAM | APP_DATAGRAM, 6881)			\
	X(mqtt, "OASIS MQTT", APP_STREAM, 1883)							\
	X(bgp, "RFC 4271", APP_STREAM, 179)							\
	X(rpc, "RFC 5531", APP_STREAM | APP_DATAGRAM, 111, 2049)				\
	X(dcerpc, "DCE 1.1 RPC", APP_STREAM, 135)						\
	X(kerberos, "RFC 4120", APP_STREAM | APP_DATAGRAM | APP_NEEDS_PORT, 88)			\
	X(snmp, "RFC 3416", APP_DATAGRAM | APP_NEEDS_PORT, 161, 162)				\
	X(ntp, "RFC 5905", APP_DATAGRAM | APP_NEEDS_PORT, 123)					\
	X(modbus, "Modbus TCP", APP_STREAM | APP_NEEDS_PORT, 502)				\
	X(tftp, "RFC 1350", APP_DATAGRAM, 69)							\
	X(gtp, "3GPP TS 29.060, 29.274", APP_DATAGRAM | APP_NEEDS_PORT, 2123, 2152, 3386)	\
	X(radius, "RFC 2865", APP_DATAGRAM | APP_NEEDS_PORT, 1812, 1813, 1645, 1646, 3799)	\
	X(ike, "RFC 7296", APP_DATAGRAM | APP_NEEDS_PORT, 500, 4500)				\
	X(openvpn, "OpenVPN protocol", APP_STREAM | APP_DATAGRAM | APP_NEEDS_PORT, 1194)	\
	X(syslog, "RFC 5424", APP_STREAM | APP_DATAGRAM | APP_NEEDS_PORT, 514, 601)		\
	X(coap, "RFC 7252", APP_DATAGRAM | APP_NEEDS_PORT, 5683)				\
	X(rip, "RFC 2453", APP_DATAGRAM | APP_NEEDS_PORT, 520)					\
	X(pptp, "RFC 2637", APP_STREAM, 1723)							\
	X(telnet, "RFC 854", APP_STREAM | APP_NEEDS_PORT, 23, 2323)				\
	X(netflow, "RFC 3954, RFC 7011",							\
	  APP_DATAGRAM | APP_NEEDS_PORT, 2055, 4739, 9995, 9996)				\
	X(sflow, "sFlow version 5", APP_DATAGRAM | APP_NEEDS_PORT, 6343)			\
	X(diameter, "RFC 6733", APP_STREAM | APP_DATAGRAM | APP_NEEDS_PORT, 3868)		\
	X(pfcp, "3GPP TS 29.244", APP_DATAGRAM | APP_NEEDS_PORT, 8805)				\
	X(bacnet, "ISO 16484-5", APP_DATAGRAM | APP_NEEDS_PORT, 47808)				\
	X(dnp3, "IEEE 1815", APP_STREAM | APP_DATAGRAM | APP_NEEDS_PORT, 20000)			\
	X(enip, "ODVA EtherNet/IP", APP_STREAM | APP_DATAGRAM | APP_NEEDS_PORT, 44818)		\
	X(s7comm, "RFC 1006", APP_STREAM | APP_NEEDS_PORT, 102)					\
	X(nbdgm, "RFC 1002", APP_DATAGRAM | APP_NEEDS_PORT, 138)				\
	X(socks, "RFC 1928", APP_STREAM | APP_NEEDS_PORT, 1080)					\
	X(amqp, "AMQP 0-9-1, 1.0", APP_STREAM, 5672)						\
	X(rfb, "RFC 6143", APP_STREAM, 5900, 5901)						\
	X(rsync, "rsync daemon protocol", APP_STREAM, 873)					\
	X(git, "gitprotocol-pack", APP_STREAM, 9418)						\
	X(xmpp, "RFC 6120", APP_STREAM, 5222, 5269)						\
	X(memcached, "memcached protocol", APP_STREAM | APP_NEEDS_PORT, 11211)			\
	X(dropbox, "Dropbox LAN discovery", APP_DATAGRAM, 17500)				\
	X(skinny, "Cisco Skinny", APP_STREAM | APP_NEEDS_PORT, 2000)				\
	X(rtcp, "RFC 3550", APP_DATAGRAM, 5005)							\
	X(rtp, "RFC 3550, RFC 3551", APP_DATAGRAM | APP_NEEDS_PORT, 5004)			\
	X(hsrp, "RFC 2281", APP_DATAGRAM | APP_NEEDS_PORT, 1985, 2029)
/* clang-format on */

enum app_id {
#define X(name, ...) APP_ID_##name,
	APP_ROWS(X)
#undef X
};

#define X(name, ...)                                                                            \
	enum app_status app_##name(const struct app_input *in, const struct app_sink *sink);
APP_ROWS(X)
#undef X

/* Is the payload between ports of this row? For patterns that mean something only there. */
bool app_expected(const struct app_input *in, enum app_id id);

#endif
