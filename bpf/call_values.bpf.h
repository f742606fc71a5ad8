/* SPDX-License-Identifier: MIT
 *
 * What the pointers among a call's arguments lead to: addresses, options, messages, and, of the calls
 * that wait for many descriptors, the socket to tell of. Read when the call returns.
 */
#ifndef SOCKLENS_BPF_CALL_VALUES_BPF_H
#define SOCKLENS_BPF_CALL_VALUES_BPF_H

#include "bpf/call_event.h"
#include "bpf/syscall.bpf.h"

enum {
	WAITED_MAX = 16, /* descriptors of a poll that are looked at */
	EPOLLED_MAX = 8, /* events of an epoll_wait */
	SET_WORDS = 4,	 /* words of a set of select: the descriptors below 256 */
	SET_TRIES = 4,	 /* descriptors of a word */
	EPOLL_DEL = 2,
	SET_READ = 1,
	SET_WRITE = 4,
};

/* Which descriptor an event of epoll_wait stands for. The set itself is found as data ~0. */
struct watched_key {
	__u32 pid;
	__s32 epoll_fd;
	__u64 data;
};

enum { WATCHED_ANY = -1 };

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, WATCHED_MAX);
	__type(key, struct watched_key);
	__type(value, __s32);
} watched SEC(".maps");

static __always_inline void read_user(void *out, __u32 size, __u64 from)
{
	bpf_probe_read_user(out, size, (const void *)from);
}

static __always_inline __u32 user_u32(__u64 from)
{
	__u32 v = 0;

	read_user(&v, sizeof(v), from);
	return v;
}

/* min(n, mask) for a mask of ones at the low end; the verifier follows only the mask. */
static __always_inline __u64 at_most(__u64 n, __u64 mask)
{
	n = n < mask ? n : mask;
	asm volatile("" : "+r"(n)); /* or the compiler finds the mask useless */
	return n & mask;
}

/* --- addresses --- */

static __always_inline void note_name(struct call_event *c, __u64 from, __u32 len)
{
	if (!from || !len)
		return;
	c->name_len = len;
	__builtin_memset(c->name, 0, sizeof(c->name));
	if (bpf_probe_read_user(c->name, at_most(len, sizeof(c->name) - 1), (const void *)from) == 0)
		c->flags |= CALL_FLAG_NAME;
}

/* sendmsg, recvmsg, and the first message of sendmmsg and recvmmsg. */
static __always_inline void note_message(struct call_event *c, __u64 from, bool named)
{
	struct user_msghdr m = {};
	struct user_cmsg control = {};

	if (bpf_probe_read_user(&m, sizeof(m), (const void *)from))
		return;
	c->value.message.flags = m.flags;
	c->value.message.iovs = m.iov_len;
	c->value.message.control_len = m.control_len;
	if (m.control && m.control_len >= sizeof(control) - sizeof(control.fd))
		read_user(&control, sizeof(control), m.control);
	c->value.message.level = control.level;
	c->value.message.type = control.type;
	c->value.message.fd = control.fd;
	c->flags |= CALL_FLAG_VALUE;
	if (named)
		note_name(c, m.name, m.name_len);
}

/* --- options --- */

static __always_inline void note_option(struct call_event *c, __u64 from, __u32 len)
{
	__u64 n = len < sizeof(c->value) ? len : sizeof(c->value);

	__builtin_memset(&c->value, 0, sizeof(c->value));
	c->value_len = len;
	if (bpf_probe_read_user(&c->value, at_most(n, 2 * sizeof(c->value) - 1),
				(const void *)from) == 0)
		c->flags |= CALL_FLAG_VALUE;
}

/* --- everything that a call tells beside its socket --- */

static __always_inline void note_values(struct call_event *c, __u8 call, const __s64 *args, long ret)
{
	bool done = ret >= 0;

	switch (call) {
	case CALL_BIND:
	case CALL_CONNECT: note_name(c, args[1], args[2]); return;
	case CALL_SENDTO: note_name(c, args[4], args[5]); return;
	case CALL_ACCEPT:
	case CALL_ACCEPT4:
	case CALL_GETSOCKNAME:
	case CALL_GETPEERNAME:
		if (done && args[1])
			note_name(c, args[1], user_u32(args[2]));
		return;
	case CALL_RECVFROM:
		if (done && args[4])
			note_name(c, args[4], user_u32(args[5]));
		return;
	case CALL_SENDMSG:
	case CALL_SENDMMSG: note_message(c, args[1], true); return;
	case CALL_RECVMSG:
	case CALL_RECVMMSG: note_message(c, args[1], done); return;
	case CALL_SETSOCKOPT: note_option(c, args[3], args[4]); return;
	case CALL_GETSOCKOPT:
		if (done)
			note_option(c, args[3], user_u32(args[4]));
		return;
	case CALL_SOCKETPAIR:
		if (done)
			note_option(c, args[3], 2 * sizeof(__s32));
		return;
	}
}

