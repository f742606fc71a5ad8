/* SPDX-License-Identifier: MIT
 *
 * Listening sockets by their local end: whoever called listen() is the provisional owner of a
 * connection until a process uses it.
 */
#ifndef SOCKLENS_BPF_LISTENER_BPF_H
#define SOCKLENS_BPF_LISTENER_BPF_H

#include "bpf/sock.bpf.h"

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
