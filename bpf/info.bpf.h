/* SPDX-License-Identifier: MIT
 *
 * SOCK_EVENT_INFO: what the kernel's TCP knows of a connection, at its state changes and whenever
 * an iterator comes by. The meanings are those of struct tcp_info (tcp(7), net/ipv4/tcp.c).
 */
#ifndef SOCKLENS_BPF_INFO_BPF_H
#define SOCKLENS_BPF_INFO_BPF_H

#include "bpf/sock.bpf.h"

const volatile __u32 jiffy_us = 4000; /* set by the loader */

static __always_inline __u32 ms_of_jiffies(__u32 jiffies)
{
	return (__u64)jiffies * jiffy_us / 1000;
}

/* The state that TCP is in right now has not been added to the sums yet. */
static __always_inline void fill_chrono(struct sock_event *ev, struct tcp_sock *tp)
{
	__u32 running = (__u32)bpf_jiffies64() - tp->chrono_start;
	__u32 busy = tp->chrono_stat[TCP_CHRONO_BUSY - 1];
	__u32 rwnd = tp->chrono_stat[TCP_CHRONO_RWND - 1];
	__u32 sndbuf = tp->chrono_stat[TCP_CHRONO_SNDBUF - 1];

	switch (BPF_CORE_READ_BITFIELD(tp, chrono_type)) {
	case TCP_CHRONO_BUSY: busy += running; break;
	case TCP_CHRONO_RWND: rwnd += running; break;
	case TCP_CHRONO_SNDBUF: sndbuf += running;
	}
	ev->info.busy_ms = ms_of_jiffies(busy + rwnd + sndbuf);
	ev->info.rwnd_limited_ms = ms_of_jiffies(rwnd);
	ev->info.sndbuf_limited_ms = ms_of_jiffies(sndbuf);
}

static __always_inline __u16 at_most_u16(__u32 n)
{
	return n > 0xffff ? 0xffff : n;
}

/* tp is sk; the verifier wants both types. The record's other fields are the caller's. */
static __always_inline void fill_info(struct sock_event *ev, struct sock *sk, struct tcp_sock *tp)
{
	__builtin_memset(&ev->info, 0, sizeof(ev->info));
	ev->kind = SOCK_EVENT_INFO;
	ev->info.drops = drops_of(sk);
	if (ev->tcp_state == TCP_LISTEN) {
		ev->info.backlog = at_most_u16(sk->sk_ack_backlog);
		ev->info.backlog_max = at_most_u16(sk->sk_max_ack_backlog);
		return;
	}
	fill_chrono(ev, tp);
	ev->info.srtt_us = tp->srtt_us >> 3;
	ev->info.rtt_min_us = tp->rtt_min.s[0].v == ~0u ? 0 : tp->rtt_min.s[0].v;
	ev->info.rto_us = tp->inet_conn.icsk_rto * jiffy_us;
	ev->info.snd_cwnd = tp->snd_cwnd;
	ev->info.mss = tp->mss_cache;
	ev->info.snd_wnd = tp->snd_wnd;
	ev->info.write_seq = tp->write_seq;
	ev->info.snd_nxt = tp->snd_nxt;
	ev->info.snd_una = tp->snd_una;
	ev->info.rcv_nxt = tp->rcv_nxt;
	ev->info.copied_seq = tp->copied_seq;
	ev->info.delivered = tp->delivered;
	ev->info.retransmits = tp->total_retrans;
}

/* --- at a state change: `state` is the new one, which the socket does not have yet --- */

/* A sample may be lost, an owner not: samples stay out of the last quarter of the ring. */
static __always_inline bool ring_has_room_for_samples(void)
{
	__u64 size = bpf_ringbuf_query(&ring, BPF_RB_RING_SIZE);

	return bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) < size - size / 4;
}

static __always_inline void info_send(struct sock *sk, __u8 state)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct sock_entry *e;
	struct sock_event *ev;
	struct probe_control *c;

	e = tp ? entry_get(cookie_of(sk)) : NULL;
	if (!e)
		return;
	if (!ring_has_room_for_samples()) {
		c = control_get();
		if (c)
			__sync_fetch_and_add(&c->ring_full, 1);
		return;
	}
	ev = event_new(e, SOCK_EVENT_INFO);
	if (!ev)
		return;
	ev->tcp_state = state;
	if (state == TCP_ESTABLISHED)
		ev->flags |= SOCK_FLAG_BEGINS;
	fill_info(ev, sk, tp);
	bpf_ringbuf_submit(ev, ring_wakeup());
}

#endif
