/* SPDX-License-Identifier: MIT
 *
 * connect() and how it ends. A state change tells of what TCP tried and who gave up; the call's own
 * return (returns.bpf.c), where it can be seen, tells of what never left the machine: no route, no
 * address. Else such an attempt is noticed when the socket is used for something else or closed,
 * and its error stays unknown.
 */
#ifndef SOCKLENS_BPF_ATTEMPT_BPF_H
#define SOCKLENS_BPF_ATTEMPT_BPF_H

#include "bpf/sock.bpf.h"

/* The entry's record as it is, but for the remote end. */
static __always_inline void send_failed(struct sock_entry *e, const __u8 addr[16], __u16 port,
					__u32 error)
{
	struct sock_event *ev;

	e->attempt = ATTEMPT_NONE;
	if (error)
		e->ev.totals.error = error;
	ev = event_new(e, SOCK_EVENT_FAILED);
	if (!ev)
		return;
	__builtin_memcpy(ev->remote, addr, sizeof(ev->remote));
	ev->remote_port = port;
	ev->totals.error = error;
	bpf_ringbuf_submit(ev, ring_wakeup());
}

static __always_inline void attempt_failed(struct sock_entry *e, __u32 error)
{
	send_failed(e, e->peer, e->peer_port, error);
}

/* Inside connect(), before anything else happens. The last peer's place is used for the address. */
static __always_inline void attempt_begins(struct sock_entry *e, const __u8 addr[16], __u16 port)
{
	if (e->attempt == ATTEMPT_PENDING)
		attempt_failed(e, 0);
	__builtin_memcpy(e->peer, addr, sizeof(e->peer));
	e->peer_port = port;
	e->attempt = ATTEMPT_PENDING;
}

/* EINPROGRESS and its like only mean that the end is not known yet. */
static __always_inline bool is_failure_to_connect(long ret)
{
	return ret < 0 && ret > -ERESTARTSYS && ret != -EINPROGRESS && ret != -EALREADY &&
	       ret != -EISCONN && ret != -EAGAIN && ret != -EINTR;
}

/*
 * TCP gave up before the connection came about. Without an error it was either the program that
 * closed the socket, or connect() itself that found no port.
 */
static __always_inline __u32 error_of_attempt(struct sock *sk)
{
	if (sk->sk_err)
		return sk->sk_err;
	return sk->sk_shutdown == SHUTDOWN_MASK ? ECANCELED : EADDRNOTAVAIL;
}

#endif
