/* SPDX-License-Identifier: MIT
 *
 * Processes, read from /proc when they are first seen using a socket and kept, since most
 * short-lived ones are gone when somebody asks. Bounded: the oldest goes first.
 *
 * What /proc says is believed only when it is of the process that the event was about: one that had
 * begun by then, and whose thread is still called the same (else it has run another program since).
 */
#ifndef SOCKLENS_FLOW_PROCESS_H
#define SOCKLENS_FLOW_PROCESS_H

#include <stdint.h>

#include "base/clock.h"
#include "bpf/proc.h"
#include "flow/rows/row.h"

struct process {
	uint32_t pid, ppid;  /* ppid 0 = unknown */
	uint32_t serial;     /* tells entries of one pid apart */
	uint32_t uid, netns; /* at its last event; netns 0 = it had none */
	uint64_t cgroup_id;
	int64_t seen_ns;    /* wall clock: since when it is known so */
	int64_t last_ns;    /* its last event */
	int64_t checked_ns; /* when /proc was last asked */
	int64_t start_ns;   /* CLOCK_MONOTONIC; 0 = gone before it could be read */
	/* Raw; that of its last event and another, since threads may have names of their own. */
	char comm[SOCK_COMM_LEN], other_comm[SOCK_COMM_LEN];
	/* Printable; "" = unknown. */
	char exe[ROW_PATH_MAX], cmdline[ROW_PATH_MAX], cgroup[ROW_PATH_MAX];
	struct container container;
	/* Of its sockets that are gone. */
	uint64_t sockets_closed, written_bytes, read_bytes, errors, failures, drops, retransmits;
};

struct process_table;

/*
 * Both are borrowed: `reader` (NULL = read by ourselves) and `clock` (NULL = start times are not
 * compared with events). NULL = out of memory.
 */
struct process_table *process_table_new(uint32_t max, struct proc_reader *reader,
					const struct clock_map *clock);
void process_table_free(struct process_table *t); /* accepts NULL */

/*
 * A process is seen: look it up unless that was done a moment ago. With a reader the answer comes
 * later, by process_table_advance. The event's time is wall clock.
 */
void process_table_note(struct process_table *t, const struct sock_event *ev);

/* Take answers that have come; `wait_ms` > 0: wait so long for each that is missing. Accepts t
 * NULL.
 */
void process_table_advance(struct process_table *t, int wait_ms);

/* What `pid` was at a time, valid until the next note; NULL when unknown. Accepts t NULL. */
struct process *process_table_find(const struct process_table *t, uint32_t pid, int64_t at_ns);

/* Visit all. Accepts t NULL. */
void process_table_each(const struct process_table *t,
			void (*fn)(void *ctx, const struct process *p), void *ctx);

/* Its parents in order, "bash[812] sshd[640]", as far as they are known. Returns the length. */
size_t process_table_parents(const struct process_table *t, const struct process *p, char *out,
			     size_t cap);

/* The same for all entries of one process, whatever it has run. */
uint64_t process_id(const struct process *p);

/* When it began, wall clock; ROW_ABSENT when unknown. */
int64_t process_table_start_ns(const struct process_table *t, const struct process *p);

#endif
