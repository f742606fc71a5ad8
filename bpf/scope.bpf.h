/* SPDX-License-Identifier: MIT
 *
 * Who is in scope. The scope is constant by the time the programs load, so that what was not asked
 * for costs nothing: the verifier drops its code.
 */
#ifndef SOCKLENS_BPF_SCOPE_BPF_H
#define SOCKLENS_BPF_SCOPE_BPF_H

#include "bpf/kernel.h"
#include "bpf/scope.h"
#include "bpf/shared.h"

const volatile struct probe_scope scope = {}; /* set by the loader */

/* The processes asked for, and those that they have started (follow.bpf.h). */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SCOPE_PROCESSES_MAX);
	__type(key, __u32);
	__type(value, __u8);
} scope_pids SEC(".maps");

/*
 * By the low bits of a pid, and by those of where a thread has its kernel stack: 0 = surely none of
 * them, at the price of a load; all 1 where none were asked for. One for all objects (loader_load),
 * and no map that is looked up: the address is in the program.
 */
__u8 scope_marks[SCOPE_MARKS_MAX] SEC(".data.scope_marks") = {};

static __always_inline bool is_marked(__u32 n)
{
	return ((volatile __u8 *)scope_marks)[n % SCOPE_MARKS_MAX];
}

static __always_inline void set_mark(__u32 n)
{
	((volatile __u8 *)scope_marks)[n % SCOPE_MARKS_MAX] = 1;
}

/*
 * The stack that these registers were saved on. A typed pointer cannot be computed with, but its
 * lower half can be taken. Stacks are aligned to their size.
 */
static __always_inline __u32 stack_of(struct pt_regs *regs)
{
	enum { STACK_SHIFT = 14 };
	__u64 low;

	asm volatile("r0 = %[regs]; w0 = w0; %[low] = r0" : [low] "=r"(low) : [regs] "r"(regs) : "r0");
	return low >> STACK_SHIFT;
}

/* Who makes a system call: without asking the kernel for the thread, which costs more. */
static __always_inline bool scope_may_have_caller(struct pt_regs *regs)
{
	return is_marked(stack_of(regs));
}

static __always_inline void scope_mark_caller(struct task_struct *task)
{
	set_mark(stack_of((struct pt_regs *)bpf_task_pt_regs(task)));
}

static __always_inline bool scope_has_process_kinds(void)
{
	return scope.pid_count || scope.uid_count || scope.comm_count || scope.cgroup_count;
}

static __always_inline bool scope_has_pid(struct task_struct *task)
{
	__u32 pid = task->tgid;

	if (!scope.pid_count)
		return true;
	return is_marked(pid) && bpf_map_lookup_elem(&scope_pids, &pid);
}

static __always_inline bool scope_has_uid(struct task_struct *task)
{
	__u32 uid = scope.uid_count ? task->cred->uid.val : 0;

	for (int i = 0; i < SCOPE_VALUES_MAX && i < scope.uid_count; i++)
		if (scope.uids[i] == uid)
			return true;
	return !scope.uid_count;
}

/* The name of the thread or of its process. */
static __always_inline bool scope_has_comm(struct task_struct *task)
{
	__u64 own[2] = {}, leader[2] = {};

	if (!scope.comm_count)
		return true;
	bpf_probe_read_kernel(own, sizeof(own), task->comm);
	bpf_probe_read_kernel(leader, sizeof(leader), task->group_leader->comm);
	for (int i = 0; i < SCOPE_VALUES_MAX && i < scope.comm_count; i++) {
		const volatile __u64 *name = (const volatile __u64 *)scope.comms[i];

		if ((own[0] == name[0] && own[1] == name[1]) ||
		    (leader[0] == name[0] && leader[1] == name[1]))
			return true;
	}
	return false;
}

static __always_inline bool is_cgroup_asked_for(__u64 id)
{
	for (int i = 0; i < SCOPE_VALUES_MAX && i < scope.cgroup_count; i++)
		if (scope.cgroups[i] == id)
			return true;
	return false;
}

static __always_inline bool scope_has_cgroup(struct task_struct *task)
{
	struct cgroup *c;

	if (!scope.cgroup_count)
		return true;
	c = BPF_CORE_READ(task, cgroups, dfl_cgrp);
	for (int depth = 0; depth < CGROUP_DEPTH_MAX && c; depth++) {
		if (is_cgroup_asked_for(BPF_CORE_READ(c, kn, id)))
			return true;
		c = BPF_CORE_READ(c, self.parent, cgroup);
	}
	return false;
}

static __always_inline bool scope_has_process(struct task_struct *task)
{
	return scope_has_pid(task) && scope_has_uid(task) && scope_has_comm(task) &&
	       scope_has_cgroup(task);
}

/* At the price of a load: false = surely not. */
static __always_inline bool scope_may_have_process(struct task_struct *task)
{
	return is_marked(task->tgid);
}

/* Whether a process that was in scope may leave it: the processes asked for stay. */
static __always_inline bool scope_may_let_go(void)
{
	return scope.uid_count || scope.comm_count || scope.cgroup_count;
}

static __always_inline bool scope_has_netns(__u32 inode)
{
	for (int i = 0; i < SCOPE_VALUES_MAX && i < scope.netns_count; i++)
		if (scope.netns[i] == inode)
			return true;
	return !scope.netns_count;
}

/* Either port, host order; 0 matches nothing. */
static __always_inline bool scope_has_ports(__u16 local, __u16 remote)
{
	for (int i = 0; i < SCOPE_VALUES_MAX && i < scope.port_count; i++)
		if (scope.ports[i] == local || scope.ports[i] == remote)
			return true;
	return !scope.port_count;
}

#endif
