/* SPDX-License-Identifier: (MIT OR GPL-2.0-only)
 *
 * The calls level: entry and exit of every system call on a socket, with arguments, result and
 * duration, of one process or of all. On only when somebody looks: any program on sys_enter or
 * sys_exit slows every system call of every process a little.
 */
#include "bpf/sock.bpf.h"
#include "bpf/syscall.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile __u32 scope_pid = 0; /* 0 = every process */

/* Calls between their entry and their exit, by thread. LRU: a killed thread never comes back. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, CALLS_IN_FLIGHT_MAX);
	__type(key, __u64);
	__type(value, struct sock_event);
} in_flight SEC(".maps");

static const struct sock_event blank_event = {};

/* Calls that are about sockets only if their descriptor is one. */
static __always_inline bool is_about_any_file(__u8 call)
{
	return call == CALL_READ || call == CALL_READV || call == CALL_WRITE ||
	       call == CALL_WRITEV || call == CALL_CLOSE;
}

static __always_inline bool in_scope(struct task_struct *task)
{
	return (!scope_pid || task->tgid == scope_pid) && !is_compat(task);
}

/* A socket that nothing gave a cookie, such as a Unix one, is told apart by its address. */
static __always_inline void fill_socket(struct sock_event *ev, struct sock *sk)
{
	ev->cookie = cookie_read(sk);
	ev->flags = cookie_is_address ? SOCK_FLAG_NO_COOKIE : 0;
	if (!ev->cookie) {
		ev->cookie = scramble((__u64)sk);
		ev->flags = SOCK_FLAG_NO_COOKIE;
	}
	fill_identity(ev, sk);
	if (is_inet(ev->family))
		fill_ends(ev, sk);
}

SEC("tp_btf/sys_enter")
int BPF_PROG(call_entered, struct pt_regs *regs, long nr)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 thread = bpf_get_current_pid_tgid();
	__u8 call = call_of(nr);
	struct sock_event *ev;
	struct sock *sk;

	if (call == CALL_NONE || !in_scope(task))
		return 0;
	sk = call == CALL_SOCKET ? NULL : socket_of_fd(task, (__s32)PT_REGS_PARM1_CORE_SYSCALL(regs));
	if (!sk && is_about_any_file(call))
		return 0;
	bpf_map_update_elem(&in_flight, &thread, &blank_event, BPF_ANY);
	ev = bpf_map_lookup_elem(&in_flight, &thread);
	if (!ev)
		return 0;
	ev->kind = SOCK_EVENT_CALL;
	ev->call.call = call;
	call_args(regs, ev->call.args);
	if (sk)
		fill_socket(ev, sk);
	ev->time_ns = bpf_ktime_get_ns(); /* last, so as not to measure ourselves */
	return 0;
}

static __always_inline void send_call(struct sock_event *ev)
{
	struct probe_control *c = control_get();

	if (bpf_ringbuf_output(&ring, ev, sizeof(*ev), ring_wakeup()) && c)
		__sync_fetch_and_add(&c->ring_full, 1);
}

/* The socket is looked at again: connect() gave it ports, accept() made another one. */
SEC("tp_btf/sys_exit")
int BPF_PROG(call_exited, struct pt_regs *regs, long ret)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 thread = bpf_get_current_pid_tgid();
	__u64 now = bpf_ktime_get_ns();
	struct sock_event *ev;
	struct sock *sk;
	__u8 call = call_of(call_number(regs));

	if (call == CALL_NONE || !in_scope(task))
		return 0;
	ev = bpf_map_lookup_elem(&in_flight, &thread);
	if (!ev)
		return 0;
	if (ev->call.call == call) {
		ev->fd = call_fd(call, ev->call.args, ret);
		sk = call == CALL_CLOSE ? NULL : socket_of_fd(task, ev->fd);
		if (sk)
			fill_socket(ev, sk);
		fill_owner(ev, task);
		ev->call.result = ret;
		ev->call.duration_ns = now - ev->time_ns;
		ev->time_ns = now;
		send_call(ev);
	}
	bpf_map_delete_elem(&in_flight, &thread);
	return 0;
}
