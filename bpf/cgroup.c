/* SPDX-License-Identifier: MIT */
#include "bpf/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

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

/* A mount that appears in no directory and goes with its last descriptor (Linux 5.2). */
static int open_unmounted(void)
{
	int context = fsopen("cgroup2", FSOPEN_CLOEXEC), mount = -1, root = -1;

	if (context < 0)
		return -errno;
	if (fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		mount = fsmount(context, FSMOUNT_CLOEXEC, 0);
	if (mount >= 0)
		root = openat(mount, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		root = -errno;
	if (mount >= 0)
		close(mount);
	close(context);
	return root;
}

int cgroup_open_root(void)
{
	char root[256];
	int fd;

	if (!cgroup_root(root, sizeof(root)))
		return open_unmounted();
	fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}
