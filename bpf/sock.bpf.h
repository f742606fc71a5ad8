/* SPDX-License-Identifier: MIT
 *
 * What every program does with a socket: find its entry, note who uses it, and send its record.
 *
 * Nothing is built on the stack or in per-CPU scratch: a new entry is a copy of a zeroed template,
 * filled in place, and an event is a copy of the entry made in the ring. So a softirq that
 * interrupts a program has nothing to overwrite.
 */
#ifndef SOCKLENS_BPF_SOCK_BPF_H
#define SOCKLENS_BPF_SOCK_BPF_H

#include "bpf/facts.bpf.h"
#include "bpf/maps.bpf.h"
#include "bpf/scope.bpf.h"

static const struct sock_entry blank_entry = {};

/* --- sending --- */

/* Wake the reader when the ring is a quarter full; before that its own timer is soon enough. */
static __always_inline __u64 ring_wakeup(void)
{
	__u64 used = bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA);
	__u64 quarter = bpf_ringbuf_query(&ring, BPF_RB_RING_SIZE) / 4;

	return used - quarter < 4 * sizeof(struct sock_event) ? BPF_RB_FORCE_WAKEUP
							      : BPF_RB_NO_WAKEUP;
}

/* Make a copy of the entry's record of fresh room in the ring. */
static __always_inline void event_fill(struct sock_event *ev, struct sock_entry *e, __u8 kind)
{
	__builtin_memcpy(ev, &e->ev, sizeof(*ev));
	ev->kind = kind;
	ev->time_ns = bpf_ktime_get_ns();
}

/*
 * Room in the ring holding a copy of the entry's record; NULL, counted, when it is full. Whatever
 * was lost is told again by the entry's next TOTALS, which the epoch asks for. Room that was given is
 * asked about once: the verifier of Linux 6.1 does not see that a second look finds the same.
 */
static __always_inline struct sock_event *event_new(struct sock_entry *e, __u8 kind)
{
	struct probe_control *c = control_get();
	struct sock_event *ev;

	if (c)
		e->epoch = c->epoch;
	ev = bpf_ringbuf_reserve(&ring, sizeof(*ev), 0);
	if (!ev) {
		if (c)
			__sync_fetch_and_add(&c->ring_full, 1);
		return NULL;
	}
	event_fill(ev, e, kind);
	return ev;
}

static __always_inline bool event_send(struct sock_entry *e, __u8 kind)
{
	struct sock_event *ev = event_new(e, kind);

	if (!ev && kind == SOCK_EVENT_OPEN)
		e->untold = 1;
	if (!ev)
		return false;
	bpf_ringbuf_submit(ev, ring_wakeup());
	return true;
}

/*
 * Late, and with all that has become known; not where an address is all the name it has. That the
 * ring refused it was counted when it was first to be told.
 */
static __always_inline void event_send_birth(struct sock_entry *e)
{
	struct sock_event *ev;

	if (!e->untold || e->ev.flags & SOCK_FLAG_NO_COOKIE)
		e->birth_ns = 0;
	if (!e->birth_ns)
		return;
	ev = bpf_ringbuf_reserve(&ring, sizeof(*ev), 0);
	if (!ev)
		return;
	event_fill(ev, e, SOCK_EVENT_OPEN);
	ev->time_ns = e->birth_ns;
	ev->flags |= SOCK_FLAG_RECOVERED;
	bpf_ringbuf_submit(ev, ring_wakeup());
	e->birth_ns = 0;
}

/*
 * The last record of a socket must arrive, and when it began: reused ports are told apart by that.
 * When the ring is full they wait in the overflow map. The entry is of no use afterwards.
 */
