/* SPDX-License-Identifier: MIT
 *
 * The calls level, between its programs on system calls (calls.bpf.c) and accounting, which sees
 * sends and receives inside their calls (accounting.bpf.c): a slot for each thread in scope. It
 * pairs the two ends of a call and keeps what was last told of the thread and of its sockets, so
 * that one plain call after the other costs a short record only (struct call_again).
 *
 * What a call costs is counted in nanoseconds here: a slot is near, an element of an array, for
 * almost every thread, and in the kernel's storage of the thread for one that finds its element
 * taken. Short records do not take the ring with its lock, but a queue of their own for each CPU.
 */
#ifndef SOCKLENS_BPF_CALL_SLOT_BPF_H
#define SOCKLENS_BPF_CALL_SLOT_BPF_H

#include "bpf/sock.bpf.h"
#include "bpf/call_event.h"

/* A socket that was told of in full, as it was then. */
struct told_socket {
	__u64 sk, cookie;
	__u64 time_ns; /* 0 = the thread has another name or user since */
	__u32 ports;
	__u8 state;
	__u8 again; /* short records that may follow; 0 = a full one is due */
	__u8 turn;  /* of full records */
	__u8 pad;
};

enum { TOLD = 4 }; /* a thread, by the low bits of the descriptor */

struct call_slot {
	struct call_event c; /* a full record, but for what is in `a` */
	struct call_again a; /* what every call changes */
	__u64 thread;	     /* whose slot this is; 0 = nobody's */
	__u64 born_ns;	     /* numbers of threads are used again */
	__u64 start_ns;	     /* 0 = the beginning was not seen */
	__u64 sk;	     /* whose facts `c` holds; 0 = nobody's */
	__u64 raw_cookie;    /* of it, as the kernel has it: 0 = none */
	__u32 ports;	     /* of the socket */
	__u32 call;	     /* CALL_NONE = between calls */
	__u32 caller;	     /* a number for the thread */
	__u32 sent;	     /* records */
	__u32 is_short;	     /* the call under way needs no full record */
	__u32 pad;
	struct told_socket told[TOLD];
};

enum {
	WAKEUP_EVERY = 16,
	AGAIN_MOST = 63,  /* then a full one, for a reader that has lost the last */
	/* Who changes its own name or user does so by a call, which is seen; others may do it, too.
	 */
	OWNER_HOLDS_NS = 10000000,
};

/* By the low bits of the thread's number. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SLOTS_NEAR);
	__type(key, __u32);
	__type(value, struct call_slot);
} slots_near SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct call_slot);
} slots_far SEC(".maps");

const volatile __u64 queue_calls = 1; /* short records that a queue holds; set by the loader */

/* One a CPU, read by user space where it is. How many and how large the loader says. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, struct call_queue);
} call_queues SEC(".maps");

/* --- slots --- */

static __always_inline struct call_slot *slot_at(struct task_struct *task)
{
	__u32 i = (__u32)task->pid % SLOTS_NEAR;

	return bpf_map_lookup_elem(&slots_near, &i);
}

static __always_inline struct call_slot *slot_near(struct task_struct *task)
{
	struct call_slot *s = slot_at(task);

	return s && s->thread == (__u32)task->pid && s->born_ns == task->start_boottime ? s : NULL;
}

static __always_inline struct call_slot *slot_known(struct task_struct *task)
{
	struct call_slot *s = slot_near(task);

	return s ? s : bpf_task_storage_get(&slots_far, task, NULL, 0);
}

/* Most threads are not in scope: a look at the marks tells, and that is all they pay. */
static __always_inline struct call_slot *slot_get(struct task_struct *task)
{
	return scope_may_have_process(task) ? slot_known(task) : NULL;
}

static __always_inline struct call_slot *slot_new(struct task_struct *task)
{
	struct probe_control *control = control_get();
	struct call_slot *s = slot_at(task);

	if (!s || !control)
		return NULL;
	if (__sync_val_compare_and_swap(&s->thread, 0, (__u64)(__u32)task->pid))
		s = bpf_task_storage_get(&slots_far, task, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!s)
		return NULL;
	s->born_ns = task->start_boottime;
	s->caller = __sync_fetch_and_add(&control->callers, 1);
	s->call = CALL_NONE;
	s->start_ns = 0;
	__builtin_memset(s->told, 0, sizeof(s->told));
	return s;
}

