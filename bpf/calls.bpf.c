/* SPDX-License-Identifier: (MIT OR GPL-2.0-only)
 *
 * The calls level: every system call on a socket as it returns, with arguments, result and
 * duration. On only when somebody looks: any program on sys_enter or sys_exit slows every system
 * call of every process a little.
 *
 * Sends and receives name their socket by themselves, inside the call (call_slot.bpf.h), with the
 * sequence numbers of just these bytes; everything else, and kernels without those tracepoints,
 * goes from the descriptor.
 */
#include "bpf/call_slot.bpf.h"
#include "bpf/call_values.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile bool lengths_are_seen = false; /* the two tracepoints are there */

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

/* --- the socket of a descriptor: it can only be read --- */

static __always_inline void fill_socket(struct call_slot *s, struct sock *sk)
{
	struct sock_event *ev = &s->c.ev;

	if (s->sk != (__u64)sk)
		forget_socket(s);
	set_socket(s, sk);
	set_cookie(s, BPF_CORE_READ(sk, __sk_common.skc_cookie.counter));
	fill_identity(ev, sk);
	if (is_inet(ev->family)) {
		fill_ends(ev, sk);
		s->ports = BPF_CORE_READ(sk, __sk_common.skc_portpair);
	}
}

/* --- entry --- */

/* What is gone, or overwritten, once the call returns. */
static __always_inline void note_before(struct call_slot *s, struct task_struct *task)
{
	const __s64 *args = s->a.args;

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

/*
 * Called, not inlined, as exited() is: the program itself then neither calls the kernel nor saves a
 * register, and a call of somebody who is not in scope costs what an empty program does.
 */
static __noinline int entered(unsigned long long *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	__u8 call = call_of(ctx[1]);
	struct task_struct *task;
	struct call_slot *s;

	if (call == CALL_NONE)
		return 0;
	task = bpf_get_current_task_btf();
	s = slot_of(task);
	if (!s)
		return 0;
	if (call == CALL_COUNT) {
		forget_owner(s);
		return 0;
	}
	s->call = call;
	s->a.call = call;
	s->c.flags = 0;
	s->is_short = 0;
	call_args(regs, s->a.args);
	note_before(s, task);
	s->start_ns = bpf_ktime_get_ns(); /* last, so as not to measure ourselves */
	return 0;
}

SEC("tp_btf/sys_enter")
int call_entered(unsigned long long *ctx)
{
	return scope_may_have_caller((void *)ctx[0]) ? entered(ctx) : 0;
}

/* --- exit --- */

/* The descriptor that a call is about; -1 = none. */
static __always_inline __s32 fd_of(struct call_slot *s, struct task_struct *task, long ret)
{
	struct call_event *c = &s->c;
	const __s64 *args = s->a.args;

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
	const __s64 *args = s->a.args;

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
		set_range(s, BPF_CORE_READ(tp, write_seq), ret);
	else if (is_among(s->call, READS) && s->call != CALL_RECVMMSG && !is_glance(s))
		set_range(s, BPF_CORE_READ(tp, copied_seq), ret);
}

static __always_inline bool is_about_sockets(const struct call_slot *s)
{
	enum about about = about_of(s->call);

	return s->c.flags & CALL_FLAG_SOCKET || about == ABOUT_SOCKET || about == ABOUT_NONE ||
	       (about == ABOUT_MADE && s->call != CALL_PIDFD_GETFD);
}

static __noinline int finish(struct call_slot *s, struct task_struct *task, long ret)
{
	struct call_event *c = &s->c;
	struct sock_event *ev = &c->ev;

	if (s->call == CALL_SOCKETPAIR)
		note_values(c, s->call, s->a.args, ret);
	ev->fd = fd_of(s, task, ret);
	find_socket(s, task, ret);
	if (!is_about_sockets(s))
		return 0;
	find_range(s, ret);
	if (s->call == CALL_EPOLL_CTL)
		note_watch(c, task->tgid, s->a.args, ret);
	else if (s->call != CALL_SOCKETPAIR)
		note_values(c, s->call, s->a.args, ret);
	if (!is_socket_in_scope(c))
		return 0;
	if (!s->start_ns)
		c->flags |= CALL_FLAG_RESUMED;
	send_full(s, task);
	return 0;
}

/* Under way since before the tracing. Whose a closed descriptor was, nobody knows by now. */
static __noinline struct call_slot *slot_resumed(struct task_struct *task,
						      struct pt_regs *regs, __u8 call)
{
	struct call_slot *s = slot_of(task);

	if (!s || call == CALL_CLOSE)
		return NULL;
	s->call = call;
	s->a.call = call;
	call_args(regs, s->a.args);
	return s;
}

static __noinline int exited(unsigned long long *ctx)
{
	struct pt_regs *regs = (void *)ctx[0];
	long ret = ctx[1];
	__u8 call = call_of(call_number(regs));
	struct task_struct *task;
	struct call_slot *s;

	if (call == CALL_NONE || call == CALL_COUNT)
		return 0;
	task = bpf_get_current_task_btf();
	s = slot_known(task);
	if (!s)
		s = slot_resumed(task, regs, call);
	if (!s)
		return 0;
	if (s->call == call) {
		s->a.time_ns = bpf_ktime_get_ns();
		s->a.result = ret;
		s->a.duration_ns = s->start_ns ? s->a.time_ns - s->start_ns : 0;
		if (s->is_short)
			send_short(s);
		else
			finish(s, task, ret);
	}
	s->call = CALL_NONE;
	s->start_ns = 0;
	return 0;
}

SEC("tp_btf/sys_exit")
int call_exited(unsigned long long *ctx)
{
	return scope_may_have_caller((void *)ctx[0]) ? exited(ctx) : 0;
}

/* Its element is free for the next; what is in its storage goes with it. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(caller_ended, struct task_struct *task)
{
	struct call_slot *s = slot_near(task);

	if (s)
		s->thread = 0;
	return 0;
}

/* Threads that there are already; later ones are marked as they begin (follow.bpf.h). */
SEC("iter/task")
int caller_known(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (task && scope_may_have_process(task))
		scope_mark_caller(task);
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
	s = slot_get(task);
	if (!s || s->call == CALL_NONE)
		return 0;
	c = &s->c;
	c->ev.kind = SOCK_EVENT_CALL;
	c->ev.fd = (__s32)s->a.args[0];
	sk = socket_of_fd(task, c->ev.fd);
	if (!sk)
		return 0;
	fill_socket(s, sk);
	fill_owner(&c->ev, task);
	c->flags = CALL_FLAG_UNFINISHED | CALL_FLAG_SOCKET;
	if (!is_socket_in_scope(c))
		return 0;
	__builtin_memcpy(c->ev.call.args, s->a.args, sizeof(s->a.args));
	c->ev.call.call = s->call;
	c->ev.call.result = 0;
	c->ev.time_ns = bpf_ktime_get_ns();
	c->ev.call.duration_ns = c->ev.time_ns - s->start_ns;
	bpf_seq_write(ctx->meta->seq, c, offsetof(struct call_event, name_len));
	return 0;
}
