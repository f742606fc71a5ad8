/* SPDX-License-Identifier: MIT
 *
 * What can be read of a socket and of a process, written into a record.
 */
#ifndef SOCKLENS_BPF_FACTS_BPF_H
#define SOCKLENS_BPF_FACTS_BPF_H

#include "bpf/kernel.h"
#include "bpf/shared.h"

/* Plan S cannot ask for cookies at a system call: a scrambled address stands in (fallback.bpf.c). */
const volatile bool cookie_is_address = false;
const volatile __u64 address_secret = 0;

/* --- cookies --- */

static __always_inline __u64 scramble(__u64 address)
{
	__u64 x = (address ^ address_secret) * 0x9e3779b97f4a7c15ull;

	return x ^ x >> 32;
}

/* The verifier does not let a typed pointer be computed with; a copy of it is just a number. */
static __always_inline __u64 address_of(const void *p)
{
	const void *volatile copy = p;
	__u64 address = 0;

	bpf_probe_read_kernel(&address, sizeof(address), (const void *)&copy);
	return address;
}

/* In programs that may ask the kernel to assign a cookie. */
static __always_inline __u64 cookie_of(struct sock *sk)
{
	__u64 cookie;

	if (cookie_is_address)
		return scramble(address_of(sk));
	cookie = sk->__sk_common.skc_cookie.counter;
	return cookie ? cookie : bpf_get_socket_cookie(sk);
}

/* In system call tracepoints, where a socket can only be read. 0 = none was assigned. */
static __always_inline __u64 cookie_read(struct sock *sk)
{
	if (cookie_is_address)
		return scramble(address_of(sk));
	return BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
}

/* --- facts about a socket --- */

static __always_inline void map_v4(__u8 out[16], __u32 be)
{
	__builtin_memset(out, 0, 10);
	out[10] = 0xff;
	out[11] = 0xff;
	__builtin_memcpy(out + 12, &be, 4);
}

/* clang makes memcmp() a call here, and there is nothing to call. Addresses are 4-byte aligned. */
static __always_inline bool same_address(const void *a, const void *b)
{
	const __u32 *x = a, *y = b;

	return x[0] == y[0] && x[1] == y[1] && x[2] == y[2] && x[3] == y[3];
}

/* Unix, netlink, packet and other sockets too; set by the loader. */
const volatile bool all_families = false;

static __always_inline bool is_inet(__u16 family)
{
	return family == AF_INET || family == AF_INET6;
}

static __always_inline bool is_followed(__u16 family)
{
	return all_families || is_inet(family);
}

static __always_inline bool is_tcp(const struct sock_event *ev)
{
	return ev->proto == IPPROTO_TCP;
}

/* A closing socket has given its port number back, but inet_sport still tells it. */
static __always_inline __u16 local_port(struct sock *sk)
{
	__u16 port = BPF_CORE_READ(sk, __sk_common.skc_num);

	if (port)
		return port;
	return bpf_ntohs(BPF_CORE_READ((struct inet_sock *)sk, inet_sport));
}

static __always_inline void fill_ends(struct sock_event *ev, struct sock *sk)
{
	if (!is_inet(ev->family))
		return;
	ev->local_port = local_port(sk);
	ev->remote_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	if (ev->family == AF_INET) {
		map_v4(ev->local, BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr));
		map_v4(ev->remote, BPF_CORE_READ(sk, __sk_common.skc_daddr));
		return;
	}
	BPF_CORE_READ_INTO((struct in6_addr *)ev->local, sk, __sk_common.skc_v6_rcv_saddr);
	BPF_CORE_READ_INTO((struct in6_addr *)ev->remote, sk, __sk_common.skc_v6_daddr);
}

static __always_inline void fill_addresses(struct sock_entry *e, struct sock *sk)
{
	if (!is_inet(e->ev.family))
		return;
	fill_ends(&e->ev, sk);
	e->ports = BPF_CORE_READ(sk, __sk_common.skc_portpair);
}

