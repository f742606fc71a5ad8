/* SPDX-License-Identifier: MIT
 *
 * What this machine calls the numbers that sockets carry: users, network namespaces, cgroups. All
 * texts are printable.
 */
#ifndef SOCKLENS_FLOW_NAMES_H
#define SOCKLENS_FLOW_NAMES_H

#include <stdint.h>

#include "bpf/container.h"

struct names;

struct cgroup_name {
	char path[256];
	struct container container;
};

/* Reads what is there now. NULL = out of memory. */
struct names *names_new(void);
void names_free(struct names *n); /* accepts NULL */

/* NULL when there is no such name; also for n NULL. */
const char *names_user(struct names *n, uint32_t uid);
const char *names_netns(struct names *n, uint32_t inode);
const struct cgroup_name *names_cgroup(struct names *n, uint64_t id);

/* Somebody asked for a number that has no name: look again, unless that was done a moment ago. */
void names_refresh(struct names *n, int64_t now_ns);

#endif