/* --- waiting: which socket to tell of; -1 = none is among them --- */

/*
 * Functions that are not static are verified once, and not anew wherever they are called: loops over
 * descriptors would be too much otherwise.
 */
__noinline int is_socket(__s64 fd)
{
	return socket_of_fd(bpf_get_current_task_btf(), fd) != NULL;
}

/* clang makes a library call of __builtin_ctzll() here. 64 of none. */
__noinline int lowest_bit(__u64 word)
{
	int n = 0;

	for (; n < 64 && !(word >> n & 1); n++)
		;
	return n;
}

static __always_inline void note_wait(struct call_event *c, __s32 fd, __u32 events, __u32 revents)
{
	c->value.wait.fd = fd;
	c->value.wait.events = events;
	c->value.wait.revents = revents;
	c->flags |= CALL_FLAG_VALUE;
}

/* The first socket that is ready, or else the first one. */
static __always_inline __s32 polled(struct call_event *c, const __s64 *args)
{
	struct user_pollfd p = {};
	__s32 found = -1;

	for (int i = 0; i < WAITED_MAX && i < args[1]; i++) {
		read_user(&p, sizeof(p), args[0] + i * sizeof(p));
		if ((found >= 0 && !p.revents) || !is_socket(p.fd))
			continue;
		note_wait(c, p.fd, p.events, p.revents);
		found = p.fd;
		if (p.revents)
			break;
	}
	return found;
}

/* The lowest socket of a set for select(); -1 = none among those looked at. */
__noinline int first_of_set(__u64 set, __s64 most)
{
	for (int i = 0; set && i < SET_WORDS && i * 64 < most; i++) {
		__u64 word = 0;

		read_user(&word, sizeof(word), set + i * sizeof(word));
		for (int tries = 0; tries < SET_TRIES && word; tries++, word &= word - 1) {
			__s32 fd = i * 64 + lowest_bit(word);

			if (fd < most && is_socket(fd))
				return fd;
		}
	}
	return -1;
}

/* At entry the sets hold what is waited for, at exit what is ready. */
static __always_inline __s32 selected(struct call_event *c, const __s64 *args, bool ready)
{
	__u32 events = SET_READ;
	__s32 fd = first_of_set(args[1], args[0]);

	if (fd < 0) {
		events = SET_WRITE;
		fd = first_of_set(args[2], args[0]);
	}
	if (fd >= 0)
		note_wait(c, fd, ready ? 0 : events, ready ? events : 0);
	return fd;
}

/* epoll_ctl: remember what the events of this descriptor will be called. */
static __always_inline void note_watch(struct call_event *c, __u32 pid, const __s64 *args, long ret)
{
	struct user_epoll_event ev = {};
	struct watched_key key = {.pid = pid, .epoll_fd = args[0]};
	__s32 fd = args[2];

	if (args[1] == EPOLL_DEL)
		return;
	read_user(&ev, sizeof(ev), args[3]);
	c->value.watch.events = ev.events;
	c->value.watch.data = ev.data;
	c->flags |= CALL_FLAG_VALUE;
	if (ret < 0)
		return;
	key.data = ev.data;
	bpf_map_update_elem(&watched, &key, &fd, BPF_ANY);
	key.data = (__u64)WATCHED_ANY;
	bpf_map_update_elem(&watched, &key, &fd, BPF_ANY);
}

/* epoll_wait: the first event that is a socket's; without one, the socket last added to the set. */
static __always_inline __s32 epolled(struct call_event *c, __u32 pid, const __s64 *args, long ret)
{
	struct watched_key key = {.pid = pid, .epoll_fd = args[0]};
	struct user_epoll_event ev = {};
	__s32 *fd;

	for (int i = 0; i < EPOLLED_MAX && i < ret; i++) {
		read_user(&ev, sizeof(ev), args[1] + i * sizeof(ev));
		key.data = ev.data;
		fd = bpf_map_lookup_elem(&watched, &key);
		if (fd && is_socket(*fd)) {
			note_wait(c, *fd, 0, ev.events);
			return *fd;
		}
	}
	key.data = (__u64)WATCHED_ANY;
	fd = ret > 0 ? NULL : bpf_map_lookup_elem(&watched, &key);
	if (!fd || !is_socket(*fd))
		return -1;
	note_wait(c, *fd, 0, 0);
	return *fd;
}

#endif
