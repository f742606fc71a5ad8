/* SPDX-License-Identifier: MIT
 *
 * One beginning of each application protocol, at least, from its document or written by hand after
 * it. `text` is sent as it is, `hex` as the bytes it spells.
 */
#ifndef SOCKLENS_TESTS_APP_SAMPLES_H
#define SOCKLENS_TESTS_APP_SAMPLES_H

#include "decode/app_rows.h"

struct app_sample {
	enum app_id row;
	bool datagram, to_server;
	uint16_t port; /* the server's */
	const char *text, *hex;
	const char *facts; /* NULL: none */
};

/* RFC 8448 section 3: client hello and server hello, as records. */
#define RFC8448_CLIENT_BODY                                                                        \
	"0303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006130113"         \
	"031302010000910000000b0009000006736572766572ff01000100000a00140012001d0017001800"         \
	"190100010101020103010400230000003300260024001d002099381de560e4bd43d23d8e435a7dba"         \
	"feb3c06e51c13cae4d5413691e529aaf2c002b0003020304000d0020001e04030503060302030804"         \
	"0805080604010501060102010402050206020202002d00020101001c00024001"
#define RFC8448_SERVER_BODY                                                                        \
	"0303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e"         \
	"00330024001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f"         \
	"002b00020304"
#define RFC8448_CLIENT "16030100c4010000c0" RFC8448_CLIENT_BODY
#define RFC8448_SERVER "160303005a02000056" RFC8448_SERVER_BODY
/* As tshark 4.0.17 says; JA4 by hand from the lists, with sha256sum. */
#define RFC8448_FACTS                                                                              \
	"names.sni=server\nnames.ja3=da4dea34fe6d4ce5f0725df3f2682fa0\n"                           \
	"names.ja4=t13d030900_55b375c5d22e_59cd3dafc54d\n"

/* Hardware address to file name of a BOOTP message. */
#define ZEROS_32 "0000000000000000000000000000000000000000000000000000000000000000"
#define BOOTP_HEADER                                                                               \
	"01010600 39030000 00000000 00000000 00000000 00000000 00000000 0242ac110002 0000"         \
	"0000000000000000" ZEROS_32 ZEROS_32 ZEROS_32 ZEROS_32 ZEROS_32 ZEROS_32

#define S .to_server = true
#define D .datagram = true

