/* SPDX-License-Identifier: (MIT OR GPL-2.0-only)
 *
 * Sockets found by walking the open files of every process, in all network namespaces: those that
 * were open before the probe, and, at each walk, what the tracepoints cannot tell of the others.
 *
 * Asking for a cookie here assigns one, so an old socket gets the key that the live hooks use.
 */
#include "bpf/info.bpf.h"
#include "bpf/listener.bpf.h"
#include "bpf/unix.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

static __always_inline struct sock *followed_sock_of(struct file *file)
{
	struct socket *socket = bpf_sock_from_file(file);
	struct sock *sk;

	if (!socket)
		return NULL;
	sk = socket->sk;
	return sk && is_followed(sk->__sk_common.skc_family) ? sk : NULL;
}

/* The entry of a socket; a socket in scope that nobody told of gets one, without an owner seen acting. */
static __always_inline struct sock_entry *entry_found(struct sock *sk, __u64 cookie,
						      struct task_struct *holder)
{
	struct sock_entry *e = entry_get(cookie);
	struct probe_control *c = control_get();

	if (e)
		return e;
	if (!in_scope_of(sk, holder) || !c || !has_room(c, sk->__sk_common.skc_family))
		return NULL;
	e = entry_new(cookie);
	if (!e)
		return NULL;
	fill_identity(&e->ev, sk);
	fill_addresses(e, sk);
	note_inode(e, sk);
	if (e->ev.flags & SOCK_FLAG_LISTENER && is_tcp(&e->ev))
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

/* A record for the reader of the iterator: an owner of this socket, by its descriptor. */
static __always_inline long report_holder(struct bpf_iter__task_file *ctx, struct sock_entry *e,
					  struct task_struct *task)
{
	struct sock_event ev;

	__builtin_memcpy(&ev, &e->ev, sizeof(ev));
	ev.kind = SOCK_EVENT_EXISTING;
	ev.time_ns = bpf_ktime_get_ns();
	ev.fd = ctx->fd;
	fill_owner(&ev, task);
	return bpf_seq_write(ctx->meta->seq, &ev, sizeof(ev));
}

static __always_inline void adopt(struct sock_entry *e, struct task_struct *task, __u32 fd)
{
	if (e->ev.pid)
		return;
	fill_owner(&e->ev, task);
	e->ev.fd = fd;
}

/* One record for each (socket, process, fd). */
SEC("iter/task_file")
int existing(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct sock_entry *e;
	struct sock *sk;

	if (!task || !file)
		return 0;
	sk = followed_sock_of(file);
	if (!sk)
		return 0;
	e = entry_found(sk, cookie_of(sk), task);
	if (!e)
		return 0;
	if (is_tcp(&e->ev))
		refresh_tcp(e, sk);
	adopt(e, task, ctx->fd);
	report_holder(ctx, e, task);
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

/* Data that nobody reads is waited for, although nothing moves. A FIN takes a number but is no data. */
static __always_inline bool has_unread(const struct sock_event *ev, struct sock *sk)
{
	__u32 fin = BPF_CORE_READ(sk, __sk_common.skc_flags) >> SOCK_DONE_BIT & 1;

	return ev->tcp_state != TCP_LISTEN && ev->info.rcv_nxt - ev->info.copied_seq > fin;
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
	if ((mark != e->info_mark || has_unread(&ev, sk)) &&
	    bpf_seq_write(ctx->meta->seq, &ev, sizeof(ev)))
		return; /* no room now: the kernel comes again with the same file */
	e->info_mark = mark;
	e->info_epoch = epoch;
}

/* The name of a Unix socket and its peer, which may have a cookie by now. */
static __always_inline void report_unix(struct bpf_iter__task_file *ctx, struct sock_entry *e,
					struct sock *sk)
{
	struct sock_event ev;
	__u64 peer_cookie;
	__u32 mark = unix_mark(sk, &peer_cookie);

	if (mark == e->un_mark)
		return;
	__builtin_memcpy(&ev, &e->ev, sizeof(ev));
	ev.time_ns = bpf_ktime_get_ns();
	fill_unix(&ev, sk, 0);
	if (bpf_seq_write(ctx->meta->seq, &ev, sizeof(ev)))
		return; /* no room now: the kernel comes again with the same file */
	if (ev.un.path_bytes > SOCK_PATH_PIECE) {
		fill_unix(&ev, sk, SOCK_PATH_PIECE);
		bpf_seq_write(ctx->meta->seq, &ev, sizeof(ev));
	}
	e->un_mark = mark;
	e->un_known = peer_cookie != 0;
}

static __always_inline void refresh_facts(struct bpf_iter__task_file *ctx, struct sock_entry *e,
					  struct sock *sk, __u64 epoch)
{
	if (is_tcp(&e->ev)) {
		refresh_tcp(e, sk);
		report_info(ctx, e, sk, epoch);
	} else {
		e->ev.totals.drops = drops_of(sk);
	}
	note_address(e, sk, BPF_CORE_READ(sk, __sk_common.skc_portpair));
	if (e->ev.family == AF_UNIX)
		report_unix(ctx, e, sk);
}

/*
 * Before each walk of the map: TCP's own numbers, ports that came late, and who is still there.
 * Sockets that are not IP are also found here when nothing has passed through them yet.
 */
SEC("iter/task_file")
int refresh(struct bpf_iter__task_file *ctx)
{
	struct probe_control *c = control_get();
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	bool is_found = false;
	struct sock_entry *e;
	struct sock *sk;

	if (!task || !file || !c)
		return 0;
	sk = followed_sock_of(file);
	if (!sk)
		return 0;
	e = entry_get(cookie_of(sk));
	if (e && is_another(e, sk)) {
		entry_ended(e);
		return 0; /* the next walk tells of it, when that end has been read */
	}
	if (!e && !is_inet(sk->__sk_common.skc_family)) {
		e = entry_found(sk, cookie_of(sk), task);
		if (e) {
			is_found = true;
			adopt(e, task, ctx->fd);
			report_holder(ctx, e, task);
		}
	}
	if (!e)
		return 0;
	e->seen = c->epoch;
	if (is_found || !entry_is_untold(e, c->told_ns))
		refresh_facts(ctx, e, sk, c->epoch);
	return 0;
}
