/* SPDX-License-Identifier: MIT
 *
 * Filters of flow rows: short names, and where a bare word is looked for.
 */
#include "flow/rows/filter.h"

#define BOTH(leaf) "src." leaf " dst." leaf

static const struct filter_alias aliases[] = {
	{"ip", BOTH("ip"), "address of either end", ALIAS_ANY},
	{"port", BOTH("port"), "port of either end", ALIAS_ANY},
	{"src", "src.ip", "address of the originator", ALIAS_ANY},
	{"dst", "dst.ip", "address of the responder", ALIAS_ANY},
	{"sport", "src.port", "port of the originator", ALIAS_ANY},
	{"dport", "dst.port", "port of the responder", ALIAS_ANY},
	{"host", BOTH("ip") " " BOTH("name") " names.sni names.host names.dns",
	 "address or name of either end", ALIAS_ANY},
	{"name", BOTH("name") " names.sni names.host names.dns", "any name on the wire", ALIAS_ANY},
	{"sni", "names.sni", "TLS or QUIC server name", ALIAS_ANY},
	{"dns", "names.dns", "names asked for", ALIAS_ANY},
	{"alpn", "names.alpn", "application protocols offered", ALIAS_ANY},
	{"ja3", "names.ja3", "JA3 fingerprint", ALIAS_ANY},
	{"ja4", "names.ja4", "JA4 fingerprint", ALIAS_ANY},
	{"method", "http.method", "HTTP method", ALIAS_ANY},
	{"status", "http.status", "HTTP status", ALIAS_ANY},
	{"process", BOTH("process.name"), "process name of either end", ALIAS_ANY},
	{"exe", BOTH("process.exe"), "program file of either end", ALIAS_ANY},
	{"pid", BOTH("process.pid"), "process of either end", ALIAS_ANY},
	{"tid", BOTH("process.tid"), "thread of either end", ALIAS_ANY},
	{"user", BOTH("process.user"), "user name of either end", ALIAS_ANY},
	{"container", BOTH("process.container"), "container of either end", ALIAS_ANY},
	{"pod", BOTH("process.pod"), "Kubernetes pod of either end", ALIAS_ANY},
	{"cmdline", BOTH("process.cmdline"), "arguments of either end's process", ALIAS_ANY},
	{"uid", BOTH("process.uid"), "user of either end", ALIAS_ANY},
	{"fd", BOTH("process.fd"), "file descriptor of either end", ALIAS_ANY},
	{"netns", BOTH("process.netns"), "network namespace of either end", ALIAS_ANY},
	{"match", BOTH("process.match"), "how sure a process is", ALIAS_ANY},
	{"reason", BOTH("process.reason"), "why there is no process", ALIAS_ANY},
	{"packets", BOTH("packets"), "packets of both directions", ALIAS_SUM},
	{"bytes", BOTH("bytes"), "frame bytes of both directions", ALIAS_SUM},
	{"payload", BOTH("payload_bytes"), "payload of both directions", ALIAS_SUM},
	{"rate", BOTH("rate_bps"), "bits a second of both directions", ALIAS_SUM},
	{"retx", BOTH("tcp.retransmission"), "segments sent again", ALIAS_SUM},
	{"ooo", BOTH("tcp.out_of_order"), "segments out of order", ALIAS_SUM},
	{"lost", BOTH("tcp.missing_bytes"), "bytes of gaps never filled", ALIAS_SUM},
	{"zero_window", BOTH("tcp.zero_window"), "closed windows", ALIAS_SUM},
	{"delivery", BOTH("delivery"), "did the data of either end arrive", ALIAS_ANY},
	{"duration", "duration_ns", "first to last frame", ALIAS_ANY},
	{"dur", "duration_ns", "the same", ALIAS_ANY},
	{"rtt", "rtt_ns.avg rtt_ns.handshake", "average round trip, or the handshake's",
	 ALIAS_FIRST},
	{"end", "end_reason", "why the flow ended", ALIAS_ANY},
	{"iface", "interface", "where it was captured", ALIAS_ANY},
	{0},
};

const struct filter_table flow_filter_table = {
	.fields = fields,
	.find = field_find,
	.aliases = aliases,
	.words = BOTH("process.name") " " BOTH("process.exe") " " BOTH("process.pid") " " BOTH(
		"ip") " " BOTH("port") " " BOTH("name") " names.sni names.host names.dns app proto",
};
