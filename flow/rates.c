/* SPDX-License-Identifier: MIT */
#include "flow/rates.h"

#include <stdlib.h>
#include <string.h>

#include "base/saturate.h"

/* Exponential smoothing: half of a change shows after one second, nine tenths after three. */
enum { SMOOTH_NUM = 1, SMOOTH_DEN = 2 };

void rates_done(struct rates *r)
{
	free(r->by_slot);
	*r = (struct rates){0};
}

static struct rate *rate_at(struct rates *r, uint32_t slot)
{
	if (slot >= r->count) {
		uint32_t count = slot + slot / 2 + 64;
		struct rate *grown = realloc(r->by_slot, count * sizeof(*grown));

		if (!grown)
			return NULL;
		memset(grown + r->count, 0, (count - r->count) * sizeof(*grown));
		r->by_slot = grown;
		r->count = count;
	}
	return &r->by_slot[slot];
}

static void rate_step(struct rate *rate, const struct flow *f, int64_t elapsed_ns)
{
	for (int d = 0; d < 2; d++) {
		double bits = (double)(f->bytes[d] - rate->bytes[d]) * 8;
		int64_t bps = saturate_rate(bits, (double)elapsed_ns);

		rate->bps[d] += (bps - rate->bps[d]) * SMOOTH_NUM / SMOOTH_DEN;
		rate->bytes[d] = f->bytes[d];
	}
}

void rates_update(struct rates *r, struct flow_table *flows, int64_t now_ns)
{
	int64_t elapsed_ns = now_ns - r->last_ns;

	if (elapsed_ns <= 0)
		return;
	if (r->last_ns == 0)
		elapsed_ns = 1000000000;
	r->last_ns = now_ns;
	for (struct flow *f = flow_table_next(flows, NULL); f; f = flow_table_next(flows, f)) {
		uint64_t id = flow_id(flows, f);
		struct rate *rate = rate_at(r, (uint32_t)(id >> 32));

		if (!rate)
			return;
		if (rate->id != id)
			*rate = (struct rate){.id = id};
		rate_step(rate, f, elapsed_ns);
	}
}

void rates_put(struct rates *r, uint64_t id, const int64_t bps[2])
{
	struct rate *rate = rate_at(r, (uint32_t)(id >> 32));

	if (rate)
		*rate = (struct rate){.id = id, .bps = {bps[0], bps[1]}};
}

void rates_fill(const struct rates *r, struct flow_row *row, const struct flow *f)
{
	uint32_t slot = (uint32_t)(row->id >> 32);
	int o = f->originator;

	if (slot >= r->count || r->by_slot[slot].id != row->id)
		return;
	row->src.rate_bps = r->by_slot[slot].bps[o];
	row->dst.rate_bps = r->by_slot[slot].bps[!o];
}
