/* SPDX-License-Identifier: MIT
 *
 * Numbers of the kernel that this machine has names for. Each function tells all it finds, as raw
 * bytes, and returns their number or a negative errno.
 */
#ifndef SOCKLENS_BPF_NAMED_H
#define SOCKLENS_BPF_NAMED_H

#include <stdint.h>

typedef void (*named_fn)(void *ctx, uint64_t number, const char *name);

/* Users of the local file passwd(5). Directories on the network are not asked: they may block. */
int named_users(named_fn fn, void *ctx);

/* Network namespaces that `ip netns` has named: the inode of each. */
int named_netns(named_fn fn, void *ctx);

/* Cgroups of the v2 tree by id, with their paths from its root, as /proc/PID/cgroup writes them. */
int named_cgroups(named_fn fn, void *ctx);

#endif
