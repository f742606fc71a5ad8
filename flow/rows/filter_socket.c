/* SPDX-License-Identifier: MIT
 *
 * Filters of socket rows and of process rows: short names, and where a bare word is looked for.
 */
#include "flow/rows/filter.h"
#include "flow/rows/socket_field.h"

#define BOTH(leaf) "local." leaf " remote." leaf

static const struct filter_alias of_sockets[] = {
	{"ip", BOTH("ip"), "address of either side", ALIAS_ANY},
	{"port", BOTH("port"), "port of either side", ALIAS_ANY},
	{"path", BOTH("path"), "path of either side", ALIAS_ANY},
	{"type", "socket_type", "stream, datagram, ...", ALIAS_ANY},
	{"name", "process.name", "process name", ALIAS_ANY},
	{"process", "process.name", "the same", ALIAS_ANY},
	{"exe", "process.exe", "program file", ALIAS_ANY},
	{"pid", "process.pid", "process", ALIAS_ANY},
	{"uid", "process.uid", "user id", ALIAS_ANY},
	{"user", "process.user", "user name", ALIAS_ANY},
	{"container", "process.container", "container", ALIAS_ANY},
	{"bytes", "io.written_bytes io.read_bytes", "bytes written and read", ALIAS_SUM},
	{"rate", "io.written_bps io.read_bps", "bits a second written and read", ALIAS_SUM},
	{"unread", "queue.unread_bytes", "arrived, not read", ALIAS_ANY},
	{"unsent", "queue.unsent_bytes", "written, not sent", ALIAS_ANY},
	{"rtt", "tcp.srtt_ns", "the kernel's round-trip time", ALIAS_ANY},
	{"retx", "tcp.retransmits", "segments sent again", ALIAS_ANY},
	{0},
};

static const struct filter_alias of_processes[] = {
	{"name", "process.name", "process name", ALIAS_ANY},
	{"process", "process.name", "the same", ALIAS_ANY},
	{"exe", "process.exe", "program file", ALIAS_ANY},
	{"pid", "process.pid", "process", ALIAS_ANY},
	{"uid", "process.uid", "user id", ALIAS_ANY},
	{"user", "process.user", "user name", ALIAS_ANY},
	{"container", "process.container", "container", ALIAS_ANY},
	{"bytes", "written_bytes read_bytes", "bytes written and read", ALIAS_SUM},
	{"rate", "written_bps read_bps", "bits a second written and read", ALIAS_SUM},
	{"retx", "retransmits", "segments sent again", ALIAS_ANY},
	{0},
};

#define PROCESS_WORDS "process.name process.exe process.pid process.user process.container"

const struct filter_table socket_filter_table = {
	.fields = socket_fields,
	.find = socket_field_find,
	.aliases = of_sockets,
	.words = PROCESS_WORDS
	" family socket_type proto state " BOTH("ip") " " BOTH("port") " " BOTH("path"),
};

const struct filter_table process_filter_table = {
	.fields = usage_fields,
	.find = usage_field_find,
	.aliases = of_processes,
	.words = PROCESS_WORDS,
};
