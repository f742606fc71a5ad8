/* SPDX-License-Identifier: MIT
 *
 * What this kernel, these privileges and this build allow, without loading anything: each row of
 * the table is one check with its remedy. Works the same with and without libbpf.
 */
#include "bpf/probe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <linux/capability.h>

#include <cap-ng.h>

#include "bpf/cgroup.h"

enum { LINE_MAX_BYTES = 256 };

struct doctor_row {
	const char *name;
	/* Say what was found in c->detail; true when it is as it should be. */
	bool (*look)(const struct doctor_row *row, struct probe_check *c);
	unsigned capability; /* for look_capability */
	const char *remedy;
};

#define FOUND(c, ...) snprintf((c)->detail, sizeof((c)->detail), __VA_ARGS__)

static bool look_build(const struct doctor_row *row, struct probe_check *c)
{
	(void)row;
	FOUND(c, SOCKLENS_BPF ? "built with the probe" : "built without the probe (BPF=0)");
	return SOCKLENS_BPF;
}

static bool look_kernel(const struct doctor_row *row, struct probe_check *c)
{
	struct utsname u;

	(void)row;
	if (uname(&u))
		return false;
	FOUND(c, "%.60s %.60s", u.release, u.machine);
	return true;
}

static bool look_btf(const struct doctor_row *row, struct probe_check *c)
{
	static const char path[] = "/sys/kernel/btf/vmlinux";

	(void)row;
	if (access(path, R_OK)) {
		FOUND(c, "%s: %s", path, strerror(errno));
		return false;
	}
	FOUND(c, "%s", path);
	return true;
}

static bool look_capability(const struct doctor_row *row, struct probe_check *c)
{
	bool has;

	if (capng_get_caps_process()) {
		FOUND(c, "cannot read the capabilities of this process");
		return false;
	}
	has = capng_have_capability(CAPNG_EFFECTIVE, row->capability);
	FOUND(c, has ? "held" : "not held");
	return has;
}

static bool look_cgroup(const struct doctor_row *row, struct probe_check *c)
{
	char root[LINE_MAX_BYTES];
	int root_fd;

	(void)row;
	if (cgroup_root(root, sizeof(root))) {
		FOUND(c, "mounted at %.100s", root);
		return true;
	}
	root_fd = cgroup_open_root();
	FOUND(c, root_fd < 0 ? "not mounted" : "not mounted here: opened for the probe only");
	if (root_fd >= 0)
		close(root_fd);
	return root_fd >= 0;
}

/* "confidentiality" keeps programs from reading kernel memory; the lesser levels do not. */
static bool look_lockdown(const struct doctor_row *row, struct probe_check *c)
{
	FILE *f = fopen("/sys/kernel/security/lockdown", "re");
	char line[LINE_MAX_BYTES] = "";

	(void)row;
	if (f) {
		if (!fgets(line, sizeof(line), f))
			line[0] = '\0';
		fclose(f);
	}
	line[strcspn(line, "\n")] = '\0';
	FOUND(c, "%.100s", *line ? line : "not in use");
	return !strstr(line, "[confidentiality]");
}

static const struct doctor_row rows[] = {
	{"probe", look_build, 0, "build with libbpf-dev, clang and bpftool, without BPF=0"},
	{"kernel", look_kernel, 0, ""},
	{"BTF", look_btf, 0, "boot a kernel built with CONFIG_DEBUG_INFO_BTF=y"},
	{"CAP_BPF", look_capability, CAP_BPF, "run as root, or give CAP_BPF and CAP_PERFMON"},
	{"CAP_PERFMON", look_capability, CAP_PERFMON,
	 "run as root, or give CAP_BPF and CAP_PERFMON"},
	{"CAP_NET_ADMIN", look_capability, CAP_NET_ADMIN,
	 "run as root, or give CAP_NET_ADMIN; without it UDP peers are not seen"},
	{"CAP_NET_RAW", look_capability, CAP_NET_RAW,
	 "run as root, or give CAP_NET_RAW; without it only files can be read"},
	{"cgroup v2", look_cgroup, 0,
	 "mount -t cgroup2 none /sys/fs/cgroup; without it UDP peers are not seen"},
	{"lockdown", look_lockdown, 0, "boot with lockdown=integrity or less"},
};

int probe_doctor(struct probe_check *checks, int max)
{
	int n = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows) && n < max; i++, n++) {
		struct probe_check *c = &checks[n];

		*c = (struct probe_check){.name = rows[i].name};
		c->ok = rows[i].look(&rows[i], c);
		if (!c->ok)
			snprintf(c->remedy, sizeof(c->remedy), "%s", rows[i].remedy);
	}
	return n;
}
