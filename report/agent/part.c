/* SPDX-License-Identifier: MIT */
#include "report/agent/part.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/slab.h"

enum { PARTS_MAX = 1 << 20 };

/* What was told of a flow that goes on. */
struct told {
	uint64_t id;
	int64_t at_ns;	/* when */
	int64_t end_ns; /* its last packet then */
	struct addr src;
	int64_t src_port;
	struct part_counts counts[2]; /* by src, by dst */
};

struct parts {
	struct parts_options options;
	struct slab all; /* struct told */
	struct hash_index index;
	uint64_t seed, refused;
	int64_t now_ns, before_ns; /* of this walk and of the one before */
};

/* --- life ------------------------------------------------------------------------------------- */

struct parts *parts_new(const struct parts_options *o)
{
	struct parts *p = calloc(1, sizeof(*p));
	uint32_t max = o->max ? o->max : PARTS_MAX;

	if (!p)
		return NULL;
	p->options = *o;
	p->seed = hash_random_seed();
	p->now_ns = p->before_ns = INT64_MIN / 2;
	if (slab_init(&p->all, sizeof(struct told), max) == 0 &&
	    hash_index_init(&p->index, max) == 0)
		return p;
	parts_free(p);
	return NULL;
}

void parts_free(struct parts *p)
{
	if (!p)
		return;
	hash_index_done(&p->index);
	slab_done(&p->all);
	free(p);
}

uint64_t parts_refused(const struct parts *p)
{
	return p->refused;
}

/* --- what is remembered ----------------------------------------------------------------------- */

static bool has_id(const void *owner, uint32_t slot, const void *id)
{
	const struct parts *p = owner;
	const struct told *t = slab_at(&p->all, slot);

	return t->id == *(const uint64_t *)id;
}

static uint32_t find(const struct parts *p, uint64_t id)
{
	return hash_index_find(&p->index, hash_mix(id, 0, p->seed), has_id, p, &id);
}

static uint32_t remember(struct parts *p, uint64_t id)
{
	struct slab_id at;
	struct told *t = slab_new(&p->all, &at);

	if (!t)
		return HASH_NONE;
	if (hash_index_insert(&p->index, hash_mix(id, 0, p->seed), at.slot)) {
		slab_free(&p->all, at);
		return HASH_NONE;
	}
	t->id = id;
	return at.slot;
}

static void forget(struct parts *p, uint64_t id, uint32_t slot)
{
	hash_index_remove(&p->index, hash_mix(id, 0, p->seed), slot);
	slab_free(&p->all, slab_id_of(&p->all, slot));
}

/* --- when ------------------------------------------------------------------------------------- */

void parts_advance(struct parts *p, int64_t now_ns)
{
	p->before_ns = p->now_ns;
	if (now_ns > p->now_ns)
		p->now_ns = now_ns;
}

static bool is_quiet(const struct parts *p, int64_t now_ns, int64_t last_ns)
{
	return now_ns - last_ns >= p->options.idle_ns;
}

bool parts_due(const struct parts *p, const struct flow_brief *flow)
{
	bool quiet = is_quiet(p, p->now_ns, flow->last_ns);
	const struct told *t;
	uint32_t slot;

	if (quiet && is_quiet(p, p->before_ns, flow->last_ns))
		return false; /* told in an earlier walk */
	if (!quiet && p->now_ns - flow->start_ns < p->options.active_ns)
		return false;
	slot = find(p, flow->id);
	if (slot == HASH_NONE)
		return true;
	t = slab_at(&p->all, slot);
	return flow->last_ns > t->end_ns && (quiet || p->now_ns - t->at_ns >= p->options.active_ns);
}

/* --- what ------------------------------------------------------------------------------------- */

static int64_t known(int64_t v)
{
	return v == ROW_ABSENT ? 0 : v;
}

static struct part_counts counts_of(const struct flow_end_row *end)
{
	return (struct part_counts){
		.packets = known(end->packets),
		.ip_bytes = known(end->ip_bytes),
		.retransmissions = known(end->tcp[TCP_COUNT_RETRANSMISSION]),
	};
}

/* Packets are counted in 32 bits while a flow lives. */
static int64_t since(int64_t now, int64_t before)
{
	return now >= before ? now - before : now + (INT64_C(1) << 32) - before;
}

static struct part_counts counts_since(struct part_counts now, struct part_counts before)
{
	return (struct part_counts){
		.packets = since(now.packets, before.packets),
		.ip_bytes = now.ip_bytes - before.ip_bytes,
		.retransmissions = since(now.retransmissions, before.retransmissions),
	};
}

static uint8_t end_of(const struct flow_row *row)
{
	static const struct {
		const char *reason;
		uint8_t end;
	} ends[] = {{"idle", PART_IDLE},
		    {"fin", PART_CLOSED},
		    {"rst", PART_CLOSED},
		    {"cap", PART_NO_ROOM}};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (strcmp(row->end_reason, ends[i].reason) == 0)
			return ends[i].end;
	return PART_FORCED;
}

struct part part_whole(const struct flow_row *row)
{
	return (struct part){
		.row = row,
		.start_ns = row->start_ns,
		.counts = {counts_of(&row->src), counts_of(&row->dst)},
		.end = end_of(row),
		.last = true,
	};
}

bool part_is_empty(const struct part *p)
{
	return !p->counts[0].packets && !p->counts[1].packets;
}

/* Who began a flow can become known later: what was told of src is of dst then. */
static bool has_turned(const struct told *t, const struct flow_row *row)
{
	return t->src_port != row->src.port || memcmp(&t->src, &row->src.addr, sizeof(t->src)) != 0;
}

static void take_off(struct part *out, const struct told *t)
{
	int turned = has_turned(t, out->row);

	out->start_ns = t->end_ns;
	for (int i = 0; i < 2; i++)
		out->counts[i] = counts_since(out->counts[i], t->counts[i ^ turned]);
}

static void note(const struct parts *p, struct told *t, const struct flow_row *row)
{
	t->at_ns = p->now_ns;
	t->end_ns = row->end_ns;
	t->src = row->src.addr;
	t->src_port = row->src.port;
	t->counts[0] = counts_of(&row->src);
	t->counts[1] = counts_of(&row->dst);
}

bool parts_take(struct parts *p, const struct flow_row *row, bool last, struct part *out)
{
	uint32_t slot = find(p, row->id);

	*out = part_whole(row);
	if (slot != HASH_NONE)
		take_off(out, slab_at(&p->all, slot));
	if (last) {
		if (slot != HASH_NONE)
			forget(p, row->id, slot);
		return true;
	}
	if (slot == HASH_NONE)
		slot = remember(p, row->id);
	if (slot == HASH_NONE) {
		p->refused++;
		return false;
	}
	note(p, slab_at(&p->all, slot), row);
	out->last = false;
	if (row->closed)
		return true; /* what is left of it are late packets */
	out->end = is_quiet(p, p->now_ns, row->end_ns) ? PART_IDLE : PART_ACTIVE;
	return true;
}
