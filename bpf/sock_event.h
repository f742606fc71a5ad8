/* SPDX-License-Identifier: MIT
 *
 * What the probe says about sockets: one record, shared by the kernel programs, user space and
 * recordings. Fixed width, native byte order, no pointers.
 *
 * Times are CLOCK_MONOTONIC ns when they leave the kernel; the engine makes them wall-clock.
 * Addresses are v4-mapped IPv6, ports host order. 0 means unknown unless a field says otherwise.
 */
#ifndef SOCKLENS_BPF_SOCK_EVENT_H
#define SOCKLENS_BPF_SOCK_EVENT_H

#include "bpf/call_rows.h"

#ifdef __VMLINUX_H__
typedef __u64 sock_u64;
typedef __s64 sock_s64;
typedef __u32 sock_u32;
typedef __s32 sock_s32;
typedef __u16 sock_u16;
typedef __u8 sock_u8;
#else
#include <stdint.h>
typedef uint64_t sock_u64;
typedef int64_t sock_s64;
typedef uint32_t sock_u32;
typedef int32_t sock_s32;
typedef uint16_t sock_u16;
typedef uint8_t sock_u8;
#endif

enum sock_event_kind {
	SOCK_EVENT_NONE,
	SOCK_EVENT_OPEN,	/* socket() or accept(): birth; owner = the calling process */
	SOCK_EVENT_EXISTING,	/* found open: older than the probe, or not used yet; owner if known */
	SOCK_EVENT_ADDRESS,	/* addresses or TCP state changed (bind, connect, established) */
	SOCK_EVENT_OWNER,	/* a process used the socket in a system call for the first time */
	SOCK_EVENT_PEER,	/* an unconnected datagram socket used this remote address */
	SOCK_EVENT_TOTALS,	/* byte and call totals so far */
	SOCK_EVENT_CLOSE,	/* the socket is gone; totals are final */
	SOCK_EVENT_CALL,	/* a system call returned (calls level only) */
	SOCK_EVENT_INFO,	/* what the kernel's TCP knows: at state changes and each second */
	SOCK_EVENT_FAILED,	/* connect() to `remote` came to nothing, or a datagram was refused */
	SOCK_EVENT_UNIX,	/* name and other end of a Unix socket, told when they are known */
	SOCK_EVENT_DROPS,	/* packets that the kernel threw away for one reason, so far */
	SOCK_EVENT_KINDS
};

/* Why a field of a SOCK_EVENT_OWNER or OPEN is weaker than it looks. */
enum {
	SOCK_FLAG_PROVISIONAL = 1 << 0, /* owner copied from the listener; replaced at accept or first I/O */
	SOCK_FLAG_RECOVERED = 1 << 1,	/* from the overflow map: the ring was full */
	SOCK_FLAG_LISTENER = 1 << 2,	/* a listening socket */
	SOCK_FLAG_PASSIVE = 1 << 3,	/* made by accept(): the remote end is the originator */
	/*
	 * The cookie is the scrambled address of the socket (plan S; Unix sockets of a CALL). It may
	 * come back for another socket, after a CLOSE and with an OPEN.
	 */
	SOCK_FLAG_NO_COOKIE = 1 << 4,
	/* INFO: of the moment that the connection came about; the numbers are those it begins with. */
	SOCK_FLAG_BEGINS = 1 << 5,
	/* No socket that a probe saw: a packet's comment named a process and its end (recordings). */
	SOCK_FLAG_STAND_IN = 1 << 7,
};

/* System calls that the calls level names. */
enum sock_call {
#define X(id, name, about, fd) CALL_##id,
	CALL_ROWS(X)
#undef X
	CALL_COUNT
};

enum { SOCK_COMM_LEN = 16, SOCK_CALL_ARGS = 6, SOCK_PATH_PIECE = 56 };

