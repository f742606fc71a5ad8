/* SPDX-License-Identifier: MIT
 *
 * The fields of a flow row, one table row each: the flow record's names, the CSV header, the
 * dashboard's columns and the filter language are all made from this table.
 */
#ifndef SOCKLENS_FLOW_FIELD_H
#define SOCKLENS_FLOW_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flow/rows/row.h"

enum field_type {
	/* These four are plain integers in every report: field_is_integer. */
	FIELD_INT,	/* int64_t, ROW_ABSENT = absent */
	FIELD_BYTES,	/* the same, shown with a size unit */
	FIELD_BITRATE,	/* the same, bits a second */
	FIELD_DURATION, /* the same, ns */
	FIELD_TIME,	/* the same, wall-clock ns; written as RFC 3339 text */
	FIELD_WORD,	/* char[], "" = absent, of our own making: nothing in it is ever quoted */
	FIELD_TEXT,	/* the same, of others' making: printable, no more */
	FIELD_FACT,	/* uint16_t place of such a text in the row's texts, 0 = absent */
	FIELD_LIST,	/* the same, several values with FIELD_LIST_SEPARATOR between them */
	FIELD_ADDR,	/* struct addr */
	FIELD_PROTO,	/* uint8_t protocol number, written by name */
	FIELD_VERSION,	/* uint8_t, 0 = absent */
	FIELD_MATCH,	/* uint8_t enum match_quality */
	FIELD_REASON,	/* uint8_t enum unbound_reason */
	FIELD_ORIGIN,	/* uint8_t enum originator */
	FIELD_ID,	/* uint64_t, written as hexadecimal text */
	FIELD_VLANS,	/* the row's vlan ids, outermost first */
	FIELD_TUNNELS,	/* the row's tunnels, outermost first */
	FIELD_OWNERS,	/* struct owner_rows (flow/rows/socket_row.h), oldest first */
};

/* A control character: printable text never holds it. */
#define FIELD_LIST_SEPARATOR '\x1f'

/*
 * All fields, in the order of the flow record:
 *   X(path of the object, name in it, member of struct flow_row, type, width, title, help)
 * Those of an object stand together, in a list of their own; the objects are rows as well:
 *   Y(X, list, path of the enclosing object, key, what else the list takes)
 * The facts of decode/app.h follow, one field each; their objects are the first part of their names.
 */
#define FIELD_ROWS(X)										   \
	FIELD_ROWS_HEAD(X)									   \
	FIELD_ROWS_END(X, "src.", src, "SRC ", "originator")					   \
	FIELD_OBJECTS_END(FIELD_OBJECT, X, "src.", src, "SRC ")					   \
	FIELD_ROWS_END(X, "dst.", dst, "DST ", "responder")					   \
	FIELD_OBJECTS_END(FIELD_OBJECT, X, "dst.", dst, "DST ")					   \
	FIELD_ROWS_COURSE(X)									   \
	FIELD_OBJECTS_FLOW(FIELD_OBJECT, X, )							   \
	FIELD_ROWS_TAGS(X)

/* The fields of an object. */
#define FIELD_OBJECT(X, list, path, key, ...) list(X, path key ".", __VA_ARGS__)

#define FIELD_ROWS_HEAD(X)									   \
	X("", "id", id, ID, 16, "ID", "identity of the flow in this run")			   \
	X("", "community_id", community_id, WORD, 30, "COMMUNITY ID", "Community ID v1")	   \
	X("", "proto", proto, PROTO, 5, "PROTO", "transport protocol")				   \
	X("", "ip_version", ip_version, VERSION, 3, "IPV", "IP version")			   \
	X("", "start", start_ns, TIME, 15, "START", "time of the first frame")			   \
	X("", "start_ns", start_ns, INT, 19, "START NS", "the same in ns since 1970")		   \
	X("", "end_ns", end_ns, INT, 19, "END NS", "time of the last frame, ns since 1970")	   \
	X("", "duration_ns", duration_ns, DURATION, 6, "DUR", "first to last frame")

