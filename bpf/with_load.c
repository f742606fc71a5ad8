/* SPDX-License-Identifier: MIT */
#include "bpf/load.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "bpf/cgroup.h"

static const char tracepoint_section[] = "tp_btf/";

static int explain_no_btf(int code, struct err *e)
{
	if (code == -EPERM || code == -EACCES)
		return err_set(e, -EPERM, "probe: needs CAP_BPF and CAP_PERFMON, or root");
	return err_set(e, -ENOTSUP,
		       "probe: kernel without BTF (/sys/kernel/btf/vmlinux): needs a kernel built "
		       "with CONFIG_DEBUG_INFO_BTF");
}

int loader_init(struct loader *l, struct err *e)
{
	int code;

	libbpf_set_print(NULL); /* a library does not print; reasons are told through *e */
	memset(l, 0, sizeof(*l));
	l->cgroup_fd = -1;
	l->kernel = btf__load_vmlinux_btf();
	code = libbpf_get_error(l->kernel);
	if (code) {
		l->kernel = NULL;
		return explain_no_btf(code, e);
	}
	l->cgroup_fd = cgroup_open_root();
	l->cgroup_allowed =
		l->cgroup_fd >= 0 &&
		libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_CGROUP_SOCK, NULL) == 1 &&
		libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_CGROUP_SOCK_ADDR, NULL) == 1;
	return 0;
}

void loader_done(struct loader *l)
{
	while (l->link_count > 0)
		bpf_link__destroy(l->links[--l->link_count]);
	btf__free(l->kernel);
	l->kernel = NULL;
	if (l->cgroup_fd >= 0)
		close(l->cgroup_fd);
	l->cgroup_fd = -1;
}

bool loader_has_tracepoint(const struct loader *l, const char *name)
{
	char type[128];

	snprintf(type, sizeof(type), "btf_trace_%s", name);
	return btf__find_by_name_kind(l->kernel, type, BTF_KIND_TYPEDEF) > 0;
}

bool loader_has_function(const struct loader *l, const char *name)
{
	return btf__find_by_name_kind(l->kernel, name, BTF_KIND_FUNC) > 0;
}

static bool is_cgroup(const struct bpf_program *prog)
{
	enum bpf_prog_type type = bpf_program__type(prog);

	return type == BPF_PROG_TYPE_CGROUP_SOCK || type == BPF_PROG_TYPE_CGROUP_SOCK_ADDR;
}

static bool is_iterator(const struct bpf_program *prog)
{
	return bpf_program__expected_attach_type(prog) == BPF_TRACE_ITER;
}

/* Ask for each hook whether it is there: kernel versions tell little about vendors' kernels. */
static void choose_programs(struct loader *l, struct bpf_object *obj)
{
	size_t n = strlen(tracepoint_section);
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, obj) {
		const char *section = bpf_program__section_name(prog);

		if (is_cgroup(prog) && !l->cgroup_allowed) {
			bpf_program__set_autoload(prog, false);
			l->cgroup_refused++;
		} else if (!strncmp(section, tracepoint_section, n) &&
			   !loader_has_tracepoint(l, section + n)) {
			bpf_program__set_autoload(prog, false);
			l->missing++;
		}
	}
}

/* Sections that have a name of their own are shared; those that every object has are its own. */
static bool is_own(const struct bpf_map *map)
{
	static const char shared[] = ".data.";

	return bpf_map__is_internal(map) && strncmp(bpf_map__name(map), shared, sizeof(shared) - 1);
}

static int share_maps(struct bpf_object *obj, struct bpf_object *from)
{
	struct bpf_map *map;
	int code;

	if (!from)
		return 0;
	bpf_object__for_each_map(map, obj) {
		const char *name = bpf_map__name(map);
		struct bpf_map *other = bpf_object__find_map_by_name(from, name);

		if (!other || is_own(map))
			continue;
		code = bpf_map__reuse_fd(map, bpf_map__fd(other));
		if (code)
			return code;
	}
	return 0;
}

/* The last line of the kernel's log says why; statistics come after it. */
static const char *last_reason(char *log)
{
	char *found = NULL, *line, *save = NULL;

	for (line = strtok_r(log, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (*line && strncmp(line, "processed ", 10))
			found = line;
	return found;
}

static int explain_load(struct loader *l, int code, struct err *e)
{
	const char *reason = last_reason(l->log);

	if (code == -EPERM)
		return err_set(e, code, "probe: needs CAP_BPF and CAP_PERFMON, or root");
	if (code == -ENOMEM || code == -E2BIG)
		return err_set(e, code, "probe: not enough memory for the kernel maps: %s",
			       strerror(-code));
	return err_set(e, code, "probe: this kernel refused a program: %s%s%.200s", strerror(-code),
		       reason ? ": " : "", reason ? reason : "");
}

int loader_load(struct loader *l, struct bpf_object *obj, struct bpf_object *shared,
		struct err *e)
{
	struct bpf_program *prog;
	int code;

	choose_programs(l, obj);
	l->log[0] = '\0';
	bpf_object__for_each_program(prog, obj)
		bpf_program__set_log_buf(prog, l->log, sizeof(l->log));
	code = share_maps(obj, shared);
	if (!code)
		code = bpf_object__load(obj);
	return code ? explain_load(l, code, e) : 0;
}

static int attach(struct loader *l, struct bpf_program *prog)
{
	struct bpf_link *link;
	int code;

	if (l->link_count == LOADER_LINKS_MAX)
		return -E2BIG;
	if (is_cgroup(prog))
		link = bpf_program__attach_cgroup(prog, l->cgroup_fd);
	else
		link = bpf_program__attach(prog);
	code = libbpf_get_error(link);
	if (code)
		return code;
	l->links[l->link_count++] = link;
	return 0;
}

int loader_attach(struct loader *l, struct bpf_object *obj, struct err *e)
{
	struct bpf_program *prog;
	int code;

	bpf_object__for_each_program(prog, obj) {
		if (!bpf_program__autoload(prog) || is_iterator(prog))
			continue;
		code = attach(l, prog);
		if (code && is_cgroup(prog))
			l->cgroup_refused++;
		else if (code)
			return err_set(e, code, "probe: cannot attach %s: %s",
				       bpf_program__section_name(prog), strerror(-code));
	}
	return 0;
}
