/* SPDX-License-Identifier: MIT
 *
 * SOCK_EVENT_UNIX: what a Unix socket is called and which socket is its other end. unix(7).
 *
 * The peer can only be read here, so its cookie is known once something assigned one: when it is
 * used, or when an iterator met it. Until then the record is sent without, and once more with it.
 */
#ifndef SOCKLENS_BPF_UNIX_BPF_H
#define SOCKLENS_BPF_UNIX_BPF_H

#include "bpf/sock.bpf.h"

enum { UNIX_PATH_MAX = 108, FAMILY_BYTES = 2 };

static __always_inline __u16 name_bytes(struct unix_address *name)
{
	int len = name ? BPF_CORE_READ(name, len) - FAMILY_BYTES : 0;

	return len > 0 && len <= UNIX_PATH_MAX ? len : 0;
}

static __always_inline void fill_name_piece(struct sock_event *ev, struct unix_address *name,
					    __u32 at)
{
	__u32 n = ev->un.path_bytes - at;
	const char *path = (const char *)name + bpf_core_field_offset(struct unix_address, name) +
			   FAMILY_BYTES;

	ev->un.path_at = at;
	if (n > SOCK_PATH_PIECE)
		n = SOCK_PATH_PIECE;
	bpf_probe_read_kernel(ev->un.path, n, path + at);
}

static __always_inline void fill_unix(struct sock_event *ev, struct sock *sk, __u32 at)
{
	struct unix_sock *u = (struct unix_sock *)sk;
	struct unix_address *name = BPF_CORE_READ(u, addr);
	struct sock *peer = BPF_CORE_READ(u, peer);
	struct pid *maker = BPF_CORE_READ(sk, sk_peer_pid);

	__builtin_memset(&ev->un, 0, sizeof(ev->un));
	ev->kind = SOCK_EVENT_UNIX;
	if (peer)
		ev->un.peer = cookie_read(peer);
	if (maker)
		ev->un.peer_pid = BPF_CORE_READ(maker, numbers[0].nr);
	if (!name && peer) {
		name = BPF_CORE_READ((struct unix_sock *)peer, addr);
		ev->un.path_of_peer = name != NULL;
	}
	ev->un.path_bytes = name_bytes(name);
	if (at < ev->un.path_bytes)
		fill_name_piece(ev, name, at);
}

/* Changes with the peer, its cookie and the name. */
static __always_inline __u32 unix_mark(struct sock *sk, __u64 *peer_cookie)
{
	struct unix_sock *u = (struct unix_sock *)sk;
	__u64 name = (__u64)BPF_CORE_READ(u, addr);
	struct sock *peer = BPF_CORE_READ(u, peer);
	__u64 mark = (name ^ (__u64)peer) >> 4;

	*peer_cookie = peer ? cookie_read(peer) : 0;
	return mark * 31 + *peer_cookie + 1;
}

/* True when the name goes on behind this piece. */
static __always_inline bool send_name(struct sock_entry *e, struct sock *sk, __u32 at)
{
	struct sock_event *ev = event_new(e, SOCK_EVENT_UNIX);
	bool more;

	if (!ev)
		return false;
	fill_unix(ev, sk, at);
	more = ev->un.path_bytes > at + SOCK_PATH_PIECE;
	bpf_ringbuf_submit(ev, ring_wakeup());
	return more;
}

/* In a call on the socket: tell what is new, until all is known; the walks go on looking. */
static __always_inline void note_unix(struct sock_entry *e, struct sock *sk)
{
	__u64 peer_cookie;
	__u32 mark;

	if (e->un_known || e->ev.family != AF_UNIX)
		return;
	mark = unix_mark(sk, &peer_cookie);
	if (mark == e->un_mark)
		return;
	e->un_mark = mark;
	e->un_known = peer_cookie != 0;
	if (send_name(e, sk, 0))
		send_name(e, sk, SOCK_PATH_PIECE);
}

#endif
