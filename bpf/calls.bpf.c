/* SPDX-License-Identifier: (MIT OR GPL-2.0-only)
 *
 * The calls level: every system call on a socket as it returns, with arguments, result and duration.
 * On only when somebody looks: any program on sys_enter or sys_exit slows every system call of every
 * process a little.
 *
 * Each thread in scope has a slot that pairs the two ends of its calls and holds the record to be sent. The
 * slot keeps the socket of the thread's last call, so that a thread that goes on with one socket pays
 * for reading its addresses once. Sends and receives name their socket by themselves, in the tracepoints
 * sock_send_length and sock_recv_length inside the call, with the sequence numbers of just these bytes;
 * everything else, and kernels without them, goes from the descriptor.
 */
#include "bpf/sock.bpf.h"
#include "bpf/call_values.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile bool lengths_are_seen = false; /* the two tracepoints are there */

struct call_slot {
	struct call_event c;
	__u64 start_ns; /* 0 = the beginning was not seen */
	__u64 sk;	/* whose facts `c` holds; 0 = nobody's */
	__u32 ports;	/* of them */
	__u32 pad;
	__u32 call;	/* CALL_NONE = between calls */
	__u32 sent;	/* records */
};

enum { WAKEUP_EVERY = 16 };

/* By thread. A thread that finds it full is told of all the same, without a beginning. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, CALLERS_MAX);
	__type(key, __u32);
	__type(value, struct call_slot);
} callers SEC(".maps");

static const struct call_slot blank_slot = {};

/* --- rows --- */

enum about { ABOUT_NONE, ABOUT_SOCKET, ABOUT_FILE, ABOUT_MADE, ABOUT_WAITED, ABOUT_INSIDE };

static __always_inline enum about about_of(__u8 call)
{
	static const __u8 about[CALL_COUNT] = {
#define X(id, name, what, fd) ABOUT_##what,
		CALL_ROWS(X)
#undef X
	};

	return call < CALL_COUNT ? about[call] : ABOUT_NONE;
}

#define BIT(call) (1ull << (call))
#define READS (BIT(CALL_RECVFROM) | BIT(CALL_RECVMSG) | BIT(CALL_RECVMMSG) | BIT(CALL_READ) |         \
	       BIT(CALL_READV) | BIT(CALL_PREAD64) | BIT(CALL_PREADV) | BIT(CALL_PREADV2))
#define WRITES (BIT(CALL_SENDTO) | BIT(CALL_SENDMSG) | BIT(CALL_SENDMMSG) | BIT(CALL_WRITE) |         \
		BIT(CALL_WRITEV) | BIT(CALL_PWRITE64) | BIT(CALL_PWRITEV) | BIT(CALL_PWRITEV2) |       \
		BIT(CALL_SENDFILE) | BIT(CALL_SPLICE))

_Static_assert(CALL_COUNT <= 64, "sets of calls are bits");

static __always_inline bool is_among(__u32 call, __u64 set)
{
	return call < CALL_COUNT && set >> call & 1;
}

/* --- slots --- */

static __always_inline bool in_scope(struct task_struct *task)
{
	return scope_has_process(task) && !is_compat(task);
}

static __always_inline struct call_slot *slot_get(__u32 thread)
{
	return bpf_map_lookup_elem(&callers, &thread);
}