#define FIELD_ROWS_END(X, path, end, T, who)							   \
	X(path, "ip", end.addr, ADDR, 15, T "IP", "address of the " who)			   \
	X(path, "port", end.port, INT, 8, T "PORT", "port of the " who)				   \
	X(path, "name", end.name, FACT, 15, T "NAME", "what a DNS answer called the " who)	   \
	X(path, "packets", end.packets, INT, 8, T "PKTS", "packets sent by the " who)		   \
	X(path, "bytes", end.bytes, BYTES, 9, T "BYTES", "frame bytes sent by the " who)	   \
	X(path, "ip_bytes", end.ip_bytes, BYTES, 8, T "IP B", "IP bytes, headers included")	   \
	X(path, "payload_bytes", end.payload_bytes, BYTES, 8, T "DATA",				   \
	  "transport payload sent by the " who)							   \
	X(path, "fragments", end.fragments, INT, 8, T "FRAG", "IP fragments")			   \
	X(path, "retransmitted_bytes", end.retransmitted_bytes, BYTES, 10, T "RETX B",		   \
	  "payload sent again")									   \
	X(path, "rate_bps", end.rate_bps, BITRATE, 8, T "RATE", "bits a second, smoothed")	   \
	X(path, "delivery", end.delivery, WORD, 10, T "DELIV",					   \
	  "did all data of the " who " arrive: complete, incomplete, unknown")			   \
	X(path, "undelivered_bytes", end.undelivered_bytes, BYTES, 9, T "UNDEL",		   \
	  "payload that is not known to be both seen and acknowledged")				   \
	X(path, "delivery_reason", end.delivery_reason, WORD, 14, T "DELIV WHY",		   \
	  "incomplete: lost, unacknowledged, unseen; unknown: one_way, midstream, reset, cut, no_end") \
	X(path, "in_flight_max_bytes", end.in_flight_max, BYTES, 8, T "FLY",			   \
	  "most payload that passed and was not acknowledged yet")

#define FIELD_OBJECTS_END(Y, X, path, end, T)							   \
	FIELD_OBJECTS_WIRE(Y, X, path, end, T)							   \
	FIELD_OBJECTS_SOCKET(Y, X, path, end, T)

#define FIELD_OBJECTS_WIRE(Y, X, path, end, T)							   \
	FIELD_OBJECTS_TROUBLE(Y, X, path, end, T)						   \
	FIELD_OBJECTS_PATH(Y, X, path, end, T)							   \
	FIELD_OBJECTS_RTP(Y, X, path, end, T)							   \
	FIELD_OBJECTS_ORDER(Y, X, path, end, T)							   \
	FIELD_OBJECTS_SCTP(Y, X, path, end, T)

/* Apart, as writers pass over some of them in plain flows (flow/rows/row.h). */
#define FIELD_OBJECTS_TROUBLE(Y, X, path, end, T)						   \
	Y(X, FIELD_ROWS_TCP, path, "tcp", end, T)						   \
	Y(X, FIELD_ROWS_SACK, path, "tcp_sack", end.sack, T)
#define FIELD_OBJECTS_PATH(Y, X, path, end, T)							   \
	Y(X, FIELD_ROWS_WINDOW, path, "window", end.window, T)					   \
	Y(X, FIELD_ROWS_HALF, path, "rtt_ns", end.rtt_ns, T)
#define FIELD_OBJECTS_RTP(Y, X, path, end, T)							   \
	Y(X, FIELD_ROWS_RTP, path, "rtp", end.rtp, T)
#define FIELD_OBJECTS_ORDER(Y, X, path, end, T)						   \
	Y(X, FIELD_ROWS_REORDERING, path, "reordering", end.reordering, T)
#define FIELD_OBJECTS_SCTP(Y, X, path, end, T)							   \
	Y(X, FIELD_ROWS_SCTP, path, "sctp", end.sctp, T)

/* What is known by an end's socket only. */
#define FIELD_OBJECTS_SOCKET(Y, X, path, end, T)						   \
	Y(X, FIELD_ROWS_PROCESS, path, "process", end.process, T)				   \
	Y(X, FIELD_ROWS_LEDGER, path, "ledger", end.ledger, T)					   \
	Y(X, FIELD_ROWS_SEQ, path, "seq", end.seq, T)						   \
	Y(X, FIELD_ROWS_DELAY, path, "delay_ns", end.delay, T)

