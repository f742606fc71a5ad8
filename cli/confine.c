/* SPDX-License-Identifier: MIT */
#include "cli/confine.h"

#include <errno.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Names, since a kernel or an architecture may lack some of them. */
static const char *const refused_calls[] = {
	/* other programs */
	"execve",
	"execveat",
#ifndef __SANITIZE_ADDRESS__ /* whose search for leaks stops its own threads so */
	"ptrace",
#endif
	"process_vm_readv",
	"process_vm_writev",
	"kcmp",
	"pidfd_getfd",
	"process_madvise",
	/* the system */
	"mount",
	"umount2",
	"pivot_root",
	"chroot",
	"move_mount",
	"open_tree",
	"fsopen",
	"fsmount",
	"swapon",
	"swapoff",
	"reboot",
	"kexec_load",
	"kexec_file_load",
	"init_module",
	"finit_module",
	"delete_module",
	"settimeofday",
	"clock_settime",
	"adjtimex",
	"sethostname",
	"setdomainname",
	"acct",
	"quotactl",
	"unshare",
	"setns",
	"mknod",
	"mknodat",
	"open_by_handle_at",
	"perf_event_open",
	/* what attacks on the kernel begin with */
	"add_key",
	"request_key",
	"keyctl",
	"userfaultfd",
	"io_uring_setup",
	"personality",
};

/* Users and interfaces are asked for over these. */
static const int local_families[] = {AF_UNIX, AF_NETLINK};

static int refuse_calls(scmp_filter_ctx ctx)
{
	int status = 0;

	for (unsigned i = 0; i < sizeof(refused_calls) / sizeof(refused_calls[0]) && !status; i++) {
		int number = seccomp_syscall_resolve_name(refused_calls[i]);

		if (number != __NR_SCMP_ERROR)
			status = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), number, 0);
	}
	return status;
}

/* Rules cannot say "none of these": all below, between and above. */
static int refuse_sockets(scmp_filter_ctx ctx)
{
	const uint32_t refuse = SCMP_ACT_ERRNO(EPERM);
	int status = 0;

	for (int family = 0; family <= AF_MAX && !status; family++) {
		bool local = false;

		for (unsigned i = 0; i < sizeof(local_families) / sizeof(local_families[0]); i++)
			local |= family == local_families[i];
		if (!local)
			status = seccomp_rule_add(ctx, refuse, SCMP_SYS(socket), 1,
						  SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)family, 0));
	}
	return status;
}

static int filter_calls(const struct confinement *c)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int status;

	if (!ctx)
		return -ENOMEM;
	status = refuse_calls(ctx);
	if (!status && !c->network)
		status = refuse_sockets(ctx);
	if (!status)
		status = seccomp_load(ctx);
	seccomp_release(ctx);
	return status;
}

/* What every version of Landlock knows; later ones add to it. */
static uint64_t changes(const struct confinement *c)
{
	uint64_t always = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
			  LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SOCK;

	if (c->writes_files)
		return always;
	return always | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
	       LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |
	       LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_FIFO |
	       LANDLOCK_ACCESS_FS_MAKE_SYM;
}

/* A rule set without rules: nothing that it handles is allowed anywhere. */
static int restrict_files(const struct confinement *c)
{
	struct landlock_ruleset_attr attr = {.handled_access_fs = changes(c)};
	int fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0), status = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_landlock_restrict_self, fd, 0) < 0)
		status = -errno;
	close(fd);
	return status;
}

int confine(const struct confinement *c, const char **missing, struct err *e)
{
	int status = restrict_files(c);

	*missing = NULL;
	if (status == -ENOSYS || status == -EOPNOTSUPP)
		*missing = "Landlock";
	else if (status)
		return err_set(e, status, "cannot confine itself (Landlock): %s",
			       strerror(-status));
	status = filter_calls(c);
	if (status)
		return err_set(e, status, "cannot confine itself (seccomp): %s", strerror(-status));
	return 0;
}
