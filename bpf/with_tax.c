/* SPDX-License-Identifier: MIT
 *
 * The tax of the system-call tracepoints: programs that do nothing, to be measured against ours.
 */
#include "bpf/probe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/bpf.h>

#include <bpf/bpf.h>

enum { ENDS = 2 };

struct tax {
	int prog;	 /* owned */
	int links[ENDS]; /* owned; -1 = none */
};

static int load_nothing(void)
{
	static const struct bpf_insn nothing[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0},
		{.code = BPF_JMP | BPF_EXIT},
	};

	return bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "nothing", "Dual MIT/GPL", nothing,
			     sizeof(nothing) / sizeof(*nothing), NULL);
}

int tax_open(struct tax **out, struct err *e)
{
	static const char *const ends[ENDS] = {"sys_enter", "sys_exit"};
	struct tax *t = malloc(sizeof(*t));
	int code = 0;

	if (!t)
		return err_set(e, -ENOMEM, "probe: no memory");
	*t = (struct tax){.prog = load_nothing(), .links = {-1, -1}};
	for (int i = 0; i < ENDS && t->prog >= 0; i++)
		t->links[i] = bpf_raw_tracepoint_open(ends[i], t->prog);
	if (t->prog < 0 || t->links[0] < 0 || t->links[1] < 0) {
		code = err_set(e, -errno, "probe: cannot attach to system calls: %s",
			       strerror(errno));
		tax_free(t);
		return code;
	}
	*out = t;
	return 0;
}

void tax_free(struct tax *t)
{
	if (!t)
		return;
	for (int i = 0; i < ENDS; i++)
		if (t->links[i] >= 0)
			close(t->links[i]);
	if (t->prog >= 0)
		close(t->prog);
	free(t);
}
