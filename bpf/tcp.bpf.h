/* SPDX-License-Identifier: MIT
 *
 * The life of a TCP socket, the same in every plan: the programs on its two tracepoints.
 *
 * Both may run in softirq, where "current" is whoever was interrupted: an owner is taken only on
 * the transitions that a system call makes (to SYN_SENT by connect, to LISTEN by listen).
 */
#ifndef SOCKLENS_BPF_TCP_BPF_H
#define SOCKLENS_BPF_TCP_BPF_H

#include "bpf/attempt.bpf.h"
#include "bpf/follow.bpf.h"
#include "bpf/info.bpf.h"
#include "bpf/listener.bpf.h"

/* connect(): the port is still 0 here, so this opens the entry if nothing did, and names the user. */
static __always_inline void tcp_connecting(struct sock *sk)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 cookie = cookie_of(sk);
	struct sock_entry *e = entry_get(cookie);

	if (!e) {
		entry_open(sk, cookie, task, SOCK_EVENT_OPEN);
		return;
	}
	e->attempt = ATTEMPT_NONE; /* from here on states tell */
	fill_identity(&e->ev, sk);
	fill_addresses(e, sk);
	entry_used_by(e, task);
	/* It may have been connected before: TCP counts anew. */
	e->ev.totals.acked_bytes = e->ev.totals.received_bytes = 0;
}

static __always_inline void tcp_listening(struct sock *sk)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 cookie = cookie_of(sk);
	struct sock_entry *e = entry_get(cookie);

	if (!e)
		e = entry_open(sk, cookie, task, SOCK_EVENT_OPEN);
	if (!e)
		return;
	fill_identity(&e->ev, sk);
	/* The tracepoint comes before the store. */
	e->ev.tcp_state = TCP_LISTEN;
	e->ev.flags |= SOCK_FLAG_LISTENER;
	fill_addresses(e, sk);
	entry_used_by(e, task);
	listener_add(e);
	event_send(e, SOCK_EVENT_ADDRESS);
}

/* Who called listen() is the best guess until a process uses the connection itself. */
static __always_inline void copy_owner(struct sock_event *to, const struct sock_event *from)
{
	to->pid = from->pid;
	to->tid = from->tid;
	to->uid = from->uid;
	to->cgroup = from->cgroup;
	__builtin_memcpy(to->comm, from->comm, sizeof(to->comm));
	to->flags |= SOCK_FLAG_PROVISIONAL;
}

/* Here no process is at work: who listens must be in scope, or any process be. */
static __always_inline bool is_accepted_in_scope(const struct sock_event *ev,
						 const struct sock_entry *listener)
{
	if (scope_has_process_kinds() && !listener)
		return false;
	return scope_has_netns(ev->netns) && scope_has_ports(ev->local_port, ev->remote_port);
}

static __always_inline void tcp_accepted(struct sock *sk)
{
	__u64 cookie = cookie_of(sk);
	struct sock_entry *e, *listener;

	/* With fast open a process may have read before the handshake was over. */
	if (entry_get(cookie))
		return;
	e = entry_new(cookie);
	if (!e)
		return;
	fill_identity(&e->ev, sk);
	fill_addresses(e, sk);
	e->ev.tcp_state = TCP_ESTABLISHED;
	e->ev.flags |= SOCK_FLAG_PASSIVE;
	listener = listener_of(&e->ev);
	if (!is_accepted_in_scope(&e->ev, listener)) {
		entry_free(e);
		return;
	}
	if (listener)
		copy_owner(&e->ev, &listener->ev);
	event_send(e, SOCK_EVENT_OPEN);
}

/* The ports and addresses of a connection attempt, whether it came about or failed. */
static __always_inline void tcp_connected(struct sock *sk, __u8 state)
{
	struct sock_entry *e = entry_get(cookie_of(sk));

	if (!e)
		return;
	fill_addresses(e, sk);
	e->ev.tcp_state = state;
	if (state != TCP_CLOSE) {
		event_send(e, SOCK_EVENT_ADDRESS);
		return;
	}
	send_failed(e, e->ev.remote, e->ev.remote_port, error_of_attempt(sk));
	e->attempt = ATTEMPT_TOLD;
}

/*
 * TCP sets the error before it lets go of the connection: the program's next call will return it. A
 * reset by the owner clears the counts as soon as this is over.
 */
static __always_inline void tcp_closing(struct sock *sk)
{
	struct sock_entry *e = entry_get(cookie_of(sk));

	if (!e)
		return;
	if (sk->sk_err)
		e->ev.totals.error = sk->sk_err;
	fill_tcp(&e->ev, sk);
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(tcp_state, struct sock *sk, int from, int to)
{
	if (sk->sk_protocol != IPPROTO_TCP)
		return 0;
	if (to == TCP_CLOSE)
		tcp_closing(sk);
	if (to == TCP_SYN_SENT)
		tcp_connecting(sk);
	else if (to == TCP_LISTEN)
		tcp_listening(sk);
	else if (from == TCP_SYN_RECV && to == TCP_ESTABLISHED)
		tcp_accepted(sk);
	else if (from == TCP_SYN_SENT)
		tcp_connected(sk, to);
	if (to != TCP_SYN_SENT && to != TCP_LISTEN && from != TCP_LISTEN)
		info_send(sk, to);
	return 0;
}

/* A connected datagram socket hears that nobody listens, or that there is no way. Once an error. */
SEC("tp_btf/inet_sk_error_report")
int BPF_PROG(error_reported, struct sock *sk)
{
	struct sock_entry *e;

	if (sk->sk_protocol == IPPROTO_TCP || !sk->sk_err)
		return 0;
	e = entry_get(cookie_of(sk));
	if (!e || e->refusal == sk->sk_err)
		return 0;
	e->refusal = sk->sk_err;
	fill_ends(&e->ev, sk);
	send_failed(e, e->ev.remote, e->ev.remote_port, sk->sk_err);
	return 0;
}

SEC("tp_btf/tcp_destroy_sock")
int BPF_PROG(tcp_destroyed, struct sock *sk)
{
	struct sock_entry *e = entry_get(cookie_of(sk));

	if (!e)
		return 0;
	if (!e->ev.remote_port)
		fill_addresses(e, sk);
	if (e->ev.flags & SOCK_FLAG_LISTENER)
		listener_remove(e);
	fill_tcp(&e->ev, sk);
	event_send_close(e);
	entry_free(e);
	return 0;
}

#endif
