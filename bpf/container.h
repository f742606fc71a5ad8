/* SPDX-License-Identifier: MIT
 *
 * Which container does a cgroup belong to? Each runtime puts its id into the path in a way of its
 * own; the rows of container.c say how.
 */
#ifndef SOCKLENS_BPF_CONTAINER_H
#define SOCKLENS_BPF_CONTAINER_H

#include <stdbool.h>

enum { CONTAINER_TEXT_MAX = 64, POD_TEXT_MAX = 40 };

struct container {
	char name[CONTAINER_TEXT_MAX]; /* "docker:0123456789ab"; "" = none */
	char pod[POD_TEXT_MAX];	       /* uid of the Kubernetes pod; "" = none */
};

/* true, and *out, when the path (as in /proc/PID/cgroup) is a container's or a pod's. */
bool container_of_cgroup(struct container *out, const char *path);

#endif
