/* SPDX-License-Identifier: MIT
 *
 * The system calls that the probe knows (rows: bpf/call_rows.h) by their numbers on this machine.
 */
#ifndef SOCKLENS_BPF_CALLS_H
#define SOCKLENS_BPF_CALLS_H

#include <stdint.h>

/*
 * Fill call_of_nr[max], indexed by system call numbers, with enum sock_call: for the calls level.
 * CALL_COUNT stands for calls by which a thread gets another name or user.
 */
void calls_by_number(uint8_t *call_of_nr, unsigned max);

/* The same of the calls that make, move bytes or end: for accounting by plan S. */
void calls_counted_by_number(uint8_t *call_of_nr, unsigned max);

#endif
