/* SPDX-License-Identifier: MIT */
#include "bpf/calls.h"

#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>

#include "bpf/probe.h"

/* Newer machines have only the newer ones of some calls; and some of our names are no calls. */
#define NO_NUMBER (~0u)
#ifndef SYS_poll
#define SYS_poll NO_NUMBER
#endif
#ifndef SYS_select
#define SYS_select NO_NUMBER
#endif
#ifndef SYS_epoll_wait
#define SYS_epoll_wait NO_NUMBER
#endif
#ifndef SYS_dup2
#define SYS_dup2 NO_NUMBER
#endif
#ifndef SYS_accept
#define SYS_accept NO_NUMBER
#endif
#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#define SYS_none NO_NUMBER
#define SYS_async_send NO_NUMBER
#define SYS_async_recv NO_NUMBER

static const struct call_row {
	const char *name;
	unsigned nr; /* on this architecture */
} rows[CALL_COUNT] = {
#define X(id, name, about, fd) [CALL_##id] = {#name, SYS_##name},
	CALL_ROWS(X)
#undef X
};

/* What accounting without sock_send_length (plan S) counts by their results. */
static const uint8_t counted[] = {
	CALL_SOCKET, CALL_BIND,	   CALL_LISTEN,	 CALL_CONNECT, CALL_ACCEPT,  CALL_ACCEPT4,
	CALL_SENDTO, CALL_SENDMSG, CALL_SENDMMSG, CALL_RECVFROM, CALL_RECVMSG, CALL_RECVMMSG,
	CALL_READ,   CALL_READV,   CALL_WRITE,	 CALL_WRITEV,  CALL_SHUTDOWN, CALL_SETSOCKOPT,
	CALL_CLOSE,
};

/* After these a thread may have another name or user. */
static const unsigned renaming[] = {
	SYS_execve, SYS_execveat, SYS_prctl, SYS_setuid, SYS_setreuid, SYS_setresuid,
};

const char *sock_call_name(enum sock_call call)
{
	return (unsigned)call < CALL_COUNT ? rows[call].name : "unknown";
}

static void set_number(uint8_t *call_of_nr, unsigned max, unsigned call)
{
	if (rows[call].nr < max)
		call_of_nr[rows[call].nr] = (uint8_t)call;
}

void calls_by_number(uint8_t *call_of_nr, unsigned max)
{
	for (unsigned call = CALL_NONE + 1; call < CALL_COUNT; call++)
		set_number(call_of_nr, max, call);
	for (unsigned i = 0; i < sizeof(renaming) / sizeof(*renaming); i++)
		if (renaming[i] < max)
			call_of_nr[renaming[i]] = CALL_COUNT;
}

void calls_counted_by_number(uint8_t *call_of_nr, unsigned max)
{
	for (unsigned i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
		set_number(call_of_nr, max, counted[i]);
}