static __always_inline struct call_slot *slot_of(__u32 thread)
{
	struct call_slot *s = slot_get(thread);

	if (s)
		return s;
	bpf_map_update_elem(&callers, &thread, &blank_slot, BPF_NOEXIST);
	return slot_get(thread);
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

/* Of a socket that only can be read. One that nothing gave a cookie is told apart by its address. */
static __always_inline void fill_socket(struct call_slot *s, struct sock *sk)
{
	struct sock_event *ev = &s->c.ev;
	__u64 address = address_of(sk);

	if (s->sk != address)
		forget_socket(s);
	s->sk = address;
	s->c.flags |= CALL_FLAG_SOCKET;
	ev->cookie = cookie_read(sk);
	ev->flags = cookie_is_address ? SOCK_FLAG_NO_COOKIE : 0;
	if (!ev->cookie) {
		ev->cookie = scramble(address);
		ev->flags = SOCK_FLAG_NO_COOKIE;
	}
	fill_identity(ev, sk);
	if (is_inet(ev->family)) {
		fill_ends(ev, sk);
		s->ports = BPF_CORE_READ(sk, __sk_common.skc_portpair);
	}
}

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

	s->sk = address_of(sk);
	s->c.flags |= CALL_FLAG_SOCKET;
	ev->cookie = cookie_is_address ? 0 : sk->__sk_common.skc_cookie.counter;
	ev->flags = 0;
	if (!ev->cookie) {
		ev->cookie = scramble(s->sk);
		ev->flags = SOCK_FLAG_NO_COOKIE;
	}
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

/* --- the record --- */

/* How full the ring is need not be asked each time: it holds thousands. */
static __always_inline __u64 call_wakeup(struct call_slot *s)
{
	if (s->sent++ % WAKEUP_EVERY)
		return BPF_RB_NO_WAKEUP;
	return bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) >
			       bpf_ringbuf_query(&ring, BPF_RB_RING_SIZE) / 4 ?
		       BPF_RB_FORCE_WAKEUP :
		       BPF_RB_NO_WAKEUP;
}

static __always_inline void send_call(struct call_slot *s)
{
	struct call_event *c = &s->c;
	__u64 wakeup = call_wakeup(s);
	long refused;

	c->ev.kind = SOCK_EVENT_CALL;
	if (c->flags & CALL_FLAG_NAME)
		refused = bpf_ringbuf_output(&ring, c, sizeof(*c), wakeup);
	else
		refused = bpf_ringbuf_output(&ring, c, offsetof(struct call_event, name_len), wakeup);
	if (refused)
		count_lost();
}

static __always_inline void set_range(struct call_event *c, __u32 end, __s64 bytes)
{
	if (bytes <= 0)
		return;
	if (!(c->flags & CALL_FLAG_BYTES))
		c->seq = end - (__u32)bytes;
	c->seq_end = end;
	c->flags |= CALL_FLAG_BYTES;
}

/* A scope of ports or namespaces asks for a socket; a datagram's port may be in the call's address. */
static __always_inline bool is_socket_in_scope(const struct call_event *c)
{
	__u16 named = c->flags & CALL_FLAG_NAME ? c->name[2] << 8 | c->name[3] : 0;

	if (!(c->flags & CALL_FLAG_SOCKET))
		return !scope.port_count && !scope.netns_count;
	return scope_has_netns(c->ev.netns) &&
	       (scope_has_ports(c->ev.local_port, c->ev.remote_port) ||
		(is_inet(c->ev.family) && scope_has_ports(named, named)));
}

/* --- sends and receives, inside the call: this socket, these bytes --- */

static __always_inline bool is_same_socket(const struct call_slot *s, struct sock *sk)
{
	return s->c.ev.cookie == (__u64)sk->__sk_common.skc_cookie.counter &&
	       s->c.ev.tcp_state == sk->__sk_common.skc_state &&
	       s->ports == sk->__sk_common.skc_portpair && s->sk == address_of(sk);
}

/* io_uring and AIO have no call that would return these bytes: the record is made here. */
static __always_inline void send_async(struct call_slot *s, struct task_struct *task, bool sending,
				       long ret)
{
	struct call_event *c = &s->c;

	c->ev.time_ns = bpf_ktime_get_ns();
	c->ev.fd = -1;
	c->ev.call.call = sending ? CALL_ASYNC_SEND : CALL_ASYNC_RECV;
	c->ev.call.result = ret;
	c->ev.call.duration_ns = 0;
	fill_owner(&c->ev, task);
	send_call(s);
	c->flags = 0;
	c->ev.call.call = s->call;
}

