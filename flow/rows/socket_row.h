/* SPDX-License-Identifier: MIT
 *
 * A socket, and a process as the user of its sockets, as plain values: what the dashboard's views
 * show and what reports write. As flow rows (flow/rows/row.h) they own all they hold; absent means
 * unknown, zero means measured zero: numbers use ROW_ABSENT, texts "".
 */
#ifndef SOCKLENS_FLOW_SOCKET_ROW_H
#define SOCKLENS_FLOW_SOCKET_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "flow/join/owner.h"
#include "flow/rows/row.h"

struct owner_row { /* somebody who used a socket, and when */
	int64_t pid, tid, uid, fd;
	int64_t from_ns;  /* wall clock; ROW_ABSENT = before the probe */
	int64_t until_ns; /* ROW_ABSENT = still */
	bool acted;	  /* seen in a system call on it; else found holding it */
	char name[ROW_NAME_MAX];
};

struct owner_rows {
	uint32_t count;
	struct owner_row row[SOCKET_OWNERS_MAX]; /* oldest first */
};

enum { ROW_END_MAX = 320 };

struct socket_end_row {
	char address[ROW_END_MAX]; /* "192.0.2.1:80", "[::1]:80", "/run/x.sock", "@name" */
	char ip[ADDR_TEXT_MAX];
	int64_t port;
	char path[ROW_PATH_MAX]; /* of a Unix socket; "@name" when abstract */
};

struct socket_row {
	uint64_t id;	/* slot << 32 | generation: stable while the socket is remembered */
	int64_t cookie; /* ROW_ABSENT when the kernel's is not known (plan S) */
	char family[12], type[12], proto[12], state[12];
	bool closed;
	int64_t start_ns; /* birth, wall clock; ROW_ABSENT = before the probe */
	int64_t end_ns;	  /* death; ROW_ABSENT = lives */
	int64_t duration_ns;
	struct socket_end_row local, remote;
	struct process_row process; /* the best-known user at the end, or now */
	struct {		    /* the process at the other end, when it is of this machine */
		int64_t pid;
		char name[ROW_NAME_MAX];
	} peer;
	struct owner_rows owners;
	int64_t peers; /* remote ends ever used beside the present one */
	int64_t flows; /* flow ends that were bound to it */
	struct {
		int64_t written_bytes, read_bytes; /* by return values */
		int64_t write_calls, read_calls, write_errors, read_errors;
		int64_t written_bps, read_bps; /* bits over the last second; 0 when it is quiet */
	} io;
	struct {
		int64_t unread_bytes, unsent_bytes;
		int64_t backlog, backlog_max; /* of a listener: waiting for accept, room */
	} queue;
	struct { /* as the kernel's TCP counts */
		int64_t acked_bytes, arrived_bytes, retransmits, srtt_ns;
	} tcp;
	int64_t failures; /* attempts to connect that failed, datagrams that were refused */
	int64_t drops;	  /* packets refused by the receive queue */
	char error[24];	  /* the last call that failed, by name: "ECONNREFUSED" */
};

enum usage_branch { BRANCH_NONE, BRANCH_OPEN, BRANCH_FOLDED };
enum { USAGE_RAILS = 32 };

/* What one process does with its sockets. */
struct usage_row {
	uint64_t id;		    /* pid << 32 | a number that tells a reused pid */
	struct process_row process; /* without tid, fd and match */
	int64_t start_ns;	    /* when the process began, wall clock */
	int64_t last_ns;	    /* when it last used a socket, as far as is known */
	int64_t sockets, listeners; /* open now */
	int64_t sockets_ever;
	int64_t flows;						  /* that are remembered */
	int64_t written_bytes, read_bytes, written_bps, read_bps; /* by its calls on all sockets */
	int64_t sent_bytes, received_bytes; /* in frames of those flows, headers included */
	int64_t unread_bytes, unsent_bytes;
	int64_t errors, failures, drops, retransmits;
	/* Among processes as a tree (flow/rows/process_tree.h); zero among others. */
	uint8_t depth, branch; /* branch: enum usage_branch */
	uint32_t rails; /* bit i: after this row comes another at depth i + 1 with the same parent */
};

#endif