/* The slot of a thread in scope, new if need be; a look at the marks said that it may be. */
static __always_inline struct call_slot *slot_of(struct task_struct *task)
{
	struct call_slot *s = slot_known(task);

	if (s && !scope_may_let_go())
		return s;
	if (is_compat(task) || !scope_has_process(task))
		return NULL;
	return s ? s : slot_new(task);
}

static __always_inline void count_lost(void)
{
	struct probe_control *control = control_get();

	if (control)
		__sync_fetch_and_add(&control->calls_lost, 1);
}

static __always_inline void clear_ends(struct sock_event *ev)
{
	__builtin_memset(ev->local, 0, sizeof(ev->local) + sizeof(ev->remote));
	ev->local_port = 0;
	ev->remote_port = 0;
}

static __always_inline void forget_socket(struct call_slot *s)
{
	struct sock_event *ev = &s->c.ev;

	s->sk = 0;
	s->c.flags &= ~CALL_FLAG_SOCKET;
	ev->cookie = 0;
	ev->flags = ev->type = ev->tcp_state = 0;
	ev->family = ev->proto = 0;
	ev->netns = 0;
	clear_ends(ev);
}

/* An address as a number: a typed pointer cannot be computed with, but it can be stored. */
static __always_inline void set_socket(struct call_slot *s, struct sock *sk)
{
	s->sk = (__u64)sk;
	s->c.flags |= CALL_FLAG_SOCKET;
}

/* One that nothing gave a cookie is told apart by its address. */
static __always_inline void set_cookie(struct call_slot *s, __u64 cookie)
{
	struct sock_event *ev = &s->c.ev;

	s->raw_cookie = cookie;
	ev->cookie = cookie_is_address ? 0 : cookie;
	ev->flags = 0;
	if (ev->cookie)
		return;
	ev->cookie = scramble(*(volatile __u64 *)&s->sk);
	ev->flags = SOCK_FLAG_NO_COOKIE;
}

/* --- the record --- */

/* How full the ring is need not be asked each time: it holds thousands. */
static __always_inline __u64 call_wakeup(struct call_slot *s)
{
	if (s->sent++ % WAKEUP_EVERY)
		return BPF_RB_NO_WAKEUP;
	return bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) >
			       bpf_ringbuf_query(&ring, BPF_RB_RING_SIZE) / 4
		       ? BPF_RB_FORCE_WAKEUP
		       : BPF_RB_NO_WAKEUP;
}

static __always_inline struct told_socket *told_of(struct call_slot *s)
{
	return &s->told[s->a.args[0] & (TOLD - 1)];
}

static __always_inline __u32 place_of(struct call_slot *s)
{
	return s->caller * TOLD + (s->a.args[0] & (TOLD - 1));
}

static __always_inline void note_told(struct call_slot *s)
{
	struct told_socket *t = told_of(s);

	/* With a scope of ports the call's address may have been what was in scope. */
	t->again = s->c.flags & CALL_FLAG_SOCKET && !scope.port_count ? AGAIN_MOST : 0;
	t->time_ns = s->a.time_ns;
	t->sk = s->sk;
	t->cookie = s->raw_cookie;
	t->ports = s->ports;
	t->state = s->c.ev.tcp_state;
}

static __always_inline void forget_owner(struct call_slot *s)
{
	for (int i = 0; i < TOLD; i++)
		s->told[i].time_ns = 0;
}