static const struct app_sample app_samples[] = {
	{APP_ID_tls, S, .port = 443, .hex = RFC8448_CLIENT, .facts = RFC8448_FACTS},
	{APP_ID_tls, .port = 443, .hex = RFC8448_SERVER, .facts = "tls.version=TLSv1.3\n"},
	/* SSL 2 hello of a client that would like TLS 1.0: RFC 5246 E.2 */
	{APP_ID_tls, S, .port = 443,
	 .hex = "801c 01 0301 0003 0000 0010 000005 000102030405060708090a0b0c0d0e0f"},
	{APP_ID_http, S, .port = 80,
	 .text = "GET /index.html HTTP/1.1\r\nAccept: */*\r\nHost: www.example.org:8000\r\n\r\n",
	 .facts = "http.method=GET\nnames.host=www.example.org:8000\n"},
	{APP_ID_http, .port = 80, .text = "HTTP/1.1 404 Not Found\r\nDate: x\r\n\r\n",
	 .facts = "http.status=404\n"},
	{APP_ID_http2, S, .port = 80, /* RFC 7541 C.4.1 in a HEADERS frame */
	 .hex = "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a 000000040000000000"
		"000011010500000001 828684418cf1e3c2e5f23a6ba0ab90f4ff",
	 .facts = "http.method=GET\nnames.host=www.example.com\n"},
	{APP_ID_http2, .port = 80, .hex = "000006040000000000 000300000064 000001010400000001 88",
	 .facts = "http.status=200\n"},
	{APP_ID_ssh, S, .port = 22, .text = "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
	 .facts = "ssh.banner=SSH-2.0-OpenSSH_9.2p1 Debian-2\n"},
	{APP_ID_dhcp, D, S, .port = 67, .hex = BOOTP_HEADER "63825363 350101 00 0c056c6974746c ff",
	 .facts = "dhcp.host_name=littl\n"},
	{APP_ID_dhcp, D, S, .port = 67, /* only a full name, as labels */
	 .hex = BOOTP_HEADER "63825363 350101 510a 04 0000 0161 026c6e 00 00 ff",
	 .facts = "dhcp.host_name=a.ln\n"},
	{APP_ID_dhcpv6, D, S, .port = 547, /* solicit relayed once */
	 .hex = "0c00 20010db8000000000000000000000001 fe800000000000000000000000000002"
		"0009 0018 01123456 0008 0002 0000 0027 000a 00 04686f7374 026c6e 00",
	 .facts = "dhcp.host_name=host.ln\n"},
	{APP_ID_ssdp, D, S, .port = 1900,
	 .text = "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "
		 "\"ssdp:discover\"\r\n\r\n",
	 .facts = "http.method=M-SEARCH\nnames.host=239.255.255.250:1900\n"},
	{APP_ID_sip, D, S, .port = 5060,
	 .text = "INVITE sip:bob@biloxi.example.com SIP/2.0\r\nVia: SIP/2.0/TCP client\r\nCall-ID: "
		 "3848276298220188511@atlanta\r\n\r\n",
	 .facts = "sip.call_id=3848276298220188511@atlanta\n"},
	{APP_ID_sip, .port = 5060, .text = "SIP/2.0 180 Ringing\r\ni: a84b4c76e66710\r\n\r\n",
	 .facts = "sip.call_id=a84b4c76e66710\n"},
	{APP_ID_rtsp, S, .port = 554, .text = "DESCRIBE rtsp://example.com/a RTSP/1.0\r\n"},
	{APP_ID_smb, S, .port = 139, .hex = "81000044 20434b46"},
	{APP_ID_smb, .port = 445, /* SMB 2 negotiate response, dialect 3.1.1 */
	 .hex = "00000046 fe534d42 4000 0000 00000000 0000 0100 01000000 00000000 0000000000000000 "
		"00000000 00000000"
		"0000000000000000 00000000000000000000000000000000 4100 0100 1103",
	 .facts = "smb.dialect=3.1.1\n"},
	{APP_ID_smb,
	 .port = 445, /* SMB 1 negotiate response with 17 words, cut after their count */
	 .hex = "00000021 ff534d42 72 00000000 98 53c8 0000 0000000000000000 0000 0000 fffe 0000 "
		"0000 11",
	 .facts = "smb.dialect=NT LM 0.12\n"},
	{APP_ID_ldap, S, .port = 389, .hex = "300c 0201 01 6007 020103 0400 8000"},
	{APP_ID_rdp, S, .port = 3389, .hex = "03000013 0ee000000000 00 0100 0800 03000000"},
	{APP_ID_mysql, .port = 3306,
	 .hex = "4a000000 0a 352e372e333300 01000000 0000000000000000 00 ffff 08 0200 ffc1 15 "
		"00000000000000000000"
		"0000000000000000000000000000 6d7973716c5f6e6174697665 00"},
	{APP_ID_mysql, S, .port = 3306,
	 .hex = "20000001 05aeff01 00000001 2d "
		"0000000000000000000000000000000000000000000000" RFC8448_CLIENT,
	 .facts = RFC8448_FACTS},
	{APP_ID_postgres, S, .port = 5432, .hex = "00000008 04d2162f" RFC8448_CLIENT,
	 .facts = RFC8448_FACTS},
	{APP_ID_postgres, .port = 5432, .hex = "52 00000008 00000000"},
	{APP_ID_mongodb, S, .port = 27017, .hex = "3f000000 01000000 00000000 dd070000 00000000"},
	{APP_ID_redis, S, .port = 6379, .text = "*1\r\n$4\r\nPING\r\n"},
	{APP_ID_tds, S, .port = 1433, .hex = "1201 002f 0000 01 00"},
	{APP_ID_smtp, .port = 25, .text = "220 mail.example.org ESMTP Postfix\r\n250 ok\r\n"},
	{APP_ID_pop3, .port = 110, .text = "+OK POP3 ready <1@x>\r\n+OK\r\n"},
	{APP_ID_imap, S, .port = 143, .text = "a1 CAPABILITY\r\na2 NOOP\r\n"},
	{APP_ID_ftp, S, .port = 21, .text = "USER anonymous\r\nPASS x\r\n"},
	{APP_ID_irc, S, .port = 6667, .text = "NICK Wiz\r\nUSER guest 0 * :Ronnie\r\n"},
	{APP_ID_nntp, .port = 119, .text = "200 NNTP Service ready\r\n"},
	{APP_ID_dtls, D, S,
	 .port = 4433, /* the client hello of RFC 8448, with a cookie's length, as DTLS 1.2 */
	 .hex = "16 fefd 0000 000000000000 0046 01 00003a 0000 000000 00003a"
		"fefd 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 00 00 0002 "
		"c02b 0100"
		"000e 0000000a 0008 00 0005 612e6f7267",
	 .facts = "names.sni=a.org\nnames.ja3=b0481bbf0ee1c2da9690c98ba75d1848\nnames.ja4="
		  "dd2d010100_648b5c445417_000000000000\n"},
	{APP_ID_stun, D, S, .port = 3478, .hex = "0001 0000 2112a442 000102030405060708090a0b"},
	{APP_ID_wireguard, D, S, .port = 51820,
	 .hex = "04000000 01000000 0000000000000000 00112233445566778899aabbccddeeff"},
	{APP_ID_bittorrent, S, .port = 6881,
	 .text = "\x13"
		 "BitTorrent protocol"},
	{APP_ID_bittorrent, D, S, .port = 6881,
	 .text = "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe"},
	{APP_ID_mqtt, S, .port = 1883, .hex = "1010 0004 4d515454 04 02 003c 0004 74657374"},
	{APP_ID_bgp, S, .port = 179, .hex = "ffffffffffffffffffffffffffffffff 0013 04"},
	{APP_ID_rpc, D, S, .port = 111,
	 .hex = "00000001 00000000 00000002 000186a0 00000002 00000000"},
	{APP_ID_rpc, S, .port = 2049,
	 .hex = "80000028 00000001 00000000 00000002 000186a3 00000004"},
	{APP_ID_dcerpc, S, .port = 135, .hex = "05000b03 10000000 4800 0000 01000000"},
	{APP_ID_kerberos, D, S, .port = 88, .hex = "6a0b 3009 a103020105 a20302010a"},
	{APP_ID_snmp, D, S, .port = 161, .hex = "3010 020101 0406 7075626c6963 a003 020101"},
	{APP_ID_ntp, D, S, .port = 123,
	 .hex = "2302 0a e9 00000000 00000000 00000000 0000000000000000 0000000000000000 "
		"0000000000000000 0000000000000001"},
	{APP_ID_modbus, S, .port = 502, .hex = "0001 0000 0006 11 03 006b 0003"},
	{APP_ID_tftp, D, S, .port = 69, .hex = "0001 612e747874 00 6f63746574 00"},
	{APP_ID_gtp, D, S, .port = 2123, .hex = "32010004 00000000 00010000"},
	{APP_ID_radius, D, S, .port = 1812, .hex = "01000014 000102030405060708090a0b0c0d0e0f"},
	{APP_ID_ike, D, S, .port = 500,
	 .hex = "0001020304050607 0000000000000000 21 20 22 08 00000000 0000001c"},
	{APP_ID_openvpn, D, S, .port = 1194, .hex = "38 0102030405060708 00 00000000"},
	{APP_ID_syslog, D, S, .port = 514, .text = "<34>1 2003-10-11T22:14:15.003Z mymachine su"},
	{APP_ID_coap, D, S, .port = 5683, .hex = "4401 7d34 01020304"},
	{APP_ID_rip, D, S, .port = 520,
	 .hex = "02020000 0002000a 0a000000ff00000000000000 00000001"},
	{APP_ID_pptp, S, .port = 1723, .hex = "009c 0001 1a2b3c4d 0001 0000"},
	{APP_ID_telnet, .port = 23, .hex = "fffd18 fffd20"},
	{APP_ID_netflow, D, S, .port = 2055, .hex = "0005 0001 00000000"},
	{APP_ID_sflow, D, S, .port = 6343, .hex = "00000005 00000001 0a000001"},
	{APP_ID_diameter, S, .port = 3868, .hex = "01000014 80000118 00000000 00000001 00000001"},
	{APP_ID_pfcp, D, S, .port = 8805, .hex = "2001 000c 00000100 0060 0004 e1234567"},
	{APP_ID_bacnet, D, S, .port = 47808, .hex = "810b000c 0120ffff 00ff 1008"},
	{APP_ID_dnp3, S, .port = 20000, .hex = "0564 05 c0 0100 0004 e921"},
	{APP_ID_enip, S, .port = 44818,
	 .hex = "6500 0400 00000000 00000000 0000000000000000 00000000"},
	{APP_ID_s7comm, S, .port = 102, .hex = "03000016 11e00000000100 c0010a c1020100 c2020102"},
	{APP_ID_nbdgm, D, S, .port = 138, .hex = "110a 0001 0a000001 008a 00c3 0000"},
	{APP_ID_socks, S, .port = 1080, .hex = "05 02 0002"},
	{APP_ID_socks, S, .port = 1080,
	 .hex = "05 01 02 01 01 61 01 62 05 01 00 03 05 612e6f7267 01bb" RFC8448_CLIENT,
	 .facts = RFC8448_FACTS},
	{APP_ID_socks, .port = 1080, .hex = "05 00 05 00 00 01 00000000 0000" RFC8448_SERVER,
	 .facts = "tls.version=TLSv1.3\n"},
	{APP_ID_socks, S, .port = 1080, /* 4a: name after the user, then GET / HTTP/1.0 */
	 .hex = "04 01 0050 00000001 00 612e6f726700 474554202f20485454502f312e300d0a0d0a",
	 .facts = "http.method=GET\n"},
	{APP_ID_socks, .port = 1080, .hex = "00 5a 0000 00000000 485454502f312e3020323030200d0a",
	 .facts = "http.status=200\n"},
	{APP_ID_amqp, S, .port = 5672, .hex = "414d5150 00000901"},
	{APP_ID_rfb, .port = 5900, .text = "RFB 003.008\n"},
	{APP_ID_rsync, .port = 873, .text = "@RSYNCD: 31.0\n"},
	{APP_ID_git, S, .port = 9418, .text = "0033git-upload-pack /project.git"},
	{APP_ID_xmpp, S, .port = 5222,
	 .text = "<?xml version='1.0'?><stream:stream to='im.example.com'"},
	{APP_ID_xmpp, S, .port = 5222, /* <stream:stream> <starttls/> */
	 .hex = "3c73747265616d3a73747265616d3e 3c7374617274746c732f3e" RFC8448_CLIENT,
	 .facts = RFC8448_FACTS},
	{APP_ID_memcached, S, .port = 11211, .text = "get key\r\n"},
	{APP_ID_dropbox, D, S, .port = 17500, .text = "{\"host_int\": 1, \"version\": [2, 0]}"},
	{APP_ID_skinny, S, .port = 2000, .hex = "04000000 00000000 00000000"},
	{APP_ID_hsrp, D, S, .port = 1985,
	 .hex = "0000 10 03 0a 78 01 00 636973636f000000 0a000001"},
};

#undef S
#undef D

enum { APP_SAMPLES = sizeof(app_samples) / sizeof(app_samples[0]), APP_SAMPLE_MAX = 4096 };

#endif
