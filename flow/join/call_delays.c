/* SPDX-License-Identifier: MIT */
#include "flow/join/call_delays.h"

#include <stdlib.h>

struct call_delays {
	struct correlator *correlator; /* borrowed */
	struct call_join *join;
	call_row_fn told;
	void *ctx;
};

static void take(void *ctx, const struct call_row *row)
{
	struct call_delays *d = ctx;

	if (d->told)
		d->told(d->ctx, row);
	if (row->frames.way == CALL_WAY_NONE || row->event->ev.call.result <= 0)
		return;
	correlator_delay(d->correlator, row->event->ev.cookie,
			 row->frames.way == CALL_WAY_OUT ? DELAY_SEND : DELAY_READ,
			 row->frames.delay_ns);
}

struct call_delays *call_delays_new(struct correlator *c, uint32_t netns, call_row_fn told, void *ctx)
{
	struct call_join_options o = {.netns = netns, .frames = true};
	struct call_delays *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->correlator = c;
	d->told = told;
	d->ctx = ctx;
	d->join = call_join_new(&o, take, d);
	if (d->join)
		return d;
	free(d);
	return NULL;
}

void call_delays_free(struct call_delays *d)
{
	if (!d)
		return;
	call_join_free(d->join);
	free(d);
}

void call_delays_call(struct call_delays *d, const struct call_event *c)
{
	correlator_call(d->correlator, &c->ev);
	call_join_call(d->join, c);
}

void call_delays_packets(struct call_delays *d, const struct packet *packets, unsigned n)
{
	call_join_packets(d->join, packets, n);
}

void call_delays_advance(struct call_delays *d, int64_t now_ns)
{
	call_join_advance(d->join, now_ns);
}
