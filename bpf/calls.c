/* SPDX-License-Identifier: MIT */
#include "bpf/calls.h"

#include <stddef.h>
#include <sys/syscall.h>

#include "bpf/probe.h"

static const struct call_row {
	const char *name;
	unsigned nr; /* on this architecture */
} rows[CALL_COUNT] = {
	[CALL_NONE] = {"none", ~0u},
	[CALL_SOCKET] = {"socket", SYS_socket},
	[CALL_BIND] = {"bind", SYS_bind},
	[CALL_LISTEN] = {"listen", SYS_listen},
	[CALL_CONNECT] = {"connect", SYS_connect},
	[CALL_ACCEPT] = {"accept", SYS_accept},
	[CALL_ACCEPT4] = {"accept4", SYS_accept4},
	[CALL_SENDTO] = {"sendto", SYS_sendto},
	[CALL_SENDMSG] = {"sendmsg", SYS_sendmsg},
	[CALL_SENDMMSG] = {"sendmmsg", SYS_sendmmsg},
	[CALL_RECVFROM] = {"recvfrom", SYS_recvfrom},
	[CALL_RECVMSG] = {"recvmsg", SYS_recvmsg},
	[CALL_RECVMMSG] = {"recvmmsg", SYS_recvmmsg},
	[CALL_READ] = {"read", SYS_read},
	[CALL_READV] = {"readv", SYS_readv},
	[CALL_WRITE] = {"write", SYS_write},
	[CALL_WRITEV] = {"writev", SYS_writev},
	[CALL_SHUTDOWN] = {"shutdown", SYS_shutdown},
	[CALL_SETSOCKOPT] = {"setsockopt", SYS_setsockopt},
	[CALL_CLOSE] = {"close", SYS_close},
};

const char *sock_call_name(enum sock_call call)
{
	return (unsigned)call < CALL_COUNT ? rows[call].name : "unknown";
}

void calls_by_number(uint8_t *call_of_nr, unsigned max)
{
	for (unsigned call = CALL_NONE + 1; call < CALL_COUNT; call++)
		if (rows[call].nr < max)
			call_of_nr[rows[call].nr] = (uint8_t)call;
}
