/* SPDX-License-Identifier: MIT
 *
 * The executables of processes, read from /proc when a process is first seen using a socket and
 * kept, since most short-lived ones are gone when somebody asks. Bounded: the oldest goes first.
 */
#ifndef SOCKLENS_FLOW_PROCESS_H
#define SOCKLENS_FLOW_PROCESS_H

#include <stdint.h>

struct process_table;

struct process_table *process_table_new(uint32_t max); /* NULL = out of memory */
void process_table_free(struct process_table *t);      /* accepts NULL */

/* A process is seen: look it up unless that was done a moment ago. comm[16] is raw. */
void process_table_note(struct process_table *t, uint32_t pid, const char *comm, int64_t now_ns);

/* Raw path of what `pid` was running at a time; NULL when unknown. */
const char *process_table_exe(const struct process_table *t, uint32_t pid, int64_t at_ns);

#endif