static __always_inline void event_send_close(struct sock_entry *e)
{
	__u64 cookie = e->ev.cookie;
	struct probe_control *c;

	event_send_birth(e);
	e->ev.kind = SOCK_EVENT_CLOSE;
	e->ev.time_ns = bpf_ktime_get_ns();
	if (bpf_ringbuf_output(&ring, &e->ev, sizeof(e->ev), ring_wakeup()) == 0)
		return;
	c = control_get();
	if (!c)
		return;
	e->ev.flags |= SOCK_FLAG_RECOVERED;
	if (bpf_map_update_elem(&overflow, &cookie, e, BPF_ANY) == 0)
		__sync_fetch_and_add(&c->overflowed, 1);
	else
		__sync_fetch_and_add(&c->ring_full, 1);
}

/* --- entries --- */

static __always_inline struct sock_entry *entry_get(__u64 cookie)
{
	return bpf_map_lookup_elem(&sockets, &cookie);
}

/* Sockets other than IP end unnoticed for a while: they may fill half of the map. Set by the loader. */
const volatile __u64 others_max = SOCKETS_DEFAULT / 2;

/* Room for one more of this family. Counted down by entry_free() and, in user space, report_entry(). */
static __always_inline bool has_room(struct probe_control *c, __u16 family)
{
	if (is_inet(family))
		return true;
	if (c->others >= others_max) {
		__sync_fetch_and_add(&c->map_full, 1);
		return false;
	}
	__sync_fetch_and_add(&c->others, 1);
	return true;
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
	struct probe_control *c = is_inet(e->ev.family) ? NULL : control_get();

	if (c)
		__sync_fetch_and_add(&c->others, -1);
	bpf_map_delete_elem(&sockets, &cookie);
}

/* The end of a socket that no hook tells of. */
static __always_inline void entry_ended(struct sock_entry *e)
{
	event_send_close(e);
	entry_free(e);
}

static __always_inline __u32 inode_of(struct sock *sk)
{
	return BPF_CORE_READ(sk, sk_socket, file, f_inode, i_ino);
}

/*
 * Where an address names a socket, it comes back unnoticed: accept() and socketpair() make sockets, too. Only
 * the inode tells them from the last one there. Of IP sockets hooks tell, or socket() does.
 */
static __always_inline bool is_another(const struct sock_entry *e, struct sock *sk)
{
	return cookie_is_address && e->inode && e->inode != inode_of(sk);
}

static __always_inline void note_inode(struct sock_entry *e, struct sock *sk)
{
	if (cookie_is_address && !is_inet(e->ev.family))
		e->inode = inode_of(sk);
}

/*
 * The process in whose system call this runs uses the socket. Reported once a process; replaces
 * the provisional owner that an accepted socket has from its listener.
 */
static __always_inline void entry_used_by(struct sock_entry *e, struct task_struct *task)
{
	struct owner_key key = {
		.cookie = e->ev.cookie, .birth_ns = e->birth_ns, .process = process_mark(task)};
	__u8 one = 1;

	if (e->user == key.process || !is_process(task))
		return;
	e->user = key.process;
	e->ev.flags &= ~SOCK_FLAG_PROVISIONAL;
	fill_owner(&e->ev, task);
	if (bpf_map_update_elem(&owners, &key, &one, BPF_NOEXIST))
		return;
	if (!event_send(e, SOCK_EVENT_OWNER))
		bpf_map_delete_elem(&owners, &key); /* to be told next time */
}

/* As above for the process that made the socket: its OPEN tells enough. */
static __always_inline void entry_opened_by(struct sock_entry *e, struct task_struct *task)
{
	if (!is_process(task))
		return;
	fill_owner(&e->ev, task);
	e->user = process_mark(task);
}

/* A socket in the hands of this process, but for its ports. */
static __always_inline bool is_holder_in_scope(struct sock *sk, struct task_struct *task)
{
	if (!scope_has_process(task))
		return false;
	return !scope.netns_count ||
	       scope_has_netns(BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum));
}

static __always_inline bool in_scope_of(struct sock *sk, struct task_struct *task)
{
	if (!is_holder_in_scope(sk, task))
		return false;
	if (!scope.port_count)
		return true;
	return is_inet(BPF_CORE_READ(sk, __sk_common.skc_family)) &&
	       scope_has_ports(local_port(sk), bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport)));
}