static __always_inline void moved(struct sock *sk, long ret, bool sending, bool counts)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct call_slot *s;
	bool inside;

	/* Without a file it is the kernel's own: a disk or a file system of another machine. */
	if (!in_scope(task) || !sk->sk_socket || !sk->sk_socket->file)
		return;
	s = slot_of(task->pid);
	if (!s)
		return;
	inside = is_among(s->call, sending ? WRITES : READS);
	if (!inside)
		s->c.flags = 0;
	if (is_same_socket(s, sk))
		s->c.flags |= CALL_FLAG_SOCKET;
	else
		fill_given_socket(s, sk);
	if (s->c.ev.proto == IPPROTO_TCP && counts) {
		struct tcp_sock *tp = (struct tcp_sock *)sk;

		set_range(&s->c, sending ? BPF_CORE_READ(tp, write_seq) : BPF_CORE_READ(tp, copied_seq),
			  ret);
	}
	if (!inside && is_socket_in_scope(&s->c))
		send_async(s, task, sending, ret);
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(call_sent, struct sock *sk, int ret)
{
	moved(sk, ret, true, true);
	return 0;
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(call_received, struct sock *sk, int ret, int flags)
{
	moved(sk, ret, false, !(flags & MSG_PEEK));
	return 0;
}

/* --- entry --- */

/* What is gone, or overwritten, once the call returns. */
static __always_inline void note_before(struct call_slot *s, struct task_struct *task)
{
	const __s64 *args = s->c.ev.call.args;

	if (s->call == CALL_CLOSE) {
		struct sock *sk = socket_of_fd(task, (__s32)args[0]);

		if (sk)
			fill_socket(s, sk);
		else
			s->call = CALL_NONE;
	} else if (s->call == CALL_SELECT || s->call == CALL_PSELECT6) {
		if (selected(&s->c, args, false) < 0)
			s->call = CALL_NONE;
	}
}

SEC("tp_btf/sys_enter")
int BPF_PROG(call_entered, struct pt_regs *regs, long nr)
{
	__u8 call = call_of(nr);
	struct task_struct *task;
	struct call_slot *s;

	if (call == CALL_NONE)
		return 0;
	task = bpf_get_current_task_btf();
	if (!in_scope(task))
		return 0;
	s = slot_of(task->pid);
	if (!s)
		return 0;
	s->call = call;
	s->c.flags = 0;
	call_args(regs, s->c.ev.call.args);
	note_before(s, task);
	s->start_ns = bpf_ktime_get_ns(); /* last, so as not to measure ourselves */
	return 0;
}

/* --- exit --- */

/* The descriptor that a call is about; -1 = none. */
static __always_inline __s32 fd_of(struct call_slot *s, struct task_struct *task, long ret)
{
	struct call_event *c = &s->c;
	const __s64 *args = c->ev.call.args;

	switch (s->call) {
	case CALL_SOCKET:
	case CALL_PIDFD_GETFD: return ret >= 0 ? ret : -1;
	case CALL_ACCEPT:
	case CALL_ACCEPT4: return ret >= 0 ? ret : args[0];
	case CALL_SOCKETPAIR: return c->flags & CALL_FLAG_VALUE ? c->value.fds[0] : -1;
	case CALL_EPOLL_CTL: return args[2];
	case CALL_SPLICE: return is_socket((__s32)args[2]) ? args[2] : args[0];
	case CALL_POLL:
	case CALL_PPOLL: return polled(c, args);
	case CALL_SELECT:
	case CALL_PSELECT6: return ret > 0 ? selected(c, args, true) : c->value.wait.fd;
	case CALL_EPOLL_WAIT:
	case CALL_EPOLL_PWAIT:
	case CALL_EPOLL_PWAIT2: return epolled(c, task->tgid, args, ret);
	case CALL_IO_URING_ENTER:
	case CALL_IO_SUBMIT: return -1;
	default: return args[0];
	}
}

/* The socket, if the call did not name it from inside. Bytes that did not are no socket's. */
static __always_inline void find_socket(struct call_slot *s, struct task_struct *task, long ret)
{
	struct sock *sk;

	if (s->c.flags & CALL_FLAG_SOCKET)
		return;
	if (lengths_are_seen && ret > 0 && about_of(s->call) == ABOUT_FILE &&
	    is_among(s->call, READS | WRITES) && s->call != CALL_SPLICE)
		return;
	sk = socket_of_fd(task, s->c.ev.fd);
	if (sk)
		fill_socket(s, sk);
	else
		forget_socket(s);
}

static __always_inline bool is_glance(const struct call_slot *s)
{
	const __s64 *args = s->c.ev.call.args;

	switch (s->call) {
	case CALL_RECVFROM: return args[3] & MSG_PEEK;
	case CALL_RECVMSG: return args[2] & MSG_PEEK;
	default: return false;
	}
}

/* TCP's own numbers where no tracepoint told them: right unless another thread wrote or read as well. */
static __always_inline void find_range(struct call_slot *s, long ret)
{
	struct tcp_sock *tp = (struct tcp_sock *)s->sk;

	if (lengths_are_seen || !s->sk || s->c.ev.proto != IPPROTO_TCP)
		return;
	if (is_among(s->call, WRITES) && s->call != CALL_SENDMMSG)
		set_range(&s->c, BPF_CORE_READ(tp, write_seq), ret);
	else if (is_among(s->call, READS) && s->call != CALL_RECVMMSG && !is_glance(s))
		set_range(&s->c, BPF_CORE_READ(tp, copied_seq), ret);
}

static __always_inline bool is_told(const struct call_slot *s)
{
	enum about about = about_of(s->call);

	return s->c.flags & CALL_FLAG_SOCKET || about == ABOUT_SOCKET || about == ABOUT_NONE ||
	       (about == ABOUT_MADE && s->call != CALL_PIDFD_GETFD);
}

static __always_inline void finish(struct call_slot *s, struct task_struct *task, long ret, __u64 now)
{
	struct call_event *c = &s->c;
	struct sock_event *ev = &c->ev;

	if (s->call == CALL_SOCKETPAIR)
		note_values(c, s->call, ev->call.args, ret);
	ev->fd = fd_of(s, task, ret);
	find_socket(s, task, ret);
	if (!is_told(s))
		return;
	find_range(s, ret);
	if (s->call == CALL_EPOLL_CTL)
		note_watch(c, task->tgid, ev->call.args, ret);
	else if (s->call != CALL_SOCKETPAIR)
		note_values(c, s->call, ev->call.args, ret);
	if (!is_socket_in_scope(c))
		return;
	fill_owner(ev, task);
	ev->call.call = s->call;
	ev->call.result = ret;
	ev->call.duration_ns = s->start_ns ? now - s->start_ns : 0;
	ev->time_ns = now;
	if (!s->start_ns)
		c->flags |= CALL_FLAG_RESUMED;
	send_call(s);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(call_exited, struct pt_regs *regs, long ret)
{
	__u64 now;
	__u8 call = call_of(call_number(regs));
	struct task_struct *task;
	struct call_slot *s;

	if (call == CALL_NONE)
		return 0;
	task = bpf_get_current_task_btf();
	if (!in_scope(task))
		return 0;
	now = bpf_ktime_get_ns();
	s = slot_get(task->pid);
	if (!s) {
		/* Under way since before the tracing, or in a thread that found the map full. */
		s = slot_of(task->pid);
		if (!s)
			count_lost();
		if (!s || call == CALL_CLOSE)
			return 0;
		s->call = call;
		call_args(regs, s->c.ev.call.args);
	}
	if (s->call == call)
		finish(s, task, ret, now);
	s->call = CALL_NONE;
	s->start_ns = 0;
	return 0;
}

/* --- the end of a thread, and of the tracing --- */

SEC("tp_btf/sched_process_exit")
int BPF_PROG(caller_ended, struct task_struct *task)
{
	__u32 thread = task->pid;

	bpf_map_delete_elem(&callers, &thread);
	return 0;
}

/* What is still under way, for the reader of the iterator. */
SEC("iter/task")
int unfinished(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct call_slot *s;
	struct call_event *c;
	struct sock *sk;

	if (!task)
		return 0;
	s = slot_get(task->pid);
	if (!s || s->call == CALL_NONE)
		return 0;
	c = &s->c;
	c->ev.kind = SOCK_EVENT_CALL;
	c->ev.fd = (__s32)c->ev.call.args[0];
	sk = socket_of_fd(task, c->ev.fd);
	if (!sk)
		return 0;
	fill_socket(s, sk);
	fill_owner(&c->ev, task);
	c->flags = CALL_FLAG_UNFINISHED | CALL_FLAG_SOCKET;
	if (!is_socket_in_scope(c))
		return 0;
	c->ev.call.call = s->call;
	c->ev.call.result = 0;
	c->ev.time_ns = bpf_ktime_get_ns();
	c->ev.call.duration_ns = c->ev.time_ns - s->start_ns;
	bpf_seq_write(ctx->meta->seq, c, offsetof(struct call_event, name_len));
	return 0;
}
