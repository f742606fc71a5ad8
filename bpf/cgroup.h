/* SPDX-License-Identifier: MIT
 *
 * Where the cgroup2 tree is mounted: hooks are attached at its root.
 */
#ifndef SOCKLENS_BPF_CGROUP_H
#define SOCKLENS_BPF_CGROUP_H

#include <stdbool.h>
#include <stddef.h>

bool cgroup_root(char *path, size_t size); /* false, and path untouched, when it is not mounted */

#endif
