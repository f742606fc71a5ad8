/* SPDX-License-Identifier: MIT
 *
 * What was not seen, by the stage that lost it. Counters only grow and are always shown: the
 * health line shows the sum, every report carries the rows. One row here names a stage everywhere.
 */
#ifndef SOCKLENS_BASE_LOSS_H
#define SOCKLENS_BASE_LOSS_H

#include <stdint.h>

/*     id         name         what was lost                                                    */
#define LOSS_ROWS(X)                                                                               \
	X(KERNEL, kernel, "frames dropped by the kernel: capture buffer full")                         \
	X(INTERFACE, interface, "frames dropped by the network interface")                            \
	X(RING, ring, "socket events that found the ring buffer full and were not recovered")         \
	X(CALLS, calls, "system calls that found the ring buffer or the table of threads full")        \
	X(MAP_FULL, map_full, "sockets that found the kernel's socket map full")                      \
	X(MISSED, missed, "probe runs that the kernel skipped (recursion)")                           \
	X(TABLE_FULL, table_full, "packets that found the flow table full")                           \
	X(SOCKETS_FULL, sockets_full, "socket events that found the socket table full")               \
	X(PENDING, pending, "frames or events given up while waiting for their other half")           \
	X(TRUNCATED, truncated, "frames cut by the snap length before their headers ended")           \
	X(STREAM, stream, "bytes not inspected because a bounded buffer was full")                    \
	X(DAMAGED, damaged, "bytes of a capture file that could not be read")

enum loss_stage {
#define X(id, name, help) LOSS_##id,
	LOSS_ROWS(X)
#undef X
	LOSS_STAGES
};

struct loss {
	uint64_t count[LOSS_STAGES];
};

const char *loss_name(enum loss_stage stage); /* as in reports */
const char *loss_help(enum loss_stage stage); /* one sentence */
uint64_t loss_sum(const struct loss *l);
void loss_add(struct loss *to, const struct loss *from);

#endif