#define FIELD_ROWS_TCP(X, path, end, T)								   \
	X(path, "retransmission", end.tcp[TCP_COUNT_RETRANSMISSION], INT, 8, T "RETX",		   \
	  "segments sent again (all kinds)")							   \
	X(path, "fast_retransmission", end.tcp[TCP_COUNT_FAST_RETRANSMISSION], INT, 8,		   \
	  T "FAST", "sent again after duplicate acks")						   \
	X(path, "spurious_retransmission", end.tcp[TCP_COUNT_SPURIOUS_RETRANSMISSION], INT,	   \
	  8, T "SPUR", "sent again though acknowledged")					   \
	X(path, "out_of_order", end.tcp[TCP_COUNT_OUT_OF_ORDER], INT, 7, T "OOO",		   \
	  "segments that came late but not again")						   \
	X(path, "duplicate_ack", end.tcp[TCP_COUNT_DUPLICATE_ACK], INT, 8, T "DUPA",		   \
	  "acks repeated, asking for a lost segment")						   \
	X(path, "lost_segment", end.tcp[TCP_COUNT_LOST_SEGMENT], INT, 8, T "HOLE",		   \
	  "holes in front of a segment")							   \
	X(path, "ack_lost_segment", end.tcp[TCP_COUNT_ACK_LOST_SEGMENT], INT, 9, T "AHOLE",	   \
	  "acks of data that was not captured")							   \
	X(path, "zero_window", end.tcp[TCP_COUNT_ZERO_WINDOW], INT, 8, T "ZWIN",		   \
	  "segments that closed the window")							   \
	X(path, "zero_window_probe", end.tcp[TCP_COUNT_ZERO_WINDOW_PROBE], INT, 8, T "ZPRB",	   \
	  "probes of a closed window")								   \
	X(path, "zero_window_probe_ack", end.tcp[TCP_COUNT_ZERO_WINDOW_PROBE_ACK], INT, 8,	   \
	  T "ZPRA", "answers to such probes")							   \
	X(path, "window_full", end.tcp[TCP_COUNT_WINDOW_FULL], INT, 8, T "FULL",		   \
	  "segments that filled the peer's window")						   \
	X(path, "window_update", end.tcp[TCP_COUNT_WINDOW_UPDATE], INT, 8, T "WUPD",		   \
	  "acks that only moved the window")							   \
	X(path, "keep_alive", end.tcp[TCP_COUNT_KEEP_ALIVE], INT, 8, T "KEEP",			   \
	  "keep-alive probes")									   \
	X(path, "keep_alive_ack", end.tcp[TCP_COUNT_KEEP_ALIVE_ACK], INT, 9, T "KEEPA",		   \
	  "answers to keep-alive probes")							   \
	X(path, "missing_bytes", end.missing_bytes, BYTES, 8, T "MISS",				   \
	  "bytes of gaps that were never filled")

#define FIELD_ROWS_SACK(X, path, sack, T)							   \
	X(path, "sacked_bytes", sack.sacked_bytes, BYTES, 10, T "SACKED",			   \
	  "payload that the peer had, by SACK, behind a hole")					   \
	X(path, "dsack", sack.dsack, INT, 9, T "DSACK",						   \
	  "segments that the peer had twice, by D-SACK")					   \
	X(path, "dsack_bytes", sack.dsack_bytes, BYTES, 11, T "DSACK B",			   \
	  "payload that the peer had twice, by D-SACK")						   \
	X(path, "needless_retransmission", sack.needless_retransmission, INT, 12,		   \
	  T "NEEDLESS", "segments sent again that acks or SACK had reported already")

