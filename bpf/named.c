/* SPDX-License-Identifier: MIT */
#include "bpf/named.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bpf/cgroup.h"

enum { NAMED_MAX = 1 << 16, DEPTH_MAX = 32, PATH_TEXT_MAX = 4096 };

int named_users(named_fn fn, void *ctx)
{
	FILE *f = fopen("/etc/passwd", "re");
	struct passwd *pw;
	int n = 0;

	if (!f)
		return -errno;
	for (; n < NAMED_MAX && (pw = fgetpwent(f)); n++)
		fn(ctx, pw->pw_uid, pw->pw_name);
	fclose(f);
	return n;
}

/* The file of a namespace is that namespace: its inode is the namespace's number. */
int named_netns(named_fn fn, void *ctx)
{
	DIR *dir = opendir("/run/netns");
	struct dirent *d;
	struct stat st;
	int n = 0;

	if (!dir)
		return -errno;
	while (n < NAMED_MAX && (d = readdir(dir))) {
		if (d->d_name[0] == '.' || fstatat(dirfd(dir), d->d_name, &st, 0))
			continue;
		fn(ctx, st.st_ino, d->d_name);
		n++;
	}
	closedir(dir);
	return n;
}

/* --- the cgroup tree --- */

struct walk {
	named_fn fn;
	void *ctx;
	int count;
	char path[PATH_TEXT_MAX]; /* from the root: "" is the root itself */
};

static void tell(struct walk *w, int dir)
{
	struct stat st;

	if (fstat(dir, &st) == 0 && w->count < NAMED_MAX) {
		w->fn(w->ctx, st.st_ino, w->path[0] ? w->path : "/");
		w->count++;
	}
}

static void walk_dir(struct walk *w, int fd, int depth);

static void walk_child(struct walk *w, int parent, const char *name, int depth)
{
	size_t len = strlen(w->path);
	int fd;

	if (len + strlen(name) + 2 > sizeof(w->path))
		return;
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	w->path[len] = '/';
	strcpy(w->path + len + 1, name);
	walk_dir(w, fd, depth + 1);
	w->path[len] = '\0';
}

/* Closes fd. */
static void walk_dir(struct walk *w, int fd, int depth)
{
	DIR *dir = fdopendir(fd);
	struct dirent *d;

	if (!dir) {
		close(fd);
		return;
	}
	tell(w, fd);
	while (depth < DEPTH_MAX && w->count < NAMED_MAX && (d = readdir(dir)))
		if (d->d_type == DT_DIR && d->d_name[0] != '.')
			walk_child(w, fd, d->d_name, depth);
	closedir(dir);
}

int named_cgroups(named_fn fn, void *ctx)
{
	struct walk w = {.fn = fn, .ctx = ctx};
	int fd = cgroup_open_root();

	if (fd < 0)
		return fd;
	walk_dir(&w, fd, 0);
	return w.count;
}
