/* SPDX-License-Identifier: MIT
 *
 * From object files in memory to attached programs. Only for the with_*.c files: needs libbpf.
 */
#ifndef SOCKLENS_BPF_LOAD_H
#define SOCKLENS_BPF_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct bpf_link;
struct bpf_object;
struct bpf_program;
struct btf;

/* A log that does not fit hides why a program was refused, and before Linux 6.4 its end is what is cut. */
enum { LOADER_LINKS_MAX = 32, LOADER_LOG_BYTES = 4 << 20 };

/* What loading needs to know, and the links it made. */
struct loader {
	struct btf *kernel;	/* owned; the running kernel's types */
	int cgroup_fd;		/* owned; root of the cgroup2 tree, -1 = none */
	bool cgroup_allowed;	/* programs of that kind may be loaded here */
	int cgroup_refused;	/* cgroup hooks that are not attached */
	int missing;		/* other hooks that this kernel does not have */
	struct bpf_link *links[LOADER_LINKS_MAX]; /* owned */
	int link_count;
	char log[LOADER_LOG_BYTES]; /* what the kernel said about a refused program */
};

/* 0; -ENOTSUP without BTF, -EPERM without the privileges, with the remedy in *e. */
int loader_init(struct loader *l, struct err *e);
void loader_done(struct loader *l); /* detaches; also after a loader_init that failed */

bool loader_has_tracepoint(const struct loader *l, const char *name);
bool loader_has_function(const struct loader *l, const char *name);

/*
 * Load an opened object, without the programs whose hook this kernel or these privileges do not
 * offer; its maps are those of `shared` (NULL = its own) where the names agree.
 */
int loader_load(struct loader *l, struct bpf_object *obj, struct bpf_object *shared,
		struct err *e);

/* Attach all that was loaded but iterators. A refused cgroup hook is noted, any other is an error. */
int loader_attach(struct loader *l, struct bpf_object *obj, struct err *e);

#endif