#define FIELD_ROWS_WINDOW(X, path, window, T)							   \
	X(path, "min_bytes", window.min_bytes, BYTES, 9, T "WMIN",				   \
	  "smallest receive window that this end offered, scaled")				   \
	X(path, "max_bytes", window.max_bytes, BYTES, 9, T "WMAX",				   \
	  "largest receive window that this end offered, scaled")				   \
	X(path, "zero_ns", window.zero_ns, DURATION, 9, T "WZERO",				   \
	  "time that this end's window was closed")						   \
	X(path, "full_ns", window.full_ns, DURATION, 9, T "WFULL",				   \
	  "time that the peer had filled this end's window")

#define FIELD_ROWS_HALF(X, path, rtt, T)							   \
	X(path, "min", rtt.min, DURATION, 11, T "MIN RTT",					   \
	  "smallest round trip between the capture and this end")				   \
	X(path, "avg", rtt.avg, DURATION, 8, T "RTT",						   \
	  "average round trip between the capture and this end")				   \
	X(path, "max", rtt.max, DURATION, 11, T "MAX RTT",					   \
	  "largest round trip between the capture and this end")				   \
	X(path, "samples", rtt.samples, INT, 11, T "RTT CNT",					   \
	  "round trips measured between the capture and this end")

#define FIELD_ROWS_RTP(X, path, rtp, T)								   \
	X(path, "ssrc", rtp.ssrc, INT, 10, T "SSRC", "largest RTP stream's source")		   \
	X(path, "payload_type", rtp.payload_type, INT, 6, T "PT", "its last payload type")	   \
	X(path, "codec", rtp.codec, TEXT, 9, T "CODEC", "its codec, when the type tells")	   \
	X(path, "clock_hz", rtp.clock_hz, INT, 9, T "CLOCK", "its timestamps' clock")		   \
	X(path, "streams", rtp.streams, INT, 11, T "STREAMS", "RTP streams sent")		   \
	X(path, "packets", rtp.packets, INT, 8, T "RTP", "its packets that came")		   \
	X(path, "lost", rtp.lost, INT, 8, T "LOST",						   \
	  "its packets that never came; negative when some came twice")				   \
	X(path, "out_of_order", rtp.out_of_order, INT, 8, T "LATE",				   \
	  "its packets that came behind later ones")						   \
	X(path, "duplicates", rtp.duplicates, INT, 7, T "DUP", "its packets that came twice")	   \
	X(path, "jitter_ns", rtp.jitter_ns, DURATION, 10, T "JITTER",				   \
	  "its jitter at the end (RFC 3550 6.4.1)")						   \
	X(path, "jitter_max_ns", rtp.jitter_max_ns, DURATION, 14, T "MAX JITTER",		   \
	  "its largest jitter")

#define FIELD_ROWS_REORDERING(X, path, reordering, T)						   \
	X(path, "packets", reordering.packets, INT, 10, T "REORD",				   \
	  "packets that came behind later ones, but not again (RFC 4737; TCP, RTP)")		   \
	X(path, "ratio_ppm", reordering.ratio_ppm, INT, 14, T "REORD PPM",			   \
	  "of a million packets so many came behind later ones")				   \
	X(path, "max_extent", reordering.extent_max, INT, 14, T "REORD EXT",			   \
	  "most packets that one of them came too late")					   \
	X(path, "three_or_more", reordering.triple, INT, 12, T "REORD 3",			   \
	  "those right behind three later ones: TCP would send them again")

#define FIELD_ROWS_SCTP(X, path, sctp, T)							   \
	X(path, "tag", sctp.tag, INT, 10, T "VTAG", "tag that SCTP packets to this end carry")	   \
	X(path, "streams_out", sctp.streams_out, INT, 9, T "S OUT",				   \
	  "SCTP streams that this end wants to send on")					   \
	X(path, "streams_in", sctp.streams_in, INT, 9, T "S IN",				   \
	  "SCTP streams that this end takes at most")						   \
	X(path, "data_chunks", sctp.data_chunks, INT, 10, T "CHUNKS", "SCTP data chunks sent")	   \
	X(path, "addresses", sctp.addresses, LIST, 15, T "ADDRS",				   \
	  "addresses of this end, as its INIT lists them")

