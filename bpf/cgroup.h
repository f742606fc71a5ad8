/* SPDX-License-Identifier: MIT
 *
 * The root of the cgroup2 tree: hooks are attached there.
 */
#ifndef SOCKLENS_BPF_CGROUP_H
#define SOCKLENS_BPF_CGROUP_H

#include <stdbool.h>
#include <stddef.h>

bool cgroup_root(char *path, size_t size); /* false, and path untouched, when it is not mounted */

/*
 * A descriptor of the root, owned by the caller, or a negative errno. Where nothing is mounted
 * (`ip netns exec` hides /sys/fs/cgroup) the tree is mounted for this descriptor only.
 */
int cgroup_open_root(void);

#endif
