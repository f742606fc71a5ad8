/* SPDX-License-Identifier: (MIT OR GPL-2.0-only)
 *
 * Accounting, plan S: for kernels without sock_send_length, from what every system call returns.
 *
 * A socket found through a file descriptor can only be read, so its cookie cannot be asked for: the
 * key is its address, scrambled. TCP sockets end with their tracepoint; nothing tells when datagram
 * sockets do, so the loader compares with the open files now and then, and an address that comes
 * back from socket() ends whatever had it before.
 */
#include "bpf/attempt.bpf.h"
#include "bpf/syscall.bpf.h"
#include "bpf/tcp.bpf.h"
#include "bpf/unix.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

enum { MESSAGES_MAX = 16 }; /* of one sendmmsg or recvmmsg that are looked at */

struct ended_call {
	__u8 call;
	long ret;
	__s64 args[SOCK_CALL_ARGS];
};

/* --- bytes --- */

/* sendmmsg and recvmmsg return a number of messages; each tells its length behind its header. */
static __always_inline __s64 messages_bytes(const struct ended_call *c)
{
	__u64 message = c->args[1];
	__s64 sum = 0;

	for (int i = 0; i < MESSAGES_MAX && i < c->ret; i++) {
		__u32 bytes = 0;

		bpf_probe_read_user(&bytes, sizeof(bytes),
				    (void *)(message + sizeof(struct user_msghdr)));
		sum += bytes;
		message += sizeof(struct user_msghdr) + 8;
	}
	return sum;
}

static __always_inline bool is_peek(const struct ended_call *c)
{
	switch (c->call) {
	case CALL_RECVFROM:
	case CALL_RECVMMSG: return c->args[3] & MSG_PEEK;
	case CALL_RECVMSG: return c->args[2] & MSG_PEEK;
	default: return false;
	}
}

static __always_inline void count_bytes(struct sock_entry *e, const struct ended_call *c)
{
	__s64 bytes = c->ret;

	switch (c->call) {
	case CALL_SENDMMSG: bytes = c->ret > 0 ? messages_bytes(c) : c->ret; /* fall through */
	case CALL_SENDTO:
	case CALL_SENDMSG:
	case CALL_WRITE:
	case CALL_WRITEV:
		entry_count_sent(e, bytes);
		return;
	case CALL_RECVMMSG: bytes = c->ret > 0 ? messages_bytes(c) : c->ret; /* fall through */
	case CALL_RECVFROM:
	case CALL_RECVMSG:
	case CALL_READ:
	case CALL_READV:
		if (!is_peek(c))
			entry_count_received(e, bytes);
	}
}

/* --- datagram peers --- */

/* Where the caller put, or got, the address of the other side; 0 = the call has none. */
static __always_inline __u64 name_of(const struct ended_call *c)
{
	__u64 name = 0;

	switch (c->call) {
	case CALL_SENDTO:
	case CALL_RECVFROM: return c->args[4];
	case CALL_SENDMSG:
	case CALL_SENDMMSG: /* its first message speaks for all */
	case CALL_RECVMSG:
	case CALL_RECVMMSG:
		bpf_probe_read_user(&name, sizeof(name), (void *)c->args[1]);
		return name;
	default: return 0;
	}
}

static __always_inline bool read_name(const struct ended_call *c, struct user_sockaddr *name)
{
	__u64 where = name_of(c);

	return where && !bpf_probe_read_user(name, sizeof(*name), (void *)where);
}

static __always_inline void note_peer(struct sock_entry *e, struct task_struct *task,
				      const struct ended_call *c)
{
	struct peer_key key = {};
	struct user_sockaddr name = {};

	if (is_tcp(&e->ev) || e->ev.remote_port || c->ret < 0)
		return;
	if (!read_name(c, &name))
		return;
	if (name.family == AF_INET)
		map_v4(key.addr, name.v4);
	else if (name.family == AF_INET6)
		__builtin_memcpy(key.addr, name.v6, sizeof(key.addr));
	else
		return;
	key.port = bpf_ntohs(name.port);
	entry_peer(e, task, &key);
}

/* --- connect() that failed --- */

/* A state change may have told of it already. */
static __always_inline void note_connect(struct sock_entry *e, const struct ended_call *c)
{
	struct user_sockaddr name = {};
	__u8 addr[16] = {};

	if (e->attempt == ATTEMPT_TOLD || !is_failure_to_connect(c->ret)) {
		e->attempt = ATTEMPT_NONE;
		return;
	}
	if (bpf_probe_read_user(&name, sizeof(name), (void *)c->args[1]))
		return;
	if (name.family == AF_INET)
		map_v4(addr, name.v4);
	else if (name.family == AF_INET6)
		__builtin_memcpy(addr, name.v6, sizeof(addr));
	else
		return;
	send_failed(e, addr, bpf_ntohs(name.port), -c->ret);
}

/* --- one call --- */

/* A datagram's peer may have the port that was asked for when the socket has none. */
static __always_inline bool is_call_in_scope(struct sock *sk, struct task_struct *task,
					     const struct ended_call *c)
{
	struct user_sockaddr name = {};

	if (in_scope_of(sk, task))
		return true;
	return scope.port_count && is_holder_in_scope(sk, task) && read_name(c, &name) &&
	       (name.family == AF_INET || name.family == AF_INET6) &&
	       scope_has_ports(bpf_ntohs(name.port), 0);
}

static __always_inline struct sock_entry *entry_of_call(struct sock *sk, __u64 cookie,
							struct task_struct *task,
							const struct ended_call *c)
{
	struct sock_entry *e = entry_get(cookie);

	if (e && (c->call == CALL_SOCKET || is_another(e, sk))) {
		entry_ended(e);
		e = NULL;
	}
	if (e)
		return e;
	if (!is_call_in_scope(sk, task, c))
		return NULL;
	return entry_make(sk, cookie, task,
			  c->call == CALL_SOCKET ? SOCK_EVENT_OPEN : SOCK_EVENT_EXISTING);
}

static __always_inline void note_call(struct sock *sk, __s64 fd, struct task_struct *task,
				      const struct ended_call *c)
{
	struct sock_entry *e = entry_of_call(sk, scramble((__u64)sk), task, c);

	if (!e)
		return;
	if (e->user != process_mark(task) || e->ev.fd < 0)
		e->ev.fd = fd;
	entry_touch(e);
	note_address(e, sk, BPF_CORE_READ(sk, __sk_common.skc_portpair));
	entry_used_by(e, task);
	note_unix(e, sk);
	note_peer(e, task, c);
	if (c->call == CALL_CONNECT)
		note_connect(e, c);
	count_bytes(e, c);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(call_ended, struct pt_regs *regs, long ret)
{
	struct ended_call c = {.call = call_of(call_number(regs)), .ret = ret};
	struct task_struct *task;
	struct sock *sk;
	__s64 fd;

	if (c.call == CALL_NONE || c.call == CALL_CLOSE)
		return 0;
	task = bpf_get_current_task_btf();
	if (is_compat(task))
		return 0;
	call_args(regs, c.args);
	fd = call_fd(c.call, c.args, ret);
	sk = socket_of_fd(task, fd);
	if (sk && is_followed(BPF_CORE_READ(sk, __sk_common.skc_family)))
		note_call(sk, fd, task, &c);
	return 0;
}