#define FIELD_ROWS_PROCESS(X, path, process, T)							   \
	X(path, "pid", process.pid, INT, 7, T "PID", "process")					   \
	X(path, "tid", process.tid, INT, 7, T "TID", "thread")					   \
	X(path, "name", process.name, TEXT, 15, T "PROCESS", "process name")			   \
	X(path, "exe", process.exe, TEXT, 24, T "EXE", "program file")				   \
	X(path, "cmdline", process.cmdline, TEXT, 24, T "COMMAND", "its arguments")		   \
	X(path, "ppid", process.ppid, INT, 8, T "PPID", "parent process")			   \
	X(path, "parents", process.parents, TEXT, 24, T "PARENTS",				   \
	  "parent, its parent and so on, as far as they are known")				   \
	X(path, "uid", process.uid, INT, 7, T "UID", "user id")					   \
	X(path, "user", process.user, TEXT, 9, T "USER", "user name")				   \
	X(path, "cgroup_id", process.cgroup, INT, 10, T "CGROUP", "cgroup v2 id")		   \
	X(path, "cgroup", process.cgroup_path, TEXT, 24, T "CGROUP PATH", "path of the cgroup")	   \
	X(path, "container", process.container, TEXT, 19, T "CONTAINER",			   \
	  "who made the container, and its id: docker:0123456789ab")				   \
	X(path, "pod", process.pod, TEXT, 36, T "POD", "Kubernetes pod, by its uid")		   \
	X(path, "netns", process.netns, INT, 10, T "NETNS", "network namespace inode")		   \
	X(path, "netns_name", process.netns_name, TEXT, 14, T "NETNS NAME",			   \
	  "its name under /run/netns")								   \
	X(path, "fd", process.fd, INT, 6, T "FD", "file descriptor")				   \
	X(path, "owners", process.owners, INT, 10, T "OWNERS",					   \
	  "processes that used the socket")							   \
	X(path, "match", process.match, MATCH, 9, T "MATCH", "how sure the process is")		   \
	X(path, "reason", process.reason, REASON, 9, T "WHY", "why there is no process")

#define FIELD_ROWS_LEDGER(X, path, ledger, T)							   \
	X(path, "written_bytes", ledger.written, BYTES, 9, T "WROTE",				   \
	  "bytes that the application gave to the socket")					   \
	X(path, "queued_bytes", ledger.queued, BYTES, 10, T "QUEUED",				   \
	  "bytes written and not sent yet")							   \
	X(path, "sent_bytes", ledger.sent, BYTES, 8, T "SENT",					   \
	  "bytes that left the socket, each once")						   \
	X(path, "retransmitted_bytes", ledger.retransmitted, BYTES, 9, T "AGAIN",		   \
	  "bytes that left the socket once more")						   \
	X(path, "in_flight_bytes", ledger.in_flight, BYTES, 10, T "FLIGHT",			   \
	  "bytes sent and not acknowledged yet")						   \
	X(path, "acked_bytes", ledger.acked, BYTES, 9, T "ACKED",				   \
	  "bytes that the peer acknowledged")							   \
	X(path, "lost_to_reset_bytes", ledger.lost, BYTES, 10, T "LOST B",			   \
	  "bytes written that were not acknowledged when the connection was gone")		   \
	X(path, "arrived_bytes", ledger.arrived, BYTES, 8, T "ARRV",				   \
	  "bytes that arrived at the socket")							   \
	X(path, "unread_bytes", ledger.unread, BYTES, 10, T "UNREAD",				   \
	  "bytes that arrived and were not read")						   \
	X(path, "read_bytes", ledger.read, BYTES, 8, T "READ",					   \
	  "bytes that the application took")

#define FIELD_ROWS_SEQ(X, path, seq, T)								   \
	X(path, "first", seq.first, INT, 13, T "SEQ FIRST",					   \
	  "sequence number of the first byte, by frames")					   \
	X(path, "next", seq.next, INT, 12, T "SEQ NEXT", "end of what was seen, by frames")	   \
	X(path, "write_seq", seq.write_seq, INT, 13, T "WRITE SEQ",				   \
	  "end of what was written, by the socket")						   \
	X(path, "snd_nxt", seq.snd_nxt, INT, 11, T "SND NXT",					   \
	  "end of what was sent, by the socket")						   \
	X(path, "snd_una", seq.snd_una, INT, 11, T "SND UNA",					   \
	  "end of what was acknowledged, by the socket")					   \
	X(path, "rcv_nxt", seq.rcv_nxt, INT, 11, T "RCV NXT",					   \
	  "end of what arrived in order, by the socket")					   \
	X(path, "copied_seq", seq.copied_seq, INT, 14, T "COPIED SEQ",				   \
	  "end of what was read, by the socket")

