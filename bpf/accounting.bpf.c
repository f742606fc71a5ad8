/* SPDX-License-Identifier: (MIT OR GPL-2.0-only)
 *
 * Accounting, plan N: what every socket sends and receives, and who uses it, without touching a
 * single system call that is not about sockets.
 *
 * Bytes come from the sock_send_length and sock_recv_length tracepoints (Linux 6.3), which see every
 * way into a socket with its result; births, peers and ends of datagram sockets from the cgroup
 * hooks, which run inside the system calls.
 */
#include "bpf/attempt.bpf.h"
#include "bpf/moved.bpf.h"
#include "bpf/tcp.bpf.h"
#include "bpf/unix.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile bool calls_are_told = false; /* the calls level is on */

/* Whether sock_created is attached. If not, a socket's first use is its birth as far as we know. */
const volatile bool births_are_seen = true;

/* --- every send and receive --- */

/* What nobody told of is older than the probe, if births are told of: those of IP sockets are. */
static __always_inline struct sock_entry *entry_first_used(struct sock *sk, __u64 cookie,
							   struct task_struct *task, __u16 family)
{
	bool is_old = births_are_seen && is_inet(family);

	return entry_open(sk, cookie, task, is_old ? SOCK_EVENT_EXISTING : SOCK_EVENT_OPEN);
}

/* Anything but one more call like the last. Called, not inlined, so that such a call meets little code. */
static __noinline struct sock_entry *entry_met(struct sock *sk, struct task_struct *task)
{
	__u16 family = sk->__sk_common.skc_family;
	__u64 cookie = cookie_of(sk);
	struct sock_entry *e = entry_get(cookie);

	if (!e) {
		e = entry_first_used(sk, cookie, task, family);
	} else {
		entry_touch(e);
		note_address(e, sk, sk->__sk_common.skc_portpair);
		entry_used_by(e, task);
	}
	if (e && family == AF_UNIX)
		note_unix(e, sk);
	return e;
}

static __always_inline bool is_as_told(const struct sock_entry *e, struct sock *sk,
				       struct task_struct *task)
{
	return e->ports == sk->__sk_common.skc_portpair && e->user == process_mark(task) &&
	       (e->un_known || e->ev.family != AF_UNIX);
}

