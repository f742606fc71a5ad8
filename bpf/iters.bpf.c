/* SPDX-License-Identifier: (MIT OR GPL-2.0-only)
 *
 * Sockets found by walking the open files of every process, in all network namespaces: those that
 * were open before the probe, and, at each walk, what the tracepoints cannot tell of the others.
 *
 * Asking for a cookie here assigns one, so an old socket gets the key that the live hooks use.
 */
#include "bpf/info.bpf.h"
#include "bpf/listener.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

static __always_inline struct sock *inet_sock_of(struct file *file)
{
	struct socket *socket = bpf_sock_from_file(file);
	struct sock *sk;

	if (!socket)
		return NULL;
	sk = socket->sk;
	return sk && is_inet(sk->__sk_common.skc_family) ? sk : NULL;
}

/* The entry of a socket; a socket nobody told of gets one, without an owner seen acting. */
static __always_inline struct sock_entry *entry_found(struct sock *sk, __u64 cookie)
{
	struct sock_entry *e = entry_get(cookie);

	if (e)
		return e;
	e = entry_new(cookie);
	if (!e)
		return NULL;
	fill_identity(&e->ev, sk);
	fill_addresses(e, sk);
	if (e->ev.flags & SOCK_FLAG_LISTENER)
		listener_add(e);
	return e;
}

static __always_inline void refresh_tcp(struct sock_entry *e, struct sock *sk)
{
	struct probe_control *c = control_get();
	__u64 before = e->ev.totals.acked_bytes + e->ev.totals.received_bytes;
	__u32 queued = e->ev.totals.unread_bytes + e->ev.totals.unsent_bytes;

	fill_tcp(&e->ev, sk);
	if (c && (before != e->ev.totals.acked_bytes + e->ev.totals.received_bytes ||
		  queued != e->ev.totals.unread_bytes + e->ev.totals.unsent_bytes))
		e->epoch = c->epoch;
}

/* One record for each (socket, process, fd), written to the reader of the iterator. */
SEC("iter/task_file")
int existing(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct sock_event ev;
	struct sock_entry *e;
	struct sock *sk;

	if (!task || !file)
		return 0;
	sk = inet_sock_of(file);
	if (!sk)
		return 0;
	e = entry_found(sk, cookie_of(sk));
	if (!e)
		return 0;
	if (is_tcp(&e->ev))
		refresh_tcp(e, sk);
	if (!e->ev.pid) {
		fill_owner(&e->ev, task);
		e->ev.fd = ctx->fd;
	}
	__builtin_memcpy(&ev, &e->ev, sizeof(ev));
	ev.kind = SOCK_EVENT_EXISTING;
	ev.time_ns = bpf_ktime_get_ns();
	ev.fd = ctx->fd;
	fill_owner(&ev, task);
	bpf_seq_write(ctx->meta->seq, &ev, sizeof(ev));
	return 0;
}

/* Numbers that move while a connection does anything, mixed into one. */
static __always_inline __u32 info_mark(const struct sock_event *ev)
{
	__u32 mark = ev->tcp_state;

	mark = mark * 31 + ev->info.write_seq;
	mark = mark * 31 + ev->info.snd_nxt;
	mark = mark * 31 + ev->info.snd_una;
	mark = mark * 31 + ev->info.rcv_nxt;
	mark = mark * 31 + ev->info.copied_seq;
	mark = mark * 31 + ev->info.busy_ms;
	mark = mark * 31 + ev->info.retransmits;
	mark = mark * 31 + ev->info.drops;
	mark = mark * 31 + ev->info.backlog;
	return mark;
}

/* Once a walk, however many descriptors a socket has, and only when there is something new. */
static __always_inline void report_info(struct bpf_iter__task_file *ctx, struct sock_entry *e,
					struct sock *sk, __u64 epoch)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct sock_event ev;
	__u32 mark;

	if (!tp || e->info_epoch == epoch)
		return;
	__builtin_memcpy(&ev, &e->ev, sizeof(ev));
	fill_info(&ev, sk, tp);
	ev.time_ns = bpf_ktime_get_ns();
	mark = info_mark(&ev);
	if (mark != e->info_mark && bpf_seq_write(ctx->meta->seq, &ev, sizeof(ev)))
		return; /* no room now: the kernel comes again with the same file */
	e->info_mark = mark;
	e->info_epoch = epoch;
}

/* Before each walk of the map: TCP's own numbers, ports that came late, and who is still there. */
SEC("iter/task_file")
int refresh(struct bpf_iter__task_file *ctx)
{
	struct probe_control *c = control_get();
	struct file *file = ctx->file;
	struct sock_entry *e;
	struct sock *sk;

	if (!ctx->task || !file || !c)
		return 0;
	sk = inet_sock_of(file);
	if (!sk)
		return 0;
	e = entry_get(cookie_of(sk));
	if (!e)
		return 0;
	e->seen = c->epoch;
	if (is_tcp(&e->ev)) {
		refresh_tcp(e, sk);
		report_info(ctx, e, sk, c->epoch);
	} else {
		e->ev.totals.drops = drops_of(sk);
	}
	note_address(e, sk, BPF_CORE_READ(sk, __sk_common.skc_portpair));
	return 0;
}