#define FIELD_ROWS_DELAY(X, path, delay, T)							   \
	X(path, "connect", delay.connect, DURATION, 11, T "CONNECT",				   \
	  "from the call to connect, or the first SYN, to the connection")			   \
	X(path, "accept", delay.accept, DURATION, 10, T "ACCEPT",				   \
	  "from the connection to accept's return (calls level)")				   \
	X(path, "send_avg", delay.send_avg, DURATION, 8, T "SEND",				   \
	  "from a call that sends to its first frame, on average (calls level)")		   \
	X(path, "send_max", delay.send_max, DURATION, 12, T "MAX SEND", "the same, at most")	   \
	X(path, "read_avg", delay.read_avg, DURATION, 12, T "READ LAG",				   \
	  "from a frame's arrival to the call that read it, on average (calls level)")		   \
	X(path, "read_max", delay.read_max, DURATION, 12, T "MAX READ", "the same, at most")	   \
	X(path, "think_avg", delay.think_avg, DURATION, 9, T "THINK",				   \
	  "from a request's last byte in to the reply's first byte out, on average")		   \
	X(path, "think_max", delay.think_max, DURATION, 13, T "MAX THINK",			   \
	  "the same, at most")									   \
	X(path, "thinks", delay.thinks, INT, 10, T "THINKS", "replies that were so timed")

#define FIELD_ROWS_COURSE(X)									   \
	X("", "originator", originator, ORIGIN, 7, "BY", "how the originator was found")	   \
	X("", "state", state, WORD, 6, "STATE", "connection state in Zeek's words")		   \
	X("", "history", history, WORD, 12, "HISTORY", "what was sent, in Zeek's letters")	   \
	X("", "end_reason", end_reason, WORD, 5, "ENDED", "why the flow ended")			   \
	X("", "problem", problem, WORD, 13, "PROBLEM", "the worst that is wrong with it")

#define FIELD_OBJECTS_FLOW(Y, X, row)								   \
	FIELD_OBJECTS_ICMP(Y, X, row)								   \
	FIELD_OBJECTS_APP(Y, X, row)								   \
	FIELD_OBJECTS_RTT(Y, X, row)								   \
	FIELD_OBJECTS_QUIC(Y, X, row)								   \
	FIELD_OBJECTS_VERDICT(Y, X, row)

#define FIELD_OBJECTS_ICMP(Y, X, row)								   \
	Y(X, FIELD_ROWS_ICMP, "", "icmp", row icmp)
#define FIELD_OBJECTS_APP(Y, X, row)								   \
	Y(X, FIELD_ROWS_MPTCP, "", "mptcp", row mptcp)						   \
	Y(X, FIELD_ROWS_ASSOCIATION, "", "sctp", row sctp)					   \
	Y(X, FIELD_ROWS_HTTP, "", "http_transactions", row http)				   \
	Y(X, FIELD_ROWS_DNS, "", "dns", row dns)
#define FIELD_OBJECTS_RTT(Y, X, row)								   \
	Y(X, FIELD_ROWS_RTT, "", "rtt_ns", row rtt_ns)
#define FIELD_OBJECTS_QUIC(Y, X, row)								   \
	Y(X, FIELD_ROWS_QUIC, "", "quic_rtt_ns", row quic_rtt_ns)
#define FIELD_OBJECTS_VERDICT(Y, X, row)							   \
	Y(X, FIELD_ROWS_VERDICT, "", "verdict", row verdict)

