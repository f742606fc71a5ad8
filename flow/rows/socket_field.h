/* SPDX-License-Identifier: MIT
 *
 * The fields of a socket row and of a usage row (flow/rows/socket_row.h), one table row each, in
 * the shape of flow/rows/field.h: its functions read them, given a row of the table's own struct.
 */
#ifndef SOCKLENS_FLOW_SOCKET_FIELD_H
#define SOCKLENS_FLOW_SOCKET_FIELD_H

#include "flow/rows/field.h"
#include "flow/rows/socket_row.h"

#define SOCKET_FIELD_ROWS(X)                                                                       \
	X("", "id", id, ID, 16, "ID", "identity of the socket in this run")                      \
	X("", "cookie", cookie, INT, 8, "COOKIE", "the kernel's name for the socket")            \
	X("", "family", family, TEXT, 7, "FAMILY", "address family")                             \
	X("", "socket_type", type, TEXT, 6, "TYPE", "stream, datagram, ...")                     \
	X("", "proto", proto, TEXT, 5, "PROTO", "transport protocol")                            \
	X("", "state", state, TEXT, 11, "STATE", "listen, established, ..., closed, failed")             \
	X("", "start", start_ns, TIME, 15, "START",                                              \
	  "when it was made; absent: before the probe")                                            \
	X("", "start_ns", start_ns, INT, 19, "START NS", "the same in ns since 1970")            \
	X("", "end_ns", end_ns, INT, 19, "END NS", "when it was closed, ns since 1970")          \
	X("", "duration_ns", duration_ns, DURATION, 6, "AGE", "how long it lived, or lives")     \
	SOCKET_FIELD_ROWS_END(X, local, "LOCAL ", "this side")                                     \
	SOCKET_FIELD_ROWS_END(X, remote, "REMOTE ", "the other side")                              \
	FIELD_ROWS_PROCESS(X, "process.", process, "")                                           \
	X("", "users", owners, OWNERS, 16, "USED BY", "all who used it, and when")               \
	X("peer.", "pid", peer.pid, INT, 8, "PEER PID", "process at the other end")              \
	X("peer.", "name", peer.name, TEXT, 15, "PEER", "its name")                              \
	X("", "peers", peers, INT, 5, "PEERS", "further remote ends that it used")               \
	X("", "flows", flows, INT, 5, "FLOWS", "flow ends that are its own")                     \
	X("io.", "written_bytes", io.written_bytes, BYTES, 8, "WROTE", "bytes given to it")      \
	X("io.", "read_bytes", io.read_bytes, BYTES, 8, "READ", "bytes taken from it")           \
	X("io.", "write_calls", io.write_calls, INT, 8, "W CALLS", "calls that wrote")           \
	X("io.", "read_calls", io.read_calls, INT, 8, "R CALLS", "calls that read")              \
	X("io.", "write_errors", io.write_errors, INT, 5, "W ERR", "such that failed")           \
	X("io.", "read_errors", io.read_errors, INT, 5, "R ERR", "such that failed")             \
	X("io.", "written_bps", io.written_bps, BITRATE, 8, "W RATE", "bits a second written")   \
	X("io.", "read_bps", io.read_bps, BITRATE, 8, "R RATE", "bits a second read")            \
	X("queue.", "unread_bytes", queue.unread_bytes, BYTES, 8, "UNREAD", "arrived, not read") \
	X("queue.", "unsent_bytes", queue.unsent_bytes, BYTES, 8, "UNSENT", "written, not sent") \
	X("queue.", "backlog", queue.backlog, INT, 7, "BACKLOG", "connections not accepted yet") \
	X("queue.", "backlog_max", queue.backlog_max, INT, 6, "BL MAX", "room for such")         \
	X("tcp.", "acked_bytes", tcp.acked_bytes, BYTES, 8, "ACKED", "bytes the peer has")       \
	X("tcp.", "arrived_bytes", tcp.arrived_bytes, BYTES, 8, "ARRV", "bytes that arrived")    \
	X("tcp.", "retransmits", tcp.retransmits, INT, 5, "RETX", "segments sent again")         \
	X("tcp.", "srtt_ns", tcp.srtt_ns, DURATION, 6, "SRTT", "the kernel's round-trip time")   \
	X("", "drops", drops, INT, 5, "DROPS", "packets that its full receive queue refused")    \
	X("", "failures", failures, INT, 6, "FAILED",                                            \
	  "attempts to connect that failed, datagrams that were refused")                          \
	X("", "error", error, TEXT, 12, "ERROR", "the last call that failed, by name")

#define SOCKET_FIELD_ROWS_END(X, end, T, who)                                                      \
	X(#end ".", "address", end.address, TEXT, 22, T "ADDRESS",                               \
	  "address and port, or path, of " who)                                                    \
	X(#end ".", "ip", end.ip, TEXT, 15, T "IP", "IP address of " who)                        \
	X(#end ".", "port", end.port, INT, 11, T "PORT", "port of " who)                         \
	X(#end ".", "path", end.path, TEXT, 16, T "PATH", "path or @name of " who " (Unix)")

#define USAGE_FIELD_ROWS(X)                                                                        \
	X("", "id", id, ID, 16, "ID", "identity of the process in this run")                     \
	FIELD_ROWS_PROCESS(X, "process.", process, "")                                           \
	X("", "start", start_ns, TIME, 15, "START", "when the process began")                    \
	X("", "start_ns", start_ns, INT, 19, "START NS", "the same in ns since 1970")            \
	X("", "last_ns", last_ns, INT, 19, "LAST NS", "when it last used a socket")              \
	X("", "sockets", sockets, INT, 7, "SOCKETS", "sockets that it has open")                 \
	X("", "listeners", listeners, INT, 6, "LISTEN", "of them listening")                     \
	X("", "sockets_ever", sockets_ever, INT, 8, "EVER", "sockets that it has used")          \
	X("", "flows", flows, INT, 6, "FLOWS", "flow ends that are its own")                     \
	X("", "written_bytes", written_bytes, BYTES, 8, "WROTE", "bytes given to its sockets")   \
	X("", "read_bytes", read_bytes, BYTES, 8, "READ", "bytes taken from them")               \
	X("", "written_bps", written_bps, BITRATE, 8, "W RATE", "bits a second written")         \
	X("", "read_bps", read_bps, BITRATE, 8, "R RATE", "bits a second read")                  \
	X("", "sent_bytes", sent_bytes, BYTES, 8, "SENT", "frame bytes that its flows sent")     \
	X("", "received_bytes", received_bytes, BYTES, 8, "RECV",                                \
	  "frame bytes that came to them")                                                         \
	X("", "unread_bytes", unread_bytes, BYTES, 8, "UNREAD", "arrived, not read")             \
	X("", "unsent_bytes", unsent_bytes, BYTES, 8, "UNSENT", "written, not sent")             \
	X("", "errors", errors, INT, 6, "ERRORS", "calls that failed")                           \
	X("", "failures", failures, INT, 6, "FAILED", "connections that could not be made")      \
	X("", "drops", drops, INT, 5, "DROPS", "packets that full receive queues refused")       \
	X("", "retransmits", retransmits, INT, 5, "RETX", "segments sent again")

/* The tables, in the order of the records; *count is set. */
const struct field *socket_fields(unsigned *count);
const struct field *usage_fields(unsigned *count);

/* By dotted or underscored name; NULL when there is none. */
const struct field *socket_field_find(const char *name);
const struct field *usage_field_find(const char *name);

#endif
