/* SPDX-License-Identifier: MIT
 *
 * Several captures read as one, in the order of time: what a rotated set was before it was cut, and
 * what captures of the same minutes on several interfaces are together. Frames of one capture keep
 * their order, as mergecap keeps it; at the same time the capture that was named first comes first.
 */
#ifndef SOCKLENS_FLOW_IN_ORDER_H
#define SOCKLENS_FLOW_IN_ORDER_H

#include "capture/source.h"

struct in_order;

/* Of so many files, which are borrowed and must outlive it. NULL = out of memory. */
struct in_order *in_order_new(struct source *const *sources, unsigned count);
void in_order_free(struct in_order *o); /* accepts NULL */

/* Where notes go, each right before the frames that it stood before (source_on_note). */
void in_order_on_note(struct in_order *o, note_fn fn, void *ctx);

/*
 * As source_read of one capture, but that any error except -ENODATA is one capture's: its rest is
 * left out, and the next call goes on with the others.
 */
int in_order_read(struct in_order *o, unsigned budget, frames_fn fn, void *ctx, struct err *e);

/* Which of them was read last. */
unsigned in_order_current(const struct in_order *o);

#endif
