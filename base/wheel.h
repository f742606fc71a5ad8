/* SPDX-License-Identifier: MIT
 *
 * A timing wheel over slot numbers (Varghese and Lauck, 1987, scheme 6), driven by the time of the
 * data, never by a clock.
 *
 * Rescheduling is lazy: touching an object costs nothing; when its entry comes up, `due` is asked
 * for the true deadline and the entry is either moved there or expired.
 */
#ifndef SOCKLENS_BASE_WHEEL_H
#define SOCKLENS_BASE_WHEEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wheel {
	uint32_t *heads; /* owned; first slot + 1 of each bucket's chain, 0 = empty */
	uint32_t *links; /* owned; next slot + 1, by slot; 0 = not scheduled */
	uint32_t link_count;
	uint32_t buckets; /* power of two */
	int64_t tick_ns;
	int64_t now_tick; /* the last one that came up */
	bool started;	  /* time is known */
};

/*
 * Called for an entry whose time has come, or may have: also when its deadline lay beyond the
 * wheel, or was set before the first advance. Return a later deadline in ns to keep it, or
 * INT64_MIN after having expired it (the entry is gone; its slot may be scheduled again).
 */
typedef int64_t (*wheel_due_fn)(void *owner, uint32_t slot, int64_t now_ns);

/* 0 or -ENOMEM. tick_ns > 1; buckets: a power of two, at least 2. */
int wheel_init(struct wheel *w, int64_t tick_ns, uint32_t buckets);
void wheel_done(struct wheel *w);

/*
 * Schedule a slot. 0 or -ENOMEM. A slot that is scheduled already keeps its entry: `due` is asked
 * no later than it would have been. A deadline beyond the wheel is asked for once a turn.
 */
int wheel_add(struct wheel *w, uint32_t slot, int64_t deadline_ns);

/*
 * Move time forward and call `due` for what has come up. The first call starts time; backward
 * steps are ignored.
 */
void wheel_advance(struct wheel *w, int64_t now_ns, wheel_due_fn due, void *owner);

#endif
