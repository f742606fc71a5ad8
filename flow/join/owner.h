/* SPDX-License-Identifier: MIT
 *
 * Who used a socket, and when: the history that fork, dup and descriptor passing (SCM_RIGHTS)
 * leave. A listener's identity is only a placeholder until the accepted socket has a user of its
 * own; a holder found by an iterator yields to one that was seen acting.
 */
#ifndef SOCKLENS_FLOW_OWNER_H
#define SOCKLENS_FLOW_OWNER_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/sock_event.h"

struct socket_owner {
	int64_t from_ns, until_ns; /* wall clock; from 0 = before the probe, until 0 = still */
	uint32_t pid, tid, uid;
	int32_t fd; /* -1 unknown */
	uint64_t cgroup;
	bool provisional; /* copied from a listener: weaker than "unknown" once anything else is
			     known */
	bool existing;	  /* found by an iterator, not seen acting */
	bool heard_of;	  /* it acted at from_ns or before: its own record is still to come */
	char comm[SOCK_COMM_LEN]; /* raw */
};

enum { SOCKET_OWNERS_MAX = 8 };

struct owner_list {
	uint8_t count;
	uint32_t lost;				      /* owners beyond SOCKET_OWNERS_MAX */
	struct socket_owner owner[SOCKET_OWNERS_MAX]; /* oldest first */
};

/* Take what an event says of the process; true when that changed the list. */
bool owner_note(struct owner_list *l, const struct sock_event *ev);

/* The socket has closed: no owner is "still" one. */
void owner_close(struct owner_list *l, int64_t time_ns);

/*
 * The best-known user at a time: one seen acting before one found holding it, a provisional one
 * last; among equals the latest that had begun by then. NULL when there is none.
 */
const struct socket_owner *owner_at(const struct owner_list *l, int64_t at_ns);

/* Processes that used the socket, provisional ones apart; those in `lost` count as one each. */
unsigned owner_processes(const struct owner_list *l);

#endif
