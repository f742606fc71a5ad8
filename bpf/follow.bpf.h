/* SPDX-License-Identifier: MIT
 *
 * A scope of processes grows with what they start. Loaded only when processes were asked for.
 */
#ifndef SOCKLENS_BPF_FOLLOW_BPF_H
#define SOCKLENS_BPF_FOLLOW_BPF_H

#include "bpf/maps.bpf.h"
#include "bpf/scope.bpf.h"

SEC("tp_btf/sched_process_fork")
int BPF_PROG(scope_forked, struct task_struct *parent, struct task_struct *child)
{
	__u32 from = parent->tgid, to = child->tgid;
	struct probe_control *c;
	__u8 one = 1;

	if (!bpf_map_lookup_elem(&scope_pids, &from))
		return 0;
	scope_mark_caller(child);
	if (from == to)
		return 0;
	set_mark(to);
	if (bpf_map_update_elem(&scope_pids, &to, &one, BPF_ANY) == 0)
		return 0;
	c = control_get();
	if (c)
		__sync_fetch_and_add(&c->map_full, 1);
	return 0;
}

/* With its last thread, so that who gets the number next is nobody we know. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(scope_exited, struct task_struct *task)
{
	__u32 pid = task->tgid;

	if (task->signal->live.counter == 0)
		bpf_map_delete_elem(&scope_pids, &pid);
	return 0;
}

#endif
