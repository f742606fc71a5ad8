/* SPDX-License-Identifier: MIT
 *
 * The few kernel structures that the programs read, declared by hand.
 *
 * Only the fields named here are used; `preserve_access_index` makes libbpf look up their true
 * offsets in the running kernel's BTF (CO-RE), so neither a vmlinux.h nor BTF is needed to build.
 * Unions and nested anonymous structs are flattened: CO-RE finds a field by its name.
 */
#ifndef SOCKLENS_BPF_KERNEL_H
#define SOCKLENS_BPF_KERNEL_H

/* Makes <bpf/bpf_tracing.h> use the kernel's names for registers, and sock_event.h kernel types. */
#define __VMLINUX_H__

#include <linux/bpf.h>
#include <linux/types.h>
#include <stdbool.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

enum { AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10 };
enum { SOCK_STREAM = 1, SOCK_DGRAM = 2 };
enum { IPPROTO_TCP = 6 };
enum { MSG_PEEK = 2 };
enum {
	EINTR = 4,
	EAGAIN = 11,
	EADDRNOTAVAIL = 99,
	EISCONN = 106,
	EALREADY = 114,
	EINPROGRESS = 115,
	ECANCELED = 125,
};
enum { SHUTDOWN_MASK = 3 };
enum { PF_KTHREAD = 0x00200000 };
enum { SOCK_DONE_BIT = 1 };	     /* enum sock_flags: a FIN is in the receive queue */
enum { SOCKFS_MAGIC = 0x534f434b };  /* super block of sockets: "SOCK" */
enum { ERESTARTSYS = 512 };	     /* and above: the call starts again, nobody sees it */
enum { TS_COMPAT = 2 };		     /* thread_info.status: in a 32-bit system call */

enum {
	TCP_ESTABLISHED = 1,
	TCP_SYN_SENT = 2,
	TCP_SYN_RECV = 3,
	TCP_CLOSE = 7,
	TCP_LISTEN = 10,
};

enum tcp_chrono { TCP_CHRONO_NONE, TCP_CHRONO_BUSY, TCP_CHRONO_RWND, TCP_CHRONO_SNDBUF };

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	long long counter;
} atomic64_t;

struct in6_addr {
	union {
		__u8 u6_addr8[16];
		__u32 u6_addr32[4];
	} in6_u;
};

struct sock_common {
	__u32 skc_daddr, skc_rcv_saddr; /* network order */
	__u32 skc_portpair;		/* both ports at once, to see quickly that one changed */
	__u16 skc_dport;		/* network order */
	__u16 skc_num;			/* host order */
	unsigned short skc_family;
	volatile unsigned char skc_state;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
	atomic64_t skc_cookie;
	unsigned long skc_flags;
};

struct socket;

struct upid {
	int nr;
};

struct pid {
	struct upid numbers[1]; /* by pid namespace, the first one first */
};

struct numa_drop_counters {
	atomic_t drops0, drops1;
};

struct sock {
	struct sock_common __sk_common;
	__u16 sk_type, sk_protocol;
	struct socket *sk_socket;
	struct pid *sk_peer_pid;
	int sk_err;
	__u8 sk_shutdown;
	__u32 sk_ack_backlog, sk_max_ack_backlog;
	atomic_t sk_drops;
	struct numa_drop_counters *sk_drop_counters; /* in place of sk_drops, Linux 6.18 */
};

struct socket {
	struct file *file; /* NULL: the kernel's own */
	struct sock *sk;
};

struct sk_buff {
	struct sock *sk; /* whose it is, before it leaves */
};

struct inet_sock {
	struct sock sk;
	__u16 inet_sport; /* network order; outlives skc_num when a socket closes */
};

struct inet_connection_sock {
	struct inet_sock icsk_inet;
	__u32 icsk_rto; /* jiffies */
};

struct minmax_sample {
	__u32 t, v;
};

struct minmax {
	struct minmax_sample s[3];
};

