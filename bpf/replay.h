/* SPDX-License-Identifier: MIT
 *
 * Recorded socket events: what the probe said, kept in a file, to be said again without a kernel.
 *
 *   offset 0   8  magic "SOCKEVT\n"
 *          8   4  byte order of everything that follows: 0x01020304
 *         12   4  version
 *         16   4  record size
 *         20   4  zero
 *         24   8  wall-clock offset, ns: wall = CLOCK_MONOTONIC + offset
 *         32      records: struct sock_event, times CLOCK_MONOTONIC
 *
 * A file that a crash cut short reads up to its last whole record.
 */
#ifndef SOCKLENS_BPF_REPLAY_H
#define SOCKLENS_BPF_REPLAY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "bpf/sock_event.h"

enum { REPLAY_VERSION = 1, REPLAY_HEADER_BYTES = 32 };

struct replay_reader;

/* 0 and *out, or a negative errno with the reason in *e (-EBADMSG: no such recording). */
int replay_open(struct replay_reader **out, const char *path, struct err *e);
void replay_close(struct replay_reader *r); /* accepts NULL */

/*
 * 1 and the next event, its time made wall-clock; 0 at the end; -EBADMSG with the reason in *e when
 * the rest is damaged (what came before was good); another negative errno when reading failed.
 */
int replay_next(struct replay_reader *r, struct sock_event *ev, struct err *e);

/* The head of records that are kept elsewhere than in a file of their own; times as above. */
void replay_head(uint8_t out[REPLAY_HEADER_BYTES], int64_t offset_ns);

/*
 * Such a head and its records: each event goes to `fn`, its time made wall-clock. Their number, or
 * -EBADMSG with the reason in *e when the rest is damaged.
 */
int replay_each(const uint8_t *data, size_t n, void (*fn)(void *ctx, const struct sock_event *ev),
		void *ctx, struct err *e);

struct replay_writer;

/*
 * Make the file (for its owner only), or go on at the end of one made before, whose cut last
 * record, if any, is dropped. `offset_ns` is the present wall-clock offset. 0 or a negative errno.
 */
int replay_append(struct replay_writer **out, const char *path, int64_t offset_ns, struct err *e);

/* The clock was measured again: later events are moved to fit the file's one offset. */
void replay_set_offset(struct replay_writer *w, int64_t offset_ns);

/* One event as the probe gave it (CLOCK_MONOTONIC). Failure shows at replay_finish. */
void replay_put(struct replay_writer *w, const struct sock_event *ev);

/* Write out, close and free; 0 or the first failure. Accepts NULL. */
int replay_finish(struct replay_writer *w, struct err *e);

#endif
