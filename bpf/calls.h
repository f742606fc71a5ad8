/* SPDX-License-Identifier: MIT
 *
 * The system calls that the calls level names: one row each.
 */
#ifndef SOCKLENS_BPF_CALLS_H
#define SOCKLENS_BPF_CALLS_H

#include <stdint.h>

/* Fill call_of_nr[max], indexed by this machine's system call numbers, with enum sock_call. */
void calls_by_number(uint8_t *call_of_nr, unsigned max);

#endif
