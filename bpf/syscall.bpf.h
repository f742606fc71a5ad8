/* SPDX-License-Identifier: MIT
 *
 * What the programs on sys_enter and sys_exit share: numbers, arguments, and the way from a file
 * descriptor to a socket. A socket found like that can only be read.
 */
#ifndef SOCKLENS_BPF_SYSCALL_BPF_H
#define SOCKLENS_BPF_SYSCALL_BPF_H

#include "bpf/facts.bpf.h"

/* enum sock_call by this machine's system call number; 0 = not about sockets. Set by the loader. */
const volatile __u8 call_of_nr[CALL_NR_MAX] = {};

static __always_inline __u8 call_of(long nr)
{
	__u64 i = nr;

	return i < CALL_NR_MAX ? call_of_nr[i] : CALL_NONE;
}

/* sys_exit is not told which call it ends; the saved registers know. */
static __always_inline long call_number(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return regs->orig_ax;
#else
	return regs->syscallno;
#endif
}

/* As they were at entry: a result overwrites the register of the first one only where it is kept apart. */
static __always_inline void call_args(struct pt_regs *regs, __s64 args[SOCK_CALL_ARGS])
{
#if defined(__TARGET_ARCH_x86)
	args[0] = regs->di;
	args[1] = regs->si;
	args[2] = regs->dx;
	args[3] = regs->r10;
	args[4] = regs->r8;
	args[5] = regs->r9;
#else
	args[0] = regs->orig_x0;
	args[1] = regs->regs[1];
	args[2] = regs->regs[2];
	args[3] = regs->regs[3];
	args[4] = regs->regs[4];
	args[5] = regs->regs[5];
#endif
}

/* The socket behind a descriptor of this process; NULL when it is something else, or closed. */
static __always_inline struct sock *socket_of_fd(struct task_struct *task, __s64 fd)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file **slot, *file = NULL;
	struct socket *socket;

	if (fd < 0 || fd >= BPF_CORE_READ(table, max_fds))
		return NULL;
	slot = BPF_CORE_READ(table, fd) + fd;
	bpf_probe_read_kernel(&file, sizeof(file), slot);
	if (!file || BPF_CORE_READ(file, f_inode, i_sb, s_magic) != SOCKFS_MAGIC)
		return NULL;
	socket = BPF_CORE_READ(file, private_data);
	return socket ? BPF_CORE_READ(socket, sk) : NULL;
}

/* Which descriptor a call is about: its first argument, or the one that it made. */
static __always_inline __s64 call_fd(__u8 call, const __s64 args[SOCK_CALL_ARGS], __s64 ret)
{
	bool makes_one = call == CALL_SOCKET || call == CALL_ACCEPT || call == CALL_ACCEPT4;

	return makes_one && ret >= 0 ? ret : call == CALL_SOCKET ? -1 : (__s32)args[0];
}

#endif
