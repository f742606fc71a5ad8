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

#include <stddef.h>
#include <stdint.h>

struct wheel {
	uint32_t *heads; /* owned; first slot + 1 of each bucket's chain, 0 = empty */
	uint32_t *links; /* owned; next slot + 1, indexed by slot */
	uint32_t link_count;
	uint32_t buckets; /* power of two */
	int64_t tick_ns;
	int64_t now_tick;
	int started;
};

/*
 * Called for an entry whose time has come: return a later deadline in ns to keep it, or INT64_MIN
 * after having expired it (the entry is gone; its slot may be scheduled again).
 */
typedef int64_t (*wheel_due_fn)(void *owner, uint32_t slot, int64_t now_ns);

int wheel_init(struct wheel *w, int64_t tick_ns, uint32_t buckets); /* 0 or -ENOMEM */
void wheel_done(struct wheel *w);

/* Schedule a slot that is not scheduled. 0 or -ENOMEM. Far deadlines wait in the last bucket. */
int wheel_add(struct wheel *w, uint32_t slot, int64_t deadline_ns);

/* Move time forward (backward steps are ignored) and call `due` for what has come up. */
void wheel_advance(struct wheel *w, int64_t now_ns, wheel_due_fn due, void *owner);

#endif