#define FIELD_ROWS_ICMP(X, path, icmp)								   \
	X(path, "type", icmp##_type, INT, 5, "ITYPE", "ICMP type")				   \
	X(path, "code", icmp##_code, INT, 5, "ICODE", "ICMP code")				   \
	X(path, "errors", icmp##_errors, INT, 5, "IERR", "ICMP errors about this flow")

#define FIELD_ROWS_MPTCP(X, path, mptcp)							   \
	X(path, "token", mptcp##_token, INT, 10, "MPTCP",					   \
	  "token of the responder, or of whom this subflow joins")				   \
	X(path, "parent", mptcp##_parent, WORD, 16, "PARENT",					   \
	  "id of the flow whose connection this subflow joined")

#define FIELD_ROWS_ASSOCIATION(X, path, sctp)							   \
	X(path, "state", sctp##_state, WORD, 11, "SCTP",					   \
	  "SCTP association: handshake, established, closing, closed, aborted")			   \
	X(path, "parent", sctp##_parent, WORD, 16, "SCTP PARENT",				   \
	  "first flow of its association, when this is another path of it")

#define FIELD_ROWS_HTTP(X, path, http)								   \
	X(path, "requests", http.requests, INT, 8, "HTTP REQ", "HTTP requests")			   \
	X(path, "responses", http.responses, INT, 8, "HTTP RSP",				   \
	  "HTTP responses, but interim ones")							   \
	X(path, "unanswered", http.unanswered, INT, 7, "HTTP NO",				   \
	  "HTTP requests without a response")							   \
	X(path, "last_status", http.last_status, INT, 8, "HTTP STA",				   \
	  "status of the last HTTP response")							   \
	X(path, "delay_min_ns", http.delay_min_ns, DURATION, 8, "HTTP MIN",			   \
	  "quickest HTTP response")								   \
	X(path, "delay_avg_ns", http.delay_avg_ns, DURATION, 8, "HTTP AVG",			   \
	  "average time from the end of a request to its response")				   \
	X(path, "delay_max_ns", http.delay_max_ns, DURATION, 8, "HTTP MAX",			   \
	  "slowest HTTP response")

#define FIELD_ROWS_DNS(X, path, dns)								   \
	X(path, "queries", dns.queries, INT, 5, "DNS Q", "DNS queries in datagrams")		   \
	X(path, "answers", dns.answers, INT, 5, "DNS A", "DNS responses")			   \
	X(path, "unanswered", dns.unanswered, INT, 6, "DNS NO", "queries without a response")	   \
	X(path, "rcode", dns.rcode, INT, 5, "RCODE", "code of the last response: 0 = no error")	   \
	X(path, "delay_min_ns", dns.delay_min_ns, DURATION, 7, "DNS MIN",			   \
	  "quickest response")									   \
	X(path, "delay_avg_ns", dns.delay_avg_ns, DURATION, 7, "DNS AVG",			   \
	  "average time from query to response")						   \
	X(path, "delay_max_ns", dns.delay_max_ns, DURATION, 7, "DNS MAX", "slowest response")

#define FIELD_ROWS_RTT(X, path, rtt)								   \
	X(path, "handshake", rtt.handshake, DURATION, 6, "HS RTT",				   \
	  "round trip of the handshake")							   \
	X(path, "min", rtt.min, DURATION, 7, "MIN RTT", "smallest round trip")			   \
	X(path, "avg", rtt.avg, DURATION, 6, "RTT", "average round trip")			   \
	X(path, "max", rtt.max, DURATION, 7, "MAX RTT", "largest round trip")			   \
	X(path, "samples", rtt.samples, INT, 7, "RTT CNT", "round trips measured")

#define FIELD_ROWS_QUIC(X, path, rtt)								   \
	X(path, "min", rtt.min, DURATION, 8, "QUIC MIN",					   \
	  "smallest round trip by QUIC's spin bit")						   \
	X(path, "avg", rtt.avg, DURATION, 8, "QUIC RTT",					   \
	  "average round trip by QUIC's spin bit")						   \
	X(path, "max", rtt.max, DURATION, 8, "QUIC MAX",					   \
	  "largest round trip by QUIC's spin bit")						   \
	X(path, "samples", rtt.samples, INT, 8, "QUIC CNT",					   \
	  "round trips seen by QUIC's spin bit")

#define FIELD_ROWS_VERDICT(X, path, verdict)							   \
	X(path, "waits_for", verdict.waits_for, WORD, 9, "WAITS FOR",				   \
	  "what had most of the time: app, peer, receiver, network, unknown")			   \
	X(path, "evidence", verdict.evidence, WORD, 14, "EVIDENCE",				   \
	  "why: silent, unread, window_closed, loss, in_transit, accept_queue_full, ...")	   \
	X(path, "app_ns", verdict.app_ns, DURATION, 6, "APP T",					   \
	  "time that waited for the local application")						   \
	X(path, "receiver_ns", verdict.receiver_ns, DURATION, 6, "RCV T",			   \
	  "time that waited for an end to read: window closed, queue unread")			   \
	X(path, "network_ns", verdict.network_ns, DURATION, 6, "NET T",				   \
	  "time that data or acks were on their way")						   \
	X(path, "peer_ns", verdict.peer_ns, DURATION, 6, "PEER T",				   \
	  "time that waited for the other end's application")					   \
	X(path, "unknown_ns", verdict.unknown_ns, DURATION, 6, "UNK T",				   \
	  "time that nothing tells the cause of")						   \
	X(path, "loss_ns", verdict.loss_ns, DURATION, 6, "LOSS T",				   \
	  "of the network's time: until something was sent again")

#define FIELD_ROWS_TAGS(X)									   \
	X("", "app", app, WORD, 6, "APP", "application protocol")				   \
	X("", "interface", interface, TEXT, 9, "INTERFACE", "where it was captured")		   \
	X("", "vlan", vlan, VLANS, 5, "VLAN", "VLAN ids, outermost first")			   \
	X("", "tunnel", tunnel, TUNNELS, 16, "TUNNEL", "tunnels, outermost first")

struct field {
	const char *name;  /* dotted path in the flow record: "src.tcp.retransmission" */
	const char *title; /* short column title: "SRC RETX" */
	const char *help;  /* one sentence */
	uint16_t offset;   /* in struct flow_row */
	uint8_t type;	   /* enum field_type */
	uint8_t width;	   /* columns it usually needs; never less than the title */
};

/* The table, in the order of the flow record; *count is set. */
const struct field *fields(unsigned *count);

/* By dotted or underscored name; NULL when there is none. */
const struct field *field_find(const char *name);
const struct field *field_among(const struct field *table, unsigned count, const char *name);

/*
 * In what follows `row` is of the struct whose table the field is in: struct flow_row, or one of
 * flow/rows/socket_row.h. Each begins with its 64-bit id.
 */

/* An int64_t of the row that reports write as a plain number. */
static inline bool field_is_integer(const struct field *f)
{
	return f->type <= FIELD_DURATION;
}

static inline bool field_is_text(const struct field *f)
{
	return f->type >= FIELD_WORD && f->type <= FIELD_LIST;
}

/* Where the field's value lies in the row. */
static inline const void *field_at(const struct field *f, const void *row)
{
	return (const char *)row + f->offset;
}

/* The text of a field that is one; "" when absent. */
const char *field_chars(const struct field *f, const void *row);

/* false when the row does not know this field. */
bool field_present(const struct field *f, const void *row);

/*
 * An integer for sorting and comparing (addresses and texts give 0; vlans the outermost id,
 * tunnels the outermost kind, then id); ROW_ABSENT when absent.
 */
int64_t field_int(const struct field *f, const void *row);

/*
 * Text as a report writes it (exact numbers, RFC 3339 times) or, with `human`, as a screen shows
 * it (units). NUL-terminated in out[cap]; returns its length; "" when absent. What does not fit is
 * cut at a whole character; FIELD_TEXT_MAX always fits.
 */
size_t field_text(const struct field *f, const void *row, bool human, char *out, size_t cap);
enum { FIELD_TEXT_MAX = ROW_TEXTS_MAX };

/* Order of two rows by one field, absent last; ties by id, so that a sort is total. */
int field_compare(const struct field *f, const void *a, const void *b);

#endif
