/* SPDX-License-Identifier: MIT
 *
 * Whom the probe follows, decided in the kernel before anything is counted: shared by the kernel
 * programs and user space. All zero follows everything.
 *
 * Values of one kind are alternatives; kinds that are given must all hold. The process kinds are
 * asked of whoever uses a socket: a socket is followed from its first use by a process in scope,
 * with all its owners from then on.
 */
#ifndef SOCKLENS_BPF_SCOPE_H
#define SOCKLENS_BPF_SCOPE_H

#include "bpf/sock_event.h"

enum { SCOPE_VALUES_MAX = 8 };

struct probe_scope {
	sock_u64 cgroups[SCOPE_VALUES_MAX]; /* cgroup v2 ids (inode of the folder), with what is
					       below */
	sock_u32 pids[SCOPE_VALUES_MAX];    /* processes, and all that they start from then on */
	sock_u32 uids[SCOPE_VALUES_MAX];
	sock_u32 netns[SCOPE_VALUES_MAX]; /* inodes of network namespaces */
	sock_u16 ports[SCOPE_VALUES_MAX]; /* at either end, of the socket or of a datagram's peer */
	char comms[SCOPE_VALUES_MAX]
		  [SOCK_COMM_LEN]; /* whole names, cut to 15 bytes, padded with 0 */
	sock_u8 cgroup_count, pid_count, uid_count, netns_count, port_count, comm_count;
	sock_u8 pad[2];
};

#endif
