/* SPDX-License-Identifier: MIT */
#include "cli/scope_options.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fmt.h"
#include "bpf/cgroup.h"

/* Namespaces have numbers from here on (PROC_DYNAMIC_FIRST): smaller ones are pids. */
#define NAMESPACE_FIRST 0xf0000000u

/* The place of one more value; NULL and the reason when there are too many. */
#define NEXT(list, count, option, e)                                                               \
	((count) < SCOPE_VALUES_MAX ? &(list)[(count)++] : (too_many(option, e), NULL))

static void too_many(const char *option, struct err *e)
{
	err_set(e, -EINVAL, "%s: at most %d of them", option, SCOPE_VALUES_MAX);
}

int set_scope_pid(struct settings *s, const char *arg, struct err *e)
{
	uint64_t v;
	sock_u32 *at;

	if (!parse_u64(&v, arg, INT32_MAX) || !v)
		return err_set(e, -EINVAL, "--pid %s: give a process id", arg);
	at = NEXT(s->scope.pids, s->scope.pid_count, "--pid", e);
	if (!at)
		return -EINVAL;
	*at = (uint32_t)v;
	return 0;
}

int set_scope_comm(struct settings *s, const char *arg, struct err *e)
{
	char(*at)[SOCK_COMM_LEN] = NEXT(s->scope.comms, s->scope.comm_count, "--comm", e);

	if (!at)
		return -EINVAL;
	memset(*at, 0, sizeof(*at));
	memcpy(*at, arg, strnlen(arg, SOCK_COMM_LEN - 1)); /* as long as the kernel keeps them */
	return 0;
}

int set_scope_uid(struct settings *s, const char *arg, struct err *e)
{
	const struct passwd *pw = getpwnam(arg);
	uint64_t v;
	sock_u32 *at;

	if (pw)
		v = pw->pw_uid;
	else if (!parse_u64(&v, arg, UINT32_MAX))
		return err_set(e, -EINVAL, "--uid %s: there is no such user", arg);
	at = NEXT(s->scope.uids, s->scope.uid_count, "--uid", e);
	if (!at)
		return -EINVAL;
	*at = (uint32_t)v;
	return 0;
}

/* The inode of a file, whose path is made of a folder and a name. */
static bool inode_of(uint64_t *out, const char *folder, const char *name, const char *rest)
{
	char path[512];
	struct stat st;

	if (snprintf(path, sizeof(path), "%s%s%s", folder, name, rest) >= (int)sizeof(path) ||
	    stat(path, &st))
		return false;
	*out = st.st_ino;
	return true;
}

/* The folder itself, or as /proc/PID/cgroup writes it. */
int set_scope_cgroup(struct settings *s, const char *arg, struct err *e)
{
	char root[256] = "";
	sock_u64 *at;
	uint64_t v;

	if (!cgroup_root(root, sizeof(root)))
		return err_set(e, -EINVAL, "--cgroup %s: no cgroup v2 tree is mounted here", arg);
	if (strncmp(arg, root, strlen(root)) != 0
		    ? !inode_of(&v, root, arg[0] == '/' ? "" : "/", arg)
		    : !inode_of(&v, arg, "", ""))
		return err_set(e, -EINVAL, "--cgroup %s: there is no such folder in %s", arg, root);
	at = NEXT(s->scope.cgroups, s->scope.cgroup_count, "--cgroup", e);
	if (!at)
		return -EINVAL;
	*at = v;
	return 0;
}

/* A name that `ip netns` gave, a process that is in it, or its number. */
int set_scope_netns(struct settings *s, const char *arg, struct err *e)
{
	uint64_t v, number = 0;
	bool is_number = parse_u64(&number, arg, UINT32_MAX), found;
	sock_u32 *at;

	if (is_number && number >= NAMESPACE_FIRST) {
		v = number;
		found = true;
	} else {
		found = (!strchr(arg, '/') && inode_of(&v, "/run/netns/", arg, "")) ||
			(is_number && inode_of(&v, "/proc/", arg, "/ns/net"));
	}
	if (!found)
		return err_set(
			e, -EINVAL,
			"--netns %s: no name that ip netns knows, no process and no number of "
			"a namespace",
			arg);
	at = NEXT(s->scope.netns, s->scope.netns_count, "--netns", e);
	if (!at)
		return -EINVAL;
	*at = (uint32_t)v;
	return 0;
}

int set_scope_port(struct settings *s, const char *arg, struct err *e)
{
	uint64_t v;
	sock_u16 *at;

	if (!parse_u64(&v, arg, UINT16_MAX) || !v)
		return err_set(e, -EINVAL, "--port %s: give a port, 1 to 65535", arg);
	at = NEXT(s->scope.ports, s->scope.port_count, "--port", e);
	if (!at)
		return -EINVAL;
	*at = (uint16_t)v;
	return 0;
}
