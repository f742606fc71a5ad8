/* SPDX-License-Identifier: MIT
 *
 * A process as /proc tells (proc(5)): executable, arguments, parent, start time, cgroup.
 *
 * All files are opened through one descriptor of the /proc/PID folder, so that they tell of the
 * same process even when the number is given to another one meanwhile.
 */
#include "bpf/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { STAT_MAX = 1024, CGROUPS_MAX = 4096, FIELD_PPID = 4, FIELD_START = 22 };

static int open_dir(uint32_t pid)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/%u", pid);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	return errno == ENOENT ? -ESRCH : -errno;
}

/* The start of a file, NUL-terminated; its length or a negative errno. */
static ssize_t read_start(int dir, const char *name, char *out, size_t cap)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, out, cap - 1);
	if (n < 0)
		n = -errno;
	else
		out[n] = '\0';
	close(fd);
	return n;
}

/* Field `number` of /proc/PID/stat, counted from 1 as in proc(5). The name may hold anything, so
 * count from its last parenthesis; fields after it are numbers. */
static unsigned long long stat_field(const char *stat, int number)
{
	const char *p = strrchr(stat, ')');

	for (int i = 2; p && i < number; i++) {
		p = strchr(p, ' ');
		if (p)
			p++;
	}
	return p ? strtoull(p, NULL, 10) : 0;
}

/* The kernel counts start times in ticks of CLOCK_BOOTTIME, which runs on while suspended. */
static int64_t ticks_to_mono_ns(unsigned long long ticks)
{
	struct timespec boot, mono;
	int64_t asleep_ns;

	clock_gettime(CLOCK_BOOTTIME, &boot);
	clock_gettime(CLOCK_MONOTONIC, &mono);
	asleep_ns = (boot.tv_sec - mono.tv_sec) * 1000000000ll + boot.tv_nsec - mono.tv_nsec;
	return (int64_t)(ticks * (1000000000ull / (unsigned long long)sysconf(_SC_CLK_TCK))) -
	       asleep_ns;
}

static int read_stat(struct proc_info *info, int dir)
{
	char stat[STAT_MAX];
	ssize_t n = read_start(dir, "stat", stat, sizeof(stat));

	if (n < 0)
		return (int)n;
	info->ppid = (uint32_t)stat_field(stat, FIELD_PPID);
	info->start_ns = ticks_to_mono_ns(stat_field(stat, FIELD_START));
	return 0;
}

/* Kernel threads and processes of other users have no readable link: the field stays empty. */
static void read_exe(struct proc_info *info, int dir)
{
	ssize_t n = readlinkat(dir, "exe", info->exe, sizeof(info->exe) - 1);

	info->exe[n > 0 ? n : 0] = '\0';
}

static void read_cmdline(struct proc_info *info, int dir)
{
	ssize_t n = read_start(dir, "cmdline", info->cmdline, sizeof(info->cmdline));

	if (n < 0)
		n = 0;
	while (n > 0 && info->cmdline[n - 1] == '\0')
		n--;
	for (ssize_t i = 0; i < n; i++)
		if (info->cmdline[i] == '\0')
			info->cmdline[i] = ' ';
	info->cmdline[n] = '\0';
}

static void read_comm(struct proc_info *info, int dir, uint32_t tid)
{
	char path[32], text[SOCK_COMM_LEN + 1];
	ssize_t n;

	snprintf(path, sizeof(path), "task/%u/comm", tid);
	n = read_start(dir, path, text, sizeof(text));
	if (n > 0 && text[n - 1] == '\n')
		text[--n] = '\0';
	memcpy(info->comm, text, n > 0 ? (size_t)n : 0);
}

/* Lines "id:controllers:path", the last of them v2's "0::path"; one may name a container. */
static void note_cgroup(struct proc_info *info, char *line)
{
	char *controllers = strchr(line, ':');
	char *path = controllers ? strchr(controllers + 1, ':') : NULL;
	struct container c;

	if (!path)
		return;
	path++;
	if (container_of_cgroup(&c, path) && !info->container.name[0])
		info->container = c;
	if (controllers[1] == ':' && strlen(path) < sizeof(info->cgroup))
		strcpy(info->cgroup, path);
}

static void read_cgroups(struct proc_info *info, int dir)
{
	char text[CGROUPS_MAX], *rest = text, *line;

	if (read_start(dir, "cgroup", text, sizeof(text)) < 0)
		return;
	while ((line = strsep(&rest, "\n")))
		note_cgroup(info, line);
}

int proc_read(struct proc_info *out, uint32_t pid, uint32_t tid)
{
	struct proc_info info = {.exe = ""};
	int dir = open_dir(pid);
	int code;

	if (dir < 0)
		return dir;
	code = read_stat(&info, dir);
	if (!code) {
		read_comm(&info, dir, tid);
		read_exe(&info, dir);
		read_cmdline(&info, dir);
		read_cgroups(&info, dir);
		*out = info;
	}
	close(dir);
	return code;
}
