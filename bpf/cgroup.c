/* SPDX-License-Identifier: MIT */
#include "bpf/cgroup.h"

#include <mntent.h>
#include <stdio.h>
#include <string.h>

/* It may be anywhere: hybrid systems have it at /sys/fs/cgroup/unified. */
bool cgroup_root(char *path, size_t size)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *m;

	if (!mounts)
		return false;
	do {
		m = getmntent(mounts);
	} while (m && strcmp(m->mnt_type, "cgroup2"));
	if (m)
		snprintf(path, size, "%s", m->mnt_dir);
	endmntent(mounts);
	return m != NULL;
}
