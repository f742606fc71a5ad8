/* SPDX-License-Identifier: (MIT OR GPL-2.0-only)
 *
 * What connect() returned, without a program on system calls: the hook inside the call leaves a
 * note for the thread, and the kernel runs it on the way back to user space (Linux 6.18). Only to
 * know why an attempt failed that no state change tells of.
 */
#include "bpf/attempt.bpf.h"
#include "bpf/syscall.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct connect_note {
	struct bpf_task_work work;
	__u64 cookie;
};

/* One a thread. LRU: threads end without telling. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, RETURNS_MAX);
	__type(key, __u64);
	__type(value, struct connect_note);
} connects SEC(".maps");

static const struct connect_note blank_note = {};

static int connect_returned(struct bpf_map *map, void *key, void *value)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
	struct connect_note *note = value;
	struct sock_entry *e = entry_get(note->cookie);
	long ret = (int)PT_REGS_RC_CORE(regs);

	if (!e || e->attempt != ATTEMPT_PENDING)
		return 0;
	if (call_of(call_number(regs)) != CALL_CONNECT)
		return 0; /* io_uring: this is some other call's return */
	if (is_failure_to_connect(ret))
		attempt_failed(e, -ret);
	else
		e->attempt = ATTEMPT_NONE;
	return 0;
}

static __always_inline void leave_note(__u64 cookie)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct connect_note *note = bpf_map_lookup_elem(&connects, &thread);

	if (!note) {
		bpf_map_update_elem(&connects, &thread, &blank_note, BPF_NOEXIST);
		note = bpf_map_lookup_elem(&connects, &thread);
	}
	if (!note)
		return;
	note->cookie = cookie;
	bpf_task_work_schedule_resume_impl(bpf_get_current_task_btf(), &note->work, &connects,
					   connect_returned, NULL);
}

SEC("cgroup/connect4")
int connect_noted4(struct bpf_sock_addr *ctx)
{
	leave_note(bpf_get_socket_cookie(ctx));
	return 1;
}

SEC("cgroup/connect6")
int connect_noted6(struct bpf_sock_addr *ctx)
{
	leave_note(bpf_get_socket_cookie(ctx));
	return 1;
}
