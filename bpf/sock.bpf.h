/* SPDX-License-Identifier: MIT
 *
 * What every program does with a socket: find its entry, fill it from the kernel's structures,
 * note who uses it, and send its record.
 *
 * Nothing is built on the stack or in per-CPU scratch: a new entry is a copy of a zeroed template,
 * filled in place, and an event is a copy of the entry made in the ring. So a softirq that
 * interrupts a program has nothing to overwrite.
 */
#ifndef SOCKLENS_BPF_SOCK_BPF_H
#define SOCKLENS_BPF_SOCK_BPF_H

#include "bpf/maps.bpf.h"

static const struct sock_entry blank_entry = {};

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

static __always_inline bool is_inet(__u16 family)
{
	return family == AF_INET || family == AF_INET6;
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

/* What only the kernel's own TCP knows; the byte counts by return values are kept elsewhere. */
static __always_inline void fill_tcp(struct sock_event *ev, struct sock *sk)
{
	struct tcp_sock *tp = (struct tcp_sock *)sk;
	/* A FIN takes a sequence number but is no byte to read. */
	__u32 fin = BPF_CORE_READ(sk, __sk_common.skc_flags) >> SOCK_DONE_BIT & 1;
	__u32 unread = BPF_CORE_READ(tp, rcv_nxt) - BPF_CORE_READ(tp, copied_seq);

	ev->tcp_state = BPF_CORE_READ(sk, __sk_common.skc_state);
	if (ev->tcp_state == TCP_LISTEN)
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

static __always_inline bool is_process(struct task_struct *task)
{
	return !(task->flags & PF_KTHREAD);
}

/* --- sending --- */

/* Sent when the ring crosses a quarter; below that the reader's own timer is soon enough. */
static __always_inline __u64 ring_wakeup(void)
{
	__u64 used = bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA);
	__u64 quarter = bpf_ringbuf_query(&ring, BPF_RB_RING_SIZE) / 4;

	return used - quarter < 4 * sizeof(struct sock_event) ? BPF_RB_FORCE_WAKEUP
							      : BPF_RB_NO_WAKEUP;
}

/*
 * Room in the ring holding a copy of the entry's record; NULL, counted, when it is full. Whatever
 * was lost is told again by the entry's next TOTALS, which the epoch asks for.
 */
static __always_inline struct sock_event *event_new(struct sock_entry *e, __u8 kind)
{
	struct sock_event *ev = bpf_ringbuf_reserve(&ring, sizeof(*ev), 0);
	struct probe_control *c = control_get();

	if (c)
		e->epoch = c->epoch;
	if (!ev) {
		if (c)
			__sync_fetch_and_add(&c->ring_full, 1);
		return NULL;
	}
	__builtin_memcpy(ev, &e->ev, sizeof(*ev));
	ev->kind = kind;
	ev->time_ns = bpf_ktime_get_ns();
	return ev;
}

static __always_inline void event_send(struct sock_entry *e, __u8 kind)
{
	struct sock_event *ev = event_new(e, kind);

	if (ev)
		bpf_ringbuf_submit(ev, ring_wakeup());
}

/* The last record of a socket must arrive: when the ring is full it waits in the overflow map. */
static __always_inline void event_send_close(struct sock_entry *e)
{
	__u64 cookie = e->ev.cookie;
	struct probe_control *c;

	e->ev.kind = SOCK_EVENT_CLOSE;
	e->ev.time_ns = bpf_ktime_get_ns();
	if (bpf_ringbuf_output(&ring, &e->ev, sizeof(e->ev), ring_wakeup()) == 0)
		return;
	c = control_get();
	if (!c)
		return;
	e->ev.flags |= SOCK_FLAG_RECOVERED;
	if (bpf_map_update_elem(&overflow, &cookie, &e->ev, BPF_ANY) == 0)
		__sync_fetch_and_add(&c->overflowed, 1);
	else
		__sync_fetch_and_add(&c->ring_full, 1);
}

/* --- entries --- */

static __always_inline struct sock_entry *entry_get(__u64 cookie)
{
	return bpf_map_lookup_elem(&sockets, &cookie);
}

/* A blank entry that knows its cookie; NULL, counted, when the map is full. */
static __always_inline struct sock_entry *entry_new(__u64 cookie)
{
	struct sock_entry *e;
	struct probe_control *c;

	bpf_map_update_elem(&sockets, &cookie, &blank_entry, BPF_NOEXIST);
	e = entry_get(cookie);
	c = control_get();
	if (!c)
		return NULL;
	if (!e) {
		__sync_fetch_and_add(&c->map_full, 1);
		return NULL;
	}
	e->ev.cookie = cookie;
	e->ev.fd = -1;
	e->ev.flags = cookie_is_address ? SOCK_FLAG_NO_COOKIE : 0;
	e->birth_ns = bpf_ktime_get_ns();
	e->epoch = c->epoch;
	e->seen = c->epoch;
	return e;
}

static __always_inline void entry_free(struct sock_entry *e)
{
	__u64 cookie = e->ev.cookie;

	bpf_map_delete_elem(&sockets, &cookie);
}

/*
 * The process in whose system call this runs uses the socket. Reported once a process; replaces
 * the provisional owner that an accepted socket has from its listener.
 */
static __always_inline void entry_used_by(struct sock_entry *e, struct task_struct *task)
{
	struct owner_key key = {
		.cookie = e->ev.cookie, .birth_ns = e->birth_ns, .pid = task->tgid};
	__u8 one = 1;

	if (e->user_pid == key.pid || !is_process(task))
		return;
	e->user_pid = key.pid;
	e->ev.flags &= ~SOCK_FLAG_PROVISIONAL;
	fill_owner(&e->ev, task);
	if (bpf_map_update_elem(&owners, &key, &one, BPF_NOEXIST) == 0)
		event_send(e, SOCK_EVENT_OWNER);
}

/* As above for the process that made the socket: its OPEN tells enough. */
static __always_inline void entry_opened_by(struct sock_entry *e, struct task_struct *task)
{
	if (!is_process(task))
		return;
	fill_owner(&e->ev, task);
	e->user_pid = e->ev.pid;
}

/* A new entry for a socket that is met in a system call of `task`. */
static __always_inline struct sock_entry *entry_open(struct sock *sk, __u64 cookie,
						     struct task_struct *task, __u8 kind)
{
	struct sock_entry *e = entry_new(cookie);

	if (!e)
		return NULL;
	fill_identity(&e->ev, sk);
	fill_addresses(e, sk);
	entry_opened_by(e, task);
	event_send(e, kind);
	return e;
}

static __always_inline void entry_count(__u64 *bytes, __u32 *calls, __u32 *errors, long ret)
{
	__sync_fetch_and_add(calls, 1);
	if (ret > 0)
		__sync_fetch_and_add(bytes, ret);
	else if (ret < 0 && ret != -EAGAIN)
		__sync_fetch_and_add(errors, 1);
}

static __always_inline void entry_touch(struct sock_entry *e)
{
	struct probe_control *c = control_get();

	if (c)
		e->epoch = c->epoch;
}

/*
 * Addresses may have come since: an unbound socket gets a port with its first datagram. A TCP
 * socket that has closed forgets its peer, so its last address stands.
 */
static __always_inline void note_address(struct sock_entry *e, struct sock *sk, __u32 ports)
{
	if (e->ports == ports)
		return;
	if (is_tcp(&e->ev) && BPF_CORE_READ(sk, __sk_common.skc_state) == TCP_CLOSE)
		return;
	fill_identity(&e->ev, sk);
	fill_addresses(e, sk);
	event_send(e, SOCK_EVENT_ADDRESS);
}

/* --- datagram peers --- */

/* Report the remote address of a datagram, once a (socket, address); key->addr and port are set. */
static __always_inline void entry_peer(struct sock_entry *e, struct task_struct *task,
				       struct peer_key *key)
{
	struct sock_event *ev;
	__u8 one = 1;

	if (e->peer_port == key->port && same_address(e->peer, key->addr))
		return;
	__builtin_memcpy(e->peer, key->addr, sizeof(e->peer));
	e->peer_port = key->port;
	key->cookie = e->ev.cookie;
	key->birth_ns = e->birth_ns;
	if (bpf_map_update_elem(&peers, key, &one, BPF_NOEXIST) != 0)
		return;
	ev = event_new(e, SOCK_EVENT_PEER);
	if (!ev)
		return;
	__builtin_memcpy(ev->remote, key->addr, sizeof(ev->remote));
	ev->remote_port = key->port;
	fill_owner(ev, task);
	bpf_ringbuf_submit(ev, ring_wakeup());
}

/* --- listeners --- */

static __always_inline void listener_key(struct listener_key *key, const struct sock_event *ev)
{
	const __u32 *local = (const void *)ev->local;

	key->netns = ev->netns;
	key->port = ev->local_port;
	__builtin_memcpy(key->addr, ev->local, sizeof(key->addr));
	if (!local[3] && !local[1] && !local[0])
		__builtin_memset(key->addr, 0, sizeof(key->addr)); /* 0.0.0.0 as :: */
}

static __always_inline void listener_add(const struct sock_entry *e)
{
	struct listener_key key;
	__u64 cookie = e->ev.cookie;

	listener_key(&key, &e->ev);
	bpf_map_update_elem(&listeners, &key, &cookie, BPF_ANY);
}

static __always_inline void listener_remove(const struct sock_entry *e)
{
	struct listener_key key;

	listener_key(&key, &e->ev);
	bpf_map_delete_elem(&listeners, &key);
}

/* The listening socket that a connection to this local end came through; NULL = unknown. */
static __always_inline struct sock_entry *listener_of(const struct sock_event *ev)
{
	struct listener_key key;
	__u64 *cookie;

	listener_key(&key, ev);
	cookie = bpf_map_lookup_elem(&listeners, &key);
	if (!cookie) {
		__builtin_memset(key.addr, 0, sizeof(key.addr));
		cookie = bpf_map_lookup_elem(&listeners, &key);
	}
	return cookie ? entry_get(*cookie) : NULL;
}

#endif
