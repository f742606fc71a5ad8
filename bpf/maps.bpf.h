/* SPDX-License-Identifier: MIT
 *
 * The maps of the probe. The accounting object creates them; the iterators and the calls level are
 * given the same ones by the loader.
 */
#ifndef SOCKLENS_BPF_MAPS_BPF_H
#define SOCKLENS_BPF_MAPS_BPF_H

#include "bpf/kernel.h"
#include "bpf/shared.h"

/* Life-cycle events and calls. Sized by the loader. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, RING_BYTES_DEFAULT);
} ring SEC(".maps");

/* Live sockets by cookie. Never LRU: a live socket must not vanish; refusals are counted. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SOCKETS_DEFAULT);
	__type(key, __u64);
	__type(value, struct sock_entry);
} sockets SEC(".maps");

/* CLOSE records that found the ring full, by cookie. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, OVERFLOW_MAX);
	__type(key, __u64);
	__type(value, struct sock_remains);
} overflow SEC(".maps");

/* PEER records that found the ring full: a datagram's peer may never come again. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, OVERFLOW_MAX);
	__type(key, struct peer_key);
	__type(value, struct sock_event);
} late_peers SEC(".maps");

struct owner_key {
	__u64 cookie, birth_ns;
	__u64 process; /* process_mark() */
};

/* Which processes were already reported as users of a socket. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, DEDUP_MAX);
	__type(key, struct owner_key);
	__type(value, __u8);
} owners SEC(".maps");

/* Which remote addresses were already reported for a datagram socket. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, DEDUP_MAX);
	__type(key, struct peer_key);
	__type(value, __u8);
} peers SEC(".maps");

struct listener_key {
	__u8 addr[16]; /* all zero for any address of either family */
	__u32 netns;
	__u32 port;
};

/* Cookie of the listening socket, for the provisional owner of what it accepts. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, LISTENERS_MAX);
	__type(key, struct listener_key);
	__type(value, __u64);
} listeners SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct probe_control);
} control SEC(".maps");

static __always_inline struct probe_control *control_get(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&control, &zero);
}

#endif
