/* SPDX-License-Identifier: MIT
 *
 * The record of one system call on a socket: a struct sock_event of kind CALL and what belongs to
 * calls alone. Shared by the kernel programs and user space; never written to files.
 *
 * A plain call of a thread on a socket, of both of which a full record has told already, comes as a
 * short record; bpf/again.c makes a full one of it.
 */
#ifndef SOCKLENS_BPF_CALL_EVENT_H
#define SOCKLENS_BPF_CALL_EVENT_H

#include "bpf/sock_event.h"

enum { CALL_NAME_BYTES = 128, CALL_VALUE_BYTES = 16 };

enum {
	CALL_FLAG_RESUMED = 1 << 0,    /* under way when the tracing began: its duration is unknown */
	CALL_FLAG_UNFINISHED = 1 << 1, /* still under way when the tracing ended: no result */
	CALL_FLAG_SOCKET = 1 << 2,     /* `ev` names the socket */
	CALL_FLAG_BYTES = 1 << 3,      /* seq and seq_end are set: TCP's own numbers on the wire */
	CALL_FLAG_NAME = 1 << 4,       /* `name` follows; the record is shorter without */
	CALL_FLAG_VALUE = 1 << 5,      /* `value` is set */
};

/* What a call's pointers led to; which one the call decides. */
union call_value {
	sock_u8 bytes[CALL_VALUE_BYTES]; /* setsockopt, getsockopt: the value's beginning */
	sock_s32 fds[2];		 /* socketpair */
	struct {			 /* poll, select, epoll_wait: the socket that is told of */
		sock_s32 fd;
		sock_u32 events, revents; /* POLL*; select: 1 read, 4 write */
	} wait;
	struct { /* epoll_ctl */
		sock_u64 data;
		sock_u32 events;
	} watch;
	struct {			 /* sendmsg, recvmsg; of sendmmsg and recvmmsg the first message */
		sock_u32 flags;		 /* recvmsg: what the kernel set */
		sock_u32 iovs;
		sock_u16 control_len;	 /* bytes; then the first control message */
		sock_u8 level, type;
		sock_s32 fd; /* SCM_RIGHTS: the first descriptor that was passed */
	} message;
};

struct call_event {
	struct sock_event ev;	 /* time_ns is the end of the call */
	sock_u32 flags;		 /* CALL_FLAG_* */
	sock_u32 seq, seq_end;	 /* the bytes that this call wrote or read */
	sock_u32 value_len;	 /* bytes the value had, which may be more than fit */
	union call_value value;
	/* --- only with CALL_FLAG_NAME --- */
	sock_u32 name_len;
	sock_u32 pad;
	sock_u8 name[CALL_NAME_BYTES]; /* struct sockaddr as the call had or gave it; zero-padded */
};

_Static_assert(sizeof(union call_value) == CALL_VALUE_BYTES, "values share 16 bytes");
_Static_assert(sizeof(struct call_event) == 344, "struct call_event is a kernel format");

/* Everything else is as in the full record of the same place and turn. */
struct call_again {
	sock_u64 time_ns;
	sock_u32 place; /* sock_event.call.place */
	sock_u8 turn;	/* sock_event.call.turn */
	sock_u8 flags;	/* CALL_FLAG_* */
	sock_u16 call;	/* enum sock_call */
	sock_s64 result;
	sock_u64 duration_ns;
	sock_u32 seq, seq_end;
	sock_s64 args[SOCK_CALL_ARGS];
	sock_u64 mark; /* its number in the row, from 1: written last */
};

/*
 * Short records of one CPU, in the order in which their places were taken. One whose mark is not
 * its number yet is still being written. Mapped into user space, which moves the tail.
 */
struct call_queue {
	sock_u64 head, pad[7];
	sock_u64 tail, pad2[7];
	struct call_again calls[]; /* a power of two, by what the loader chose */
};

_Static_assert(sizeof(struct call_again) == 96, "struct call_again is a kernel format");

static inline unsigned long call_queue_bytes(unsigned calls)
{
	return sizeof(struct call_queue) + calls * sizeof(struct call_again);
}

/* How much of a record there is. */
static inline sock_u32 call_event_bytes(const struct call_event *c)
{
	return c->flags & CALL_FLAG_NAME ? sizeof(*c) : __builtin_offsetof(struct call_event, name_len);
}

#endif
