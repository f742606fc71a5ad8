/* SPDX-License-Identifier: MIT
 *
 * Short records of calls (bpf/call_event.h): read from the queues of the CPUs in the order of their
 * times, and made full by what the last full record of the same place said. No libbpf, no kernel.
 */
#ifndef SOCKLENS_BPF_AGAIN_H
#define SOCKLENS_BPF_AGAIN_H

#include <stdint.h>

#include "bpf/call_event.h"

struct again;

/*
 * queues: `count` struct call_queue of `calls` (a power of two) places one behind the other;
 * borrowed, and written by others all the while. NULL: no memory.
 */
struct again *again_new(void *queues, unsigned count, unsigned calls);
void again_free(struct again *a); /* accepts NULL */

/* A full record passes: remember what it says of its thread and socket. */
void again_note(struct again *a, const struct call_event *c);

/*
 * A turn of reading: what is in the queues when it begins, or begins anew. Full records that were
 * sent before are to be noted while it lasts; what is given out is free for the writers when it
 * ends.
 */
void again_begin(struct again *a);
void again_end(struct again *a);

/*
 * The next call before this time as a full record, without name and value; valid until the next
 * again_*. NULL when there is none.
 */
const struct call_event *again_next(struct again *a, uint64_t before_ns);

/* Calls given up because the record they refer to is not known: it was lost, or forgotten for
 * others. */
uint64_t again_unknown(const struct again *a);

#endif