struct tcp_sock {
	struct inet_connection_sock inet_conn;
	__u32 rcv_nxt, copied_seq, write_seq, snd_nxt, snd_una;
	__u32 srtt_us; /* times 8 */
	struct minmax rtt_min; /* s[0].v is the smallest */
	__u32 snd_cwnd, mss_cache, snd_wnd;
	__u32 delivered, total_retrans;
	__u64 bytes_acked, bytes_received;
	__u32 chrono_stat[3]; /* jiffies in the states of enum tcp_chrono, from BUSY on */
	__u32 chrono_start;   /* jiffies when the present one began */
	__u8 chrono_type;     /* the present one; a bit field in some kernels */
};

struct sockaddr_un {
	__u16 sun_family;
	char sun_path[108];
};

struct unix_address {
	int len; /* of the whole sockaddr_un */
	struct sockaddr_un name[1];
};

struct unix_sock {
	struct sock sk;
	struct unix_address *addr;
	struct sock *peer;
};

struct super_block {
	unsigned long s_magic;
};

struct inode {
	struct super_block *i_sb;
	unsigned long i_ino;
};

struct file {
	struct inode *f_inode;
	void *private_data;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

typedef struct {
	__u32 val;
} kuid_t;

struct cred {
	kuid_t uid;
};

struct kernfs_node {
	__u64 id;
};

struct cgroup;

struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct cgroup_subsys_state *parent;
};

struct cgroup {
	struct cgroup_subsys_state self;
	struct kernfs_node *kn;
};

struct css_set {
	struct cgroup *dfl_cgrp;
};

struct nsproxy {
	struct net *net_ns;
};

struct thread_info {
	__u32 status;
};

struct signal_struct {
	atomic_t live; /* threads */
};

struct task_struct {
	struct thread_info thread_info;
	unsigned int flags;
	__u64 start_boottime;
	int pid, tgid; /* the kernel's pid is the thread, its tgid the process */
	const struct cred *cred;
	char comm[16];
	struct files_struct *files;
	struct nsproxy *nsproxy;
	struct css_set *cgroups;
	struct signal_struct *signal;
	struct task_struct *group_leader;
};

struct bpf_map {
	__u32 id;
};

struct bpf_task_work {
	__u64 opaque;
} __attribute__((aligned(8)));

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd;
	struct file *file;
};

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di;
	unsigned long orig_ax, ip, cs, flags, sp, ss;
};
#elif defined(__TARGET_ARCH_arm64)
struct user_pt_regs {
	__u64 regs[31], sp, pc, pstate;
};

struct pt_regs {
	__u64 regs[31], sp, pc, pstate, orig_x0;
	__s32 syscallno;
};
#endif

#pragma clang attribute pop

/* Runs `note` in this task before it returns to user space. Linux 6.18; the programs that use it
 * are left out where it is missing. */
extern int bpf_task_work_schedule_resume_impl(struct task_struct *task, struct bpf_task_work *work,
					      void *map__map,
					      int (*note)(struct bpf_map *, void *, void *),
					      void *aux__prog) __ksym __weak;

/* User-space layout of what system calls point to; no relocation. */
struct user_pollfd {
	__s32 fd;
	__u16 events, revents;
};

#if defined(__TARGET_ARCH_x86)
#define USER_EPOLL_PACKED __attribute__((packed))
#else
#define USER_EPOLL_PACKED
#endif

struct user_epoll_event {
	__u32 events;
	__u64 data;
} USER_EPOLL_PACKED;

struct user_cmsg {
	__u64 len;
	__s32 level, type;
	__s32 fd; /* of SCM_RIGHTS */
};

struct user_msghdr {
	__u64 name;
	__u32 name_len, pad;
	__u64 iov, iov_len, control, control_len;
	__u32 flags, pad2;
};

struct user_sockaddr {
	__u16 family;
	__u16 port; /* network order */
	union {
		__u32 v4;
		struct {
			__u32 flowinfo;
			__u8 v6[16];
		};
	};
};

#endif
