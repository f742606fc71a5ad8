/* SPDX-License-Identifier: MIT
 *
 * Sends and receives, inside the call: this socket, these bytes. What the calls level
 * (call_slot.bpf.h) learns from accounting, whose programs stand there anyway.
 */
#ifndef SOCKLENS_BPF_MOVED_BPF_H
#define SOCKLENS_BPF_MOVED_BPF_H

#include "bpf/call_slot.bpf.h"

/* --- of a socket that a tracepoint gave: its fields are plain loads, many times cheaper --- */

static __always_inline void copy_v6(__u8 out[16], const struct in6_addr *from)
{
	__u32 *to = (__u32 *)out;

	to[0] = from->in6_u.u6_addr32[0];
	to[1] = from->in6_u.u6_addr32[1];
	to[2] = from->in6_u.u6_addr32[2];
	to[3] = from->in6_u.u6_addr32[3];
}

static __always_inline void fill_given_ends(struct sock_event *ev, struct sock *sk)
{
	ev->local_port = sk->__sk_common.skc_num ? sk->__sk_common.skc_num : local_port(sk);
	ev->remote_port = bpf_ntohs(sk->__sk_common.skc_dport);
	if (ev->family == AF_INET) {
		map_v4(ev->local, sk->__sk_common.skc_rcv_saddr);
		map_v4(ev->remote, sk->__sk_common.skc_daddr);
		return;
	}
	copy_v6(ev->local, &sk->__sk_common.skc_v6_rcv_saddr);
	copy_v6(ev->remote, &sk->__sk_common.skc_v6_daddr);
}

static __always_inline void fill_given_socket(struct call_slot *s, struct sock *sk)
{
	struct sock_event *ev = &s->c.ev;

	set_socket(s, sk);
	set_cookie(s, sk->__sk_common.skc_cookie.counter);
	ev->family = sk->__sk_common.skc_family;
	ev->type = sk->sk_type;
	ev->proto = sk->sk_protocol;
	ev->netns = sk->__sk_common.skc_net.net->ns.inum;
	ev->tcp_state = sk->__sk_common.skc_state;
	s->ports = sk->__sk_common.skc_portpair;
	if (is_inet(ev->family))
		fill_given_ends(ev, sk);
	else
		clear_ends(ev);
}

/* --- one more like the last, or not --- */

/* With nothing to read but the arguments themselves, unless there is an address among them. */
#define PLAIN                                                                                      \
	(BIT(CALL_SENDTO) | BIT(CALL_RECVFROM) | BIT(CALL_READ) | BIT(CALL_READV) |                \
	 BIT(CALL_WRITE) | BIT(CALL_WRITEV) | BIT(CALL_PREAD64) | BIT(CALL_PREADV) |               \
	 BIT(CALL_PREADV2) | BIT(CALL_PWRITE64) | BIT(CALL_PWRITEV) | BIT(CALL_PWRITEV2))
#define ADDRESSED (BIT(CALL_SENDTO) | BIT(CALL_RECVFROM))

static __always_inline bool is_told(const struct call_slot *s, const struct told_socket *t,
				    struct sock *sk)
{
	return t->again && t->sk == (__u64)sk &&
	       t->cookie == (__u64)sk->__sk_common.skc_cookie.counter &&
	       t->state == sk->__sk_common.skc_state && t->ports == sk->__sk_common.skc_portpair &&
	       is_among(s->call, PLAIN) && !(is_among(s->call, ADDRESSED) && s->a.args[4]) &&
	       s->start_ns - t->time_ns < OWNER_HOLDS_NS;
}

static __always_inline bool is_same_socket(const struct call_slot *s, struct sock *sk)
{
	return s->sk == (__u64)sk && s->raw_cookie == (__u64)sk->__sk_common.skc_cookie.counter &&
	       s->c.ev.tcp_state == sk->__sk_common.skc_state &&
	       s->ports == sk->__sk_common.skc_portpair;
}

/* io_uring and AIO have no call that would return these bytes: the record is made here. */
static __always_inline void send_async(struct call_slot *s, struct task_struct *task, bool sending,
				       long ret)
{
	s->a.time_ns = bpf_ktime_get_ns();
	s->a.call = sending ? CALL_ASYNC_SEND : CALL_ASYNC_RECV;
	s->a.result = ret;
	s->a.duration_ns = 0;
	s->c.ev.fd = -1;
	send_full(s, task);
	s->c.flags = 0;
	s->a.call = s->call;
}

/* Called, not inlined: most programs run for somebody who is not in scope. */
static __noinline int moved(struct sock *sk, struct task_struct *task, long ret, bool sending,
			    bool counts)
{
	struct call_slot *s = slot_of(task);
	struct told_socket *t;
	bool inside;

	/* Without a file it is the kernel's own: a disk or a file system of another machine. */
	if (!s || !sk->sk_socket || !sk->sk_socket->file)
		return 0;
	inside = is_among(s->call, sending ? WRITES : READS);
	if (!inside)
		s->c.flags = 0;
	t = told_of(s);
	s->is_short = inside && is_told(s, t, sk);
	if (s->is_short) {
		t->again--;
		s->c.flags |= CALL_FLAG_SOCKET;
	} else if (is_same_socket(s, sk))
		s->c.flags |= CALL_FLAG_SOCKET;
	else
		fill_given_socket(s, sk);
	if (sk->sk_protocol == IPPROTO_TCP && counts) {
		struct tcp_sock *tp = (struct tcp_sock *)sk;

		set_range(s, sending ? BPF_CORE_READ(tp, write_seq) : BPF_CORE_READ(tp, copied_seq),
			  ret);
	}
	if (!inside && is_socket_in_scope(&s->c))
		send_async(s, task, sending, ret);
	return 0;
}

#endif
