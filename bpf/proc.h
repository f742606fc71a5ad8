/* SPDX-License-Identifier: MIT
 *
 * What /proc tells about a process. All texts are raw bytes: vis() before showing; absent ones "".
 */
#ifndef SOCKLENS_BPF_PROC_H
#define SOCKLENS_BPF_PROC_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/container.h"
#include "bpf/sock_event.h"

struct proc_info {
	char comm[SOCK_COMM_LEN]; /* of the thread asked for, NUL-terminated; "" when it is gone */
	char exe[256];		  /* "" also without the privilege to know */
	char cmdline[256];	  /* arguments joined by spaces */
	char cgroup[256];	  /* cgroup v2 path, seen from our own cgroup namespace */
	struct container container;
	uint32_t ppid;
	int64_t start_ns; /* CLOCK_MONOTONIC, in steps of 10 ms; tells a reused pid */
};

/* 0, -ESRCH when the process is gone, another negative errno. `tid` may be `pid`. */
int proc_read(struct proc_info *out, uint32_t pid, uint32_t tid);

/* --- a reader with more rights than we --- */

/*
 * The executable of another user's process can be read by root only. So a process that keeps that
 * right, and does nothing but answer pids over a socket pair, is forked before privileges are
 * dropped: it takes two numbers and never sees foreign bytes, except what /proc holds.
 */
struct proc_reader;

/* 0, or a negative errno. The child ends with this process, or when the reader is freed. */
int proc_reader_start(struct proc_reader **out);
void proc_reader_free(struct proc_reader *r); /* accepts NULL */

/*
 * Asking never waits, since the child may have to wait for a processor: answers come in the order
 * of questions. 0, -EAGAIN when too many are on their way, another negative errno.
 */
int proc_reader_ask(struct proc_reader *r, uint32_t pid, uint32_t tid);

/*
 * The next answer: 1 and the status of proc_read in *code, with *out filled when that is 0; or 0
 * when there is none within `wait_ms`; or a negative errno when there will be none any more.
 */
int proc_reader_take(struct proc_reader *r, int wait_ms, int *code, struct proc_info *out);

#endif