static __always_inline void fill_identity(struct sock_event *ev, struct sock *sk)
{
	ev->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	ev->type = BPF_CORE_READ(sk, sk_type);
	ev->proto = BPF_CORE_READ(sk, sk_protocol);
	ev->netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	ev->tcp_state = BPF_CORE_READ(sk, __sk_common.skc_state);
	if (ev->tcp_state == TCP_LISTEN)
		ev->flags |= SOCK_FLAG_LISTENER;
}

/* Packets that arrived and were refused, as the kernel counts them for the socket. */
static __always_inline __u32 drops_of(struct sock *sk)
{
	struct numa_drop_counters *apart = NULL;

	if (bpf_core_field_exists(sk->sk_drop_counters))
		apart = BPF_CORE_READ(sk, sk_drop_counters);
	if (apart)
		return BPF_CORE_READ(apart, drops0.counter) + BPF_CORE_READ(apart, drops1.counter);
	return BPF_CORE_READ(sk, sk_drops.counter);
}

/* What only the kernel's own TCP knows; the byte counts by return values are kept elsewhere. */
static __always_inline void fill_tcp(struct sock_event *ev, struct sock *sk)
{
	struct tcp_sock *tp = (struct tcp_sock *)sk;
	/* A FIN takes a sequence number but is no byte to read. */
	__u32 fin = BPF_CORE_READ(sk, __sk_common.skc_flags) >> SOCK_DONE_BIT & 1;
	__u32 unread = BPF_CORE_READ(tp, rcv_nxt) - BPF_CORE_READ(tp, copied_seq);

	ev->tcp_state = BPF_CORE_READ(sk, __sk_common.skc_state);
	ev->totals.drops = drops_of(sk);
	if (ev->tcp_state == TCP_LISTEN)
		return;
	/* A socket that is reset by its owner (linger 0) starts again at 0, before it is gone. */
	if (BPF_CORE_READ(tp, bytes_acked) < ev->totals.acked_bytes ||
	    BPF_CORE_READ(tp, bytes_received) < ev->totals.received_bytes)
		return;
	ev->totals.acked_bytes = BPF_CORE_READ(tp, bytes_acked);
	ev->totals.received_bytes = BPF_CORE_READ(tp, bytes_received) - fin;
	ev->totals.srtt_us = BPF_CORE_READ(tp, srtt_us) >> 3;
	ev->totals.retransmits = BPF_CORE_READ(tp, total_retrans);
	ev->totals.unread_bytes = unread ? unread - fin : 0;
	/* Closing moves write_seq on, for the next use of the socket. */
	ev->totals.unsent_bytes = ev->tcp_state == TCP_CLOSE ? 0 :
		BPF_CORE_READ(tp, write_seq) - BPF_CORE_READ(tp, snd_nxt);
}

/* --- processes --- */

static __always_inline void fill_owner(struct sock_event *ev, struct task_struct *task)
{
	ev->pid = task->tgid;
	ev->tid = task->pid;
	ev->uid = task->cred->uid.val;
	bpf_probe_read_kernel(ev->comm, sizeof(ev->comm), task->comm);
	ev->cgroup = task->cgroups->dfl_cgrp->kn->id;
}

/* Tells processes apart that had one number one after the other; never 0. */
static __always_inline __u32 process_mark(struct task_struct *task)
{
	return ((__u32)task->tgid * 0x9e3779b1u ^ (__u32)task->group_leader->start_boottime) | 1;
}

static __always_inline bool is_process(struct task_struct *task)
{
	return !(task->flags & PF_KTHREAD);
}

/* A 32-bit process has other numbers for its calls: better to skip it than to misread it. */
static __always_inline bool is_compat(struct task_struct *task)
{
	if (bpf_core_field_exists(task->thread_info.status))
		return task->thread_info.status & TS_COMPAT;
	return false;
}

#endif