/* A new entry for a socket that is met in a system call of `task`. */
static __always_inline struct sock_entry *entry_make(struct sock *sk, __u64 cookie,
						     struct task_struct *task, __u8 kind)
{
	struct probe_control *c = control_get();
	struct sock_entry *e;

	if (!c || !has_room(c, BPF_CORE_READ(sk, __sk_common.skc_family)))
		return NULL;
	e = entry_new(cookie);
	if (!e)
		return NULL;
	fill_identity(&e->ev, sk);
	fill_addresses(e, sk);
	note_inode(e, sk);
	entry_opened_by(e, task);
	event_send(e, kind);
	return e;
}

/* The same if it is in scope; else NULL. */
static __always_inline struct sock_entry *entry_open(struct sock *sk, __u64 cookie,
						     struct task_struct *task, __u8 kind)
{
	return in_scope_of(sk, task) ? entry_make(sk, cookie, task, kind) : NULL;
}

static __always_inline void entry_failed(struct sock_entry *e, __u32 *errors, long ret)
{
	if (ret == -EAGAIN || ret <= -ERESTARTSYS)
		return;
	__sync_fetch_and_add(errors, 1);
	e->ev.totals.error = -ret;
}

static __always_inline void entry_count_sent(struct sock_entry *e, long ret)
{
	__sync_fetch_and_add(&e->ev.totals.tx_calls, 1);
	if (ret > 0)
		__sync_fetch_and_add(&e->ev.totals.tx_bytes, ret);
	else if (ret < 0)
		entry_failed(e, &e->ev.totals.tx_errors, ret);
}

static __always_inline void entry_count_received(struct sock_entry *e, long ret)
{
	__sync_fetch_and_add(&e->ev.totals.rx_calls, 1);
	if (ret > 0)
		__sync_fetch_and_add(&e->ev.totals.rx_bytes, ret);
	else if (ret < 0)
		entry_failed(e, &e->ev.totals.rx_errors, ret);
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
	if (e->ports == ports || !is_inet(e->ev.family))
		return;
	if (is_tcp(&e->ev) && BPF_CORE_READ(sk, __sk_common.skc_state) == TCP_CLOSE)
		return;
	fill_identity(&e->ev, sk);
	fill_addresses(e, sk);
	event_send(e, SOCK_EVENT_ADDRESS);
}

/* --- datagram peers --- */

static __always_inline void fill_peer(struct sock_event *ev, struct task_struct *task,
				      const struct peer_key *key)
{
	__builtin_memcpy(ev->remote, key->addr, sizeof(ev->remote));
	ev->remote_port = key->port;
	fill_owner(ev, task);
}

/* The ring is full, which was counted; false when there is no other place either. */
static __always_inline bool keep_peer(struct sock_entry *e, struct task_struct *task,
				      const struct peer_key *key)
{
	struct probe_control *c = control_get();
	struct sock_event *ev;

	if (!c || bpf_map_update_elem(&late_peers, key, &e->ev, BPF_ANY))
		return false;
	ev = bpf_map_lookup_elem(&late_peers, key);
	if (!ev)
		return false;
	ev->kind = SOCK_EVENT_PEER;
	ev->flags |= SOCK_FLAG_RECOVERED;
	ev->time_ns = bpf_ktime_get_ns();
	fill_peer(ev, task, key);
	__sync_fetch_and_add(&c->overflowed, 1);
	__sync_fetch_and_add(&c->ring_full, -1);
	return true;
}

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
	if (!ev) {
		if (keep_peer(e, task, key))
			return;
		bpf_map_delete_elem(&peers, key); /* to be told with its next datagram */
		e->peer_port = 0;
		return;
	}
	fill_peer(ev, task, key);
	bpf_ringbuf_submit(ev, ring_wakeup());
}

#endif