struct sock_event {
	sock_u64 time_ns;
	sock_u64 cookie; /* identity of the socket; 0 only for a CALL on no socket */
	sock_u8 kind;	 /* enum sock_event_kind */
	sock_u8 flags;	 /* SOCK_FLAG_* */
	sock_u8 type;	 /* SOCK_STREAM, SOCK_DGRAM, ... */
	sock_u8 tcp_state; /* TCP_ESTABLISHED = 1 ... as in the kernel */
	sock_u16 family; /* AF_INET, AF_INET6, AF_UNIX, ... */
	sock_u16 proto;	 /* IPPROTO_* */
	sock_u32 netns;	 /* inode of the network namespace */
	sock_u8 local[16], remote[16];
	sock_u16 local_port, remote_port;
	sock_s32 fd; /* -1 unknown */
	/*
	 * The process in whose context this happened; for TOTALS, INFO and CLOSE, and for ADDRESS of
	 * TCP, the last one that used the socket. pid 0 = none.
	 */
	sock_u32 pid, tid, uid;
	char comm[SOCK_COMM_LEN]; /* raw: vis() before showing */
	sock_u64 cgroup; /* cgroup v2 id */
	union {
		/*
		 * TOTALS, CLOSE; FAILED, where `error` tells of this attempt: 0 unknown, ECANCELED the
		 * program closed the socket before an answer.
		 */
		struct {
			sock_u64 tx_bytes, rx_bytes; /* by return values; MSG_PEEK not counted */
			sock_u32 tx_calls, rx_calls;
			sock_u32 tx_errors, rx_errors; /* EAGAIN is none */
			/* As TCP counts, 0 for others; acked may count a SYN and a FIN as a byte each. */
			sock_u64 acked_bytes, received_bytes;
			sock_u32 srtt_us, retransmits;
			sock_u32 unread_bytes, unsent_bytes;
			sock_u32 error; /* errno of the last call that failed (connect: refused, ...); 0 none */
			sock_u32 drops; /* arrived, but the receive queue was full */
		} totals;
		/*
		 * INFO: struct tcp_sock of include/linux/tcp.h, TCP only. Sequence numbers are those on
		 * the wire. For a listener only the backlog means something.
		 */
		struct {
			sock_u32 busy_ms;	 /* time with data to send or unacknowledged, in all */
			sock_u32 rwnd_limited_ms; /* of it: the peer's window held it back */
			sock_u32 sndbuf_limited_ms; /* of it: the send buffer was too small */
			sock_u32 srtt_us, rtt_min_us, rto_us;
			sock_u32 snd_cwnd; /* segments */
			sock_u32 mss;	   /* bytes a segment */
			sock_u32 snd_wnd;  /* bytes: the peer's window */
			sock_u32 write_seq; /* end of what was written */
			sock_u32 snd_nxt;   /* end of what was sent */
			sock_u32 snd_una;   /* end of what was acknowledged */
			sock_u32 rcv_nxt;   /* end of what arrived in order */
			sock_u32 copied_seq; /* end of what was read */
			sock_u32 delivered;  /* segments */
			sock_u32 retransmits; /* segments */
			sock_u32 drops;	      /* packets refused by the receive queue */
			sock_u16 backlog, backlog_max; /* of a listener: waiting for accept, room */
		} info;
		struct { /* UNIX; a name that is longer than a piece comes in two records */
			sock_u64 peer; /* cookie of the socket it is connected to; 0 none, or unknown */
			sock_u32 peer_pid; /* who made that (SO_PEERCRED), in the first pid namespace */
			sock_u16 path_bytes; /* of the whole name; 0 none. Abstract ones begin with NUL */
			sock_u8 path_at;     /* where in the name this piece begins */
			sock_u8 path_of_peer; /* the name is the other end's: this one has none */
			char path[SOCK_PATH_PIECE]; /* raw: vis() before showing */
		} un;
		struct { /* DROPS */
			sock_u64 packets;
			sock_u32 reason; /* enum skb_drop_reason of the kernel that ran */
			sock_u8 sent;	 /* 1 = on the way out; 0 = arrived */
			sock_u8 pad[3];
			char name[SOCK_PATH_PIECE]; /* of the reason, as "SOCKET_RCVBUFF" */
		} dropped;
		struct { /* CALL */
			/* The socket is the one that a call was given, or, of socket and accept, made. */
			sock_s64 args[SOCK_CALL_ARGS]; /* pointers as numbers */
			sock_s64 result; /* bytes or -errno */
			sock_u64 duration_ns;
			sock_u16 call; /* enum sock_call */
			sock_u16 turn; /* these two: what short records refer to (call_event.h) */
			sock_u32 place;
		} call;
	};
};

_Static_assert(sizeof(struct sock_event) == 176, "struct sock_event is a file and kernel format");

#endif
