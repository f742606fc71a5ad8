/* SPDX-License-Identifier: MIT
 *
 * Map values that kernel programs and the loader both read, beside struct sock_event.
 */
#ifndef SOCKLENS_BPF_SHARED_H
#define SOCKLENS_BPF_SHARED_H

#include "bpf/sock_event.h"

/* One live socket. The record is kept ready to be sent: an event is a copy of it. */
struct sock_entry {
	struct sock_event ev; /* owner = the last process that used the socket */
	sock_u64 birth_ns;    /* when the entry was made: tells two lives of one address (plan S) */
	sock_u64 epoch;	      /* control.epoch when last touched: what a walk has to report */
	sock_u64 seen;	      /* control.epoch when an iterator last met it */
	sock_u32 user;	      /* process_mark() of the last one seen in a system call on it; 0 = none yet */
	sock_u32 ports;	      /* both ports as the kernel packs them: a cheap "has it changed?" */
	sock_u32 un_mark;     /* of the last UNIX record, in the same way */
	sock_u32 inode;	      /* of its file, where an address may come back unnoticed (plan S) */
	sock_u8 un_known;     /* its peer was in the last UNIX record */
	sock_u8 untold;	      /* the ring refused its OPEN */
	sock_u8 pad[6];
	sock_u8 peer[16];     /* last datagram peer, before asking the map of all peers */
	sock_u16 peer_port;
	sock_u8 attempt;      /* ATTEMPT_*: connect() is under way, to `peer` */
	sock_u8 refusal;      /* last error told of a datagram's peer, which repeats */
	sock_u32 info_mark;  /* of the numbers in the last INFO: a cheap "have they changed?" */
	sock_u64 info_epoch; /* control.epoch of the last walk that looked */
};

/*
 * An address that names a socket may have named another, whose end still waits in the ring, as does
 * this one's birth: what a walk tells of it before would be taken for the other's.
 */
__attribute__((always_inline)) static inline int entry_is_untold(const struct sock_entry *e,
								  sock_u64 told_ns)
{
	return e->ev.flags & SOCK_FLAG_NO_COOKIE && e->birth_ns > told_ns;
}

/* The beginning of an entry: what is left of a socket whose CLOSE the ring refused. */
struct sock_remains {
	struct sock_event ev; /* CLOSE */
	sock_u64 birth_ns;    /* of one whose OPEN was refused, too; else 0 */
};

_Static_assert(__builtin_offsetof(struct sock_entry, birth_ns) == sizeof(struct sock_event),
	       "an entry begins as what is left of it");

/* An entry's connect(). */
enum {
	ATTEMPT_NONE,	 /* there was none, or its end is known */
	ATTEMPT_PENDING, /* called; neither a state change nor a return was seen yet */
	ATTEMPT_TOLD,	 /* failed, and told of; its return is still to come (plan S) */
};

struct peer_key {
	sock_u64 cookie, birth_ns;
	sock_u8 addr[16];
	sock_u64 port;
};

/* Packets thrown away, by socket and reason. */
struct drop_key {
	sock_u64 cookie;
	sock_u32 reason; /* the kernel's enum skb_drop_reason */
	sock_u32 sent;	 /* 1 = on the way out */
};

struct drop_count {
	sock_u64 packets;
	sock_u64 epoch; /* control.epoch of the last one */
};

/* One element, mapped into user space, so that reading a counter costs no system call. */
struct probe_control {
	sock_u64 epoch;	     /* advanced by user space before each walk */
	sock_u64 ring_full;  /* events refused by the ring and not kept elsewhere */
	sock_u64 map_full;   /* sockets refused by the socket map */
	sock_u64 overflowed; /* CLOSE and PEER records that went to the overflow maps */
	sock_u64 calls_lost; /* calls refused by the ring */
	sock_u64 callers;    /* threads that were given a slot by the calls level */
	sock_u64 others;     /* entries of sockets that are not IP; user space takes them away */
	sock_u64 told_ns;    /* user space has read what the ring was given until then (monotonic) */
};

enum {
	RING_BYTES_DEFAULT = 4 << 20,
	SOCKETS_DEFAULT = 65536,
	OVERFLOW_MAX = 16384,
	DEDUP_MAX = 65536,
	LISTENERS_MAX = 4096,
	DROPS_MAX = 4096, /* pairs of socket and reason */
	SCOPE_PROCESSES_MAX = 16384,
	SCOPE_MARKS_MAX = 65536,
	CGROUP_DEPTH_MAX = 16,
	RETURNS_MAX = 8192, /* threads whose connect() may be under way */
	SLOTS_NEAR = 8192,  /* threads whose calls are paired at the least cost */
	PLACES_MAX = 65536, /* four a thread: what short records of calls refer to */
	WATCHED_MAX = 8192, /* descriptors in epoll sets */
	CALL_NR_MAX = 512,  /* system call numbers that the calls level looks at */
};

#endif
