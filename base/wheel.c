/* SPDX-License-Identifier: MIT
 *
 * Tick t lives in bucket t % buckets and comes up when time reaches the start of t. A deadline is
 * put into the first tick that starts after it; one that lies turns ahead shares its bucket with
 * nearer ones and is asked for, in vain, once a turn. Each link is next slot + 1, LAST at the
 * chain's end, and 0 for a slot that is not scheduled, which makes adding it twice harmless.
 */
#include "base/wheel.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_LINKS = 1024 };

#define LAST UINT32_MAX

int wheel_init(struct wheel *w, int64_t tick_ns, uint32_t buckets)
{
	uint32_t *heads;

	/* Two buckets: "now" and a later one. With ticks over 1 ns no tick number overflows. */
	assert(tick_ns > 1 && buckets >= 2 && (buckets & (buckets - 1)) == 0);
	heads = calloc(buckets, sizeof(*heads));
	if (!heads)
		return -ENOMEM;
	*w = (struct wheel){.heads = heads, .buckets = buckets, .tick_ns = tick_ns};
	return 0;
}

void wheel_done(struct wheel *w)
{
	free(w->heads);
	free(w->links);
	*w = (struct wheel){0};
}

/* Division that rounds down before 1970 as well. */
static int64_t tick_of(const struct wheel *w, int64_t ns)
{
	return ns / w->tick_ns - (ns % w->tick_ns < 0);
}

/* Before time has started all entries wait together; the first advance asks for each. */
static uint32_t bucket_for(const struct wheel *w, int64_t deadline_ns)
{
	int64_t tick = tick_of(w, deadline_ns) + 1;

	if (!w->started)
		return 0;
	if (tick <= w->now_tick)
		tick = w->now_tick + 1;
	return (uint32_t)tick & (w->buckets - 1);
}

static int grow_links(struct wheel *w, uint32_t slot)
{
	size_t count = w->link_count ? (size_t)w->link_count * 2 : FIRST_LINKS;
	uint32_t *links;

	if (count <= slot)
		count = (size_t)slot + 1;
	if (count > UINT32_MAX)
		count = UINT32_MAX;
	links = reallocarray(w->links, count, sizeof(*links));
	if (!links)
		return -ENOMEM;
	memset(links + w->link_count, 0, (count - w->link_count) * sizeof(*links));
	w->links = links;
	w->link_count = (uint32_t)count;
	return 0;
}

int wheel_add(struct wheel *w, uint32_t slot, int64_t deadline_ns)
{
	uint32_t *head;

	assert(slot < LAST - 1);
	if (slot >= w->link_count && grow_links(w, slot))
		return -ENOMEM;
	if (w->links[slot])
		return 0;
	head = &w->heads[bucket_for(w, deadline_ns)];
	w->links[slot] = *head ? *head : LAST;
	*head = slot + 1;
	return 0;
}

/* `due` may add entries, which moves the links and changes the heads: hold on to neither. */
static void run_bucket(struct wheel *w, uint32_t bucket, int64_t now_ns, wheel_due_fn due,
		       void *owner)
{
	uint32_t next = w->heads[bucket];

	w->heads[bucket] = 0;
	while (next && next != LAST) {
		uint32_t slot = next - 1;
		int64_t deadline_ns;

		next = w->links[slot];
		w->links[slot] = 0;
		deadline_ns = due(owner, slot, now_ns);
		if (deadline_ns != INT64_MIN)
			(void)wheel_add(w, slot, deadline_ns); /* has its link: cannot fail */
	}
}

void wheel_advance(struct wheel *w, int64_t now_ns, wheel_due_fn due, void *owner)
{
	int64_t tick = tick_of(w, now_ns), from = w->now_tick + 1;

	if (!w->started) {
		w->started = true;
		w->now_tick = tick;
		run_bucket(w, 0, now_ns, due, owner);
		return;
	}
	if (tick < from)
		return;
	if (tick - from >= w->buckets)
		from = tick - w->buckets + 1; /* a long silence: every bucket comes up, once */
	/* Time moves before the entries are asked, so that a kept one goes where it is due next. */
	w->now_tick = tick;
	for (int64_t t = from; t <= tick; t++)
		run_bucket(w, (uint32_t)t & (w->buckets - 1), now_ns, due, owner);
}