/* Everything, from `c` and `a`. */
static __always_inline void send_full(struct call_slot *s, struct task_struct *task)
{
	struct call_event *c = &s->c;
	__u64 size = c->flags & CALL_FLAG_NAME ? sizeof(*c) : offsetof(struct call_event, name_len);

	fill_owner(&c->ev, task);
	c->ev.kind = SOCK_EVENT_CALL;
	c->ev.time_ns = s->a.time_ns;
	__builtin_memcpy(c->ev.call.args, s->a.args, sizeof(s->a.args));
	c->ev.call.result = s->a.result;
	c->ev.call.duration_ns = s->a.duration_ns;
	c->ev.call.call = s->a.call;
	c->ev.call.place = place_of(s);
	c->ev.call.turn = ++told_of(s)->turn;
	c->seq = s->a.seq;
	c->seq_end = s->a.seq_end;
	if (bpf_ringbuf_output(&ring, c, size, call_wakeup(s)) == 0) {
		note_told(s);
	} else {
		told_of(s)->again = 0;
		count_lost();
	}
}

/* Behind all stores before it. */
static __always_inline void publish(__u64 *mark, __u64 value)
{
#if defined(__TARGET_ARCH_x86)
	asm volatile("" ::: "memory");
	*(volatile __u64 *)mark = value;
#else
	__sync_lock_test_and_set(mark, value);
#endif
}

/* By the ring: a record that says nothing. */
static __always_inline void wake_reader(void)
{
	__u64 nothing = 0;

	bpf_ringbuf_output(&ring, &nothing, sizeof(nothing), BPF_RB_FORCE_WAKEUP);
}

/*
 * A call that differs from what was told by `a` only. The kernel runs the program that calls this one
 * at a time on a CPU, so that the queue's head needs no locked instruction.
 */
static __always_inline void send_short(struct call_slot *s)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct call_queue *q = bpf_map_lookup_elem(&call_queues, &cpu);
	struct call_again *to;
	__u64 at;

	if (!q || q->head - q->tail >= queue_calls) {
		count_lost();
		return;
	}
	at = q->head;
	*(volatile __u64 *)&q->head = at + 1;
	if ((at & (queue_calls / 8 - 1)) == 0 && at - q->tail > queue_calls / 4)
		wake_reader();
	to = &q->calls[at & (queue_calls - 1)];
	s->a.flags = s->c.flags;
	s->a.place = place_of(s);
	s->a.turn = told_of(s)->turn;
	__builtin_memcpy(to, &s->a, offsetof(struct call_again, mark));
	publish(&to->mark, at + 1);
}

static __always_inline void set_range(struct call_slot *s, __u32 end, __s64 bytes)
{
	if (bytes <= 0)
		return;
	if (!(s->c.flags & CALL_FLAG_BYTES))
		s->a.seq = end - (__u32)bytes;
	s->a.seq_end = end;
	s->c.flags |= CALL_FLAG_BYTES;
}

/* A scope of ports or namespaces asks for a socket; a datagram's port may be in the call's address.
 */
static __always_inline bool is_socket_in_scope(const struct call_event *c)
{
	__u16 named = c->flags & CALL_FLAG_NAME ? c->name[2] << 8 | c->name[3] : 0;

	if (!(c->flags & CALL_FLAG_SOCKET))
		return !scope.port_count && !scope.netns_count;
	return scope_has_netns(c->ev.netns) &&
	       (scope_has_ports(c->ev.local_port, c->ev.remote_port) ||
		(is_inet(c->ev.family) && scope_has_ports(named, named)));
}

/* --- sets of calls --- */

#define BIT(call) (1ull << (call))
#define READS                                                                                      \
	(BIT(CALL_RECVFROM) | BIT(CALL_RECVMSG) | BIT(CALL_RECVMMSG) | BIT(CALL_READ) |            \
	 BIT(CALL_READV) | BIT(CALL_PREAD64) | BIT(CALL_PREADV) | BIT(CALL_PREADV2))
#define WRITES                                                                                     \
	(BIT(CALL_SENDTO) | BIT(CALL_SENDMSG) | BIT(CALL_SENDMMSG) | BIT(CALL_WRITE) |             \
	 BIT(CALL_WRITEV) | BIT(CALL_PWRITE64) | BIT(CALL_PWRITEV) | BIT(CALL_PWRITEV2) |          \
	 BIT(CALL_SENDFILE) | BIT(CALL_SPLICE))

_Static_assert(CALL_COUNT <= 64, "sets of calls are bits");

static __always_inline bool is_among(__u32 call, __u64 set)
{
	return call < CALL_COUNT && set >> call & 1;
}

#endif