/* The entry of a socket in use; it is made if nothing told of the socket before. */
static __always_inline struct sock_entry *entry_in_use(struct sock *sk, struct task_struct *task,
						       bool in_scope)
{
	struct sock_entry *e;

	if (!is_followed(sk->__sk_common.skc_family))
		return NULL;
	e = entry_get(cookie_of(sk));
	if (!e && !in_scope)
		return NULL;
	if (!e || !is_as_told(e, sk, task))
		return entry_met(sk, task);
	entry_touch(e);
	return e;
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(sock_sent, struct sock *sk, int ret)
{
	struct task_struct *task = bpf_get_current_task_btf();
	bool in_scope = scope_may_have_process(task);
	struct sock_entry *e = entry_in_use(sk, task, in_scope);

	if (e)
		entry_count_sent(e, ret);
	if (calls_are_told && in_scope)
		moved(sk, task, ret, true, true);
	return 0;
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(sock_received, struct sock *sk, int ret, int flags)
{
	struct task_struct *task = bpf_get_current_task_btf();
	bool in_scope = scope_may_have_process(task);
	struct sock_entry *e = entry_in_use(sk, task, in_scope);

	if (e && !(flags & MSG_PEEK))
		entry_count_received(e, ret);
	if (calls_are_told && in_scope)
		moved(sk, task, ret, false, !(flags & MSG_PEEK));
	return 0;
}

/* --- what arrived and found no room --- */

static __always_inline void note_drop(struct sock *sk)
{
	struct sock_entry *e = entry_get(sk->__sk_common.skc_cookie.counter);

	if (!e)
		return;
	e->ev.totals.drops = drops_of(sk);
	entry_touch(e);
}

SEC("tp_btf/udp_fail_queue_rcv_skb")
int BPF_PROG(datagram_refused, int rc, struct sock *sk)
{
	note_drop(sk);
	return 0;
}

/* --- birth and end, inside socket() and close() --- */

/* What a hook of the cgroup kind tells of its socket. */
struct sock_facts {
	__u64 cookie;
	__u16 family;
	__u8 type;
	__u16 proto;
};

static __always_inline struct sock_entry *entry_created(const struct sock_facts *f,
							struct task_struct *task)
{
	__u32 netns = task->nsproxy->net_ns->ns.inum;
	struct sock_entry *e;

	if (!scope_has_process(task) || !scope_has_netns(netns))
		return NULL;
	e = entry_new(f->cookie);
	if (!e)
		return NULL;
	e->ev.family = f->family;
	e->ev.type = f->type;
	e->ev.proto = f->proto;
	e->ev.tcp_state = TCP_CLOSE;
	e->ev.netns = netns;
	if (e->ev.family == AF_INET) {
		map_v4(e->ev.local, 0);
		map_v4(e->ev.remote, 0);
	}
	entry_opened_by(e, task);
	event_send(e, SOCK_EVENT_OPEN);
	return e;
}

/* When ports were asked for, a socket is nobody's business before it has one. */
SEC("cgroup/sock_create")
int sock_created(struct bpf_sock *ctx)
{
	struct sock_facts f = {bpf_get_socket_cookie(ctx), ctx->family, ctx->type, ctx->protocol};

	if (!scope.port_count)
		entry_created(&f, bpf_get_current_task_btf());
	return 1;
}

/* The entry of a socket that is being given this port, at either end. */
static __always_inline struct sock_entry *entry_with_port(const struct sock_facts *f, __u16 port)
{
	struct sock_entry *e = entry_get(f->cookie);

	if (e || !scope.port_count || !scope_has_ports(port, 0))
		return e;
	return entry_created(f, bpf_get_current_task_btf());
}

/*
 * The last close(). The closer counts as a user only of a socket that nobody used: after a fork the
 * parent may well be the last to let go of what its child served. TCP lives on until it is destroyed.
 */
SEC("cgroup/sock_release")
int sock_released(struct bpf_sock *ctx)
{
	struct sock_entry *e = entry_get(bpf_get_socket_cookie(ctx));

	if (!e)
		return 1;
	if (e->user == 0)
		entry_used_by(e, bpf_get_current_task_btf());
	if (e->attempt == ATTEMPT_PENDING && !ctx->dst_port)
		attempt_failed(e, 0);
	if (is_tcp(&e->ev))
		return 1;
	event_send_close(e);
	entry_free(e);
	return 1;
}

/* --- addresses of datagram sockets, inside bind() and connect() --- */

static __always_inline void set_v6(__u8 out[16], const __u32 be[4])
{
	__builtin_memcpy(out, be, 16);
}

static __always_inline int bound(struct bpf_sock *sk, struct sock_entry *e)
{
	e->ev.local_port = sk->src_port;
	if (!is_tcp(&e->ev))
		event_send(e, SOCK_EVENT_ADDRESS);
	return 1;
}

SEC("cgroup/post_bind4")
int sock_bound4(struct bpf_sock *ctx)
{
	struct sock_facts f = {bpf_get_socket_cookie(ctx), ctx->family, ctx->type, ctx->protocol};
	struct sock_entry *e = entry_with_port(&f, ctx->src_port);

	if (!e)
		return 1;
	map_v4(e->ev.local, ctx->src_ip4);
	return bound(ctx, e);
}

SEC("cgroup/post_bind6")
int sock_bound6(struct bpf_sock *ctx)
{
	struct sock_facts f = {bpf_get_socket_cookie(ctx), ctx->family, ctx->type, ctx->protocol};
	struct sock_entry *e = entry_with_port(&f, ctx->src_port);
	__u32 be[4] = {ctx->src_ip6[0], ctx->src_ip6[1], ctx->src_ip6[2], ctx->src_ip6[3]};

	if (!e)
		return 1;
	set_v6(e->ev.local, be);
	return bound(ctx, e);
}

static __always_inline struct sock_entry *entry_at(struct bpf_sock_addr *ctx)
{
	struct sock_facts f = {bpf_get_socket_cookie(ctx), ctx->family, ctx->type, ctx->protocol};

	return entry_with_port(&f, bpf_ntohs(ctx->user_port));
}

/*
 * TCP tells of its connects by its states, unless they fail at once. For the others, the kernel
 * picks the local address after this hook: the next send or receive looks again.
 */
static __always_inline int connecting(struct bpf_sock_addr *ctx, struct sock_entry *e,
				      const __u8 addr[16])
{
	__u16 port = bpf_ntohs(ctx->user_port);

	if (is_tcp(&e->ev) || ctx->type != SOCK_STREAM)
		attempt_begins(e, addr, port);
	if (ctx->type == SOCK_STREAM)
		return 1;
	__builtin_memcpy(e->ev.remote, addr, sizeof(e->ev.remote));
	e->ev.remote_port = port;
	e->ports = 0;
	e->refusal = 0;
	entry_used_by(e, bpf_get_current_task_btf());
	event_send(e, SOCK_EVENT_ADDRESS);
	return 1;
}

SEC("cgroup/connect4")
int sock_connect4(struct bpf_sock_addr *ctx)
{
	struct sock_entry *e = entry_at(ctx);
	__u8 addr[16];

	if (!e)
		return 1;
	map_v4(addr, ctx->user_ip4);
	return connecting(ctx, e, addr);
}

SEC("cgroup/connect6")
int sock_connect6(struct bpf_sock_addr *ctx)
{
	__u32 be[4] = {ctx->user_ip6[0], ctx->user_ip6[1], ctx->user_ip6[2], ctx->user_ip6[3]};
	struct sock_entry *e = entry_at(ctx);

	return e ? connecting(ctx, e, (const __u8 *)be) : 1;
}

/* --- peers of unconnected datagram sockets, inside sendto() and recvfrom() --- */

static __always_inline int peer(struct bpf_sock_addr *ctx, struct peer_key *key)
{
	struct sock_entry *e = entry_at(ctx);
	struct bpf_sock *sk = ctx->sk;

	if (!e)
		return 1;
	if (sk)
		e->ev.local_port = sk->src_port;
	key->port = bpf_ntohs(ctx->user_port);
	entry_peer(e, bpf_get_current_task_btf(), key);
	return 1;
}

static __always_inline int peer4(struct bpf_sock_addr *ctx)
{
	struct peer_key key = {};

	map_v4(key.addr, ctx->user_ip4);
	return peer(ctx, &key);
}

static __always_inline int peer6(struct bpf_sock_addr *ctx)
{
	struct peer_key key = {};
	__u32 be[4] = {ctx->user_ip6[0], ctx->user_ip6[1], ctx->user_ip6[2], ctx->user_ip6[3]};

	set_v6(key.addr, be);
	return peer(ctx, &key);
}

SEC("cgroup/sendmsg4")
int sock_sendmsg4(struct bpf_sock_addr *ctx)
{
	return peer4(ctx);
}

SEC("cgroup/sendmsg6")
int sock_sendmsg6(struct bpf_sock_addr *ctx)
{
	return peer6(ctx);
}

SEC("cgroup/recvmsg4")
int sock_recvmsg4(struct bpf_sock_addr *ctx)
{
	return peer4(ctx);
}

SEC("cgroup/recvmsg6")
int sock_recvmsg6(struct bpf_sock_addr *ctx)
{
	return peer6(ctx);
}
