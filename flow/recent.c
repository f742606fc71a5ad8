/* SPDX-License-Identifier: MIT */
#include "flow/recent.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { NONE = UINT32_MAX, CHUNKS_LEAST = 4, SLOTS_FIRST = 1024 };

struct chunk {
	uint32_t next; /* of its flow, later; or free; NONE ends */
	uint32_t used;
	struct recent_note notes[RECENT_CHUNK];
};

/* The notes of one flow: a list of chunks. Named by the flow's slot in its table. */
struct chain {
	uint64_t id; /* of the flow; 0 = nobody's */
	uint32_t first, last, count;
	uint32_t calls; /* ever */
	uint32_t newer, older; /* slots of the flows heard after and before this one; NONE ends */
};

struct recent {
	struct chunk *chunks;
	uint32_t chunk_count, fresh; /* from `fresh` on they were never used */
	uint32_t free;
	struct chain *chains; /* by slot; grows with the flow table */
	uint32_t chain_count;
	uint32_t newest, oldest; /* slots; NONE = no flow has notes */
	uint64_t open_id;
};

struct recent *recent_new(uint32_t chunks)
{
	struct recent *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->chunk_count = chunks ? chunks : RECENT_CHUNKS;
	if (r->chunk_count < CHUNKS_LEAST)
		r->chunk_count = CHUNKS_LEAST;
	r->chunks = calloc(r->chunk_count, sizeof(*r->chunks));
	r->free = r->newest = r->oldest = NONE;
	if (!r->chunks) {
		free(r);
		return NULL;
	}
	return r;
}

void recent_free(struct recent *r)
{
	if (!r)
		return;
	free(r->chunks);
	free(r->chains);
	free(r);
}

void recent_open(struct recent *r, uint64_t id)
{
	r->open_id = id;
}

/* --- flows, by when they were heard ----------------------------------------------------------- */

static void unlink_chain(struct recent *r, uint32_t slot)
{
	struct chain *c = &r->chains[slot];

	*(c->newer == NONE ? &r->newest : &r->chains[c->newer].older) = c->older;
	*(c->older == NONE ? &r->oldest : &r->chains[c->older].newer) = c->newer;
}

static void link_newest(struct recent *r, uint32_t slot)
{
	struct chain *c = &r->chains[slot];

	c->newer = NONE;
	c->older = r->newest;
	*(r->newest == NONE ? &r->oldest : &r->chains[r->newest].newer) = slot;
	r->newest = slot;
}

static void drop_chain(struct recent *r, uint32_t slot)
{
	struct chain *c = &r->chains[slot];

	unlink_chain(r, slot);
	r->chunks[c->last].next = r->free;
	r->free = c->first;
	c->id = 0;
}

static bool has_slot(struct recent *r, uint32_t slot)
{
	uint32_t count = r->chain_count ? r->chain_count : SLOTS_FIRST;
	struct chain *grown;

	if (slot < r->chain_count)
		return true;
	while (count <= slot)
		count *= 2;
	grown = realloc(r->chains, count * sizeof(*grown));
	if (!grown)
		return false;
	memset(grown + r->chain_count, 0, (count - r->chain_count) * sizeof(*grown));
	r->chains = grown;
	r->chain_count = count;
	return true;
}

static const struct chain *find(const struct recent *r, uint32_t slot, uint64_t id)
{
	return slot < r->chain_count && id && r->chains[slot].id == id ? &r->chains[slot] : NULL;
}

/* --- chunks ----------------------------------------------------------------------------------- */

static uint32_t take_free(struct recent *r)
{
	uint32_t chunk = r->free;

	if (chunk != NONE)
		r->free = r->chunks[chunk].next;
	else if (r->fresh < r->chunk_count)
		chunk = r->fresh++;
	return chunk;
}

/* The oldest one of a flow but for how it began. */
static uint32_t take_own(struct recent *r, struct chain *c)
{
	uint32_t chunk = r->chunks[c->first].next;

	r->chunks[c->first].next = r->chunks[chunk].next;
	if (c->last == chunk)
		c->last = c->first;
	c->count--;
	return chunk;
}

/* The flow on the screen is spared; there is room for more than one. */
static uint32_t take_from_oldest(struct recent *r)
{
	uint32_t slot = r->oldest;

	if (r->chains[slot].id == r->open_id && r->chains[slot].newer != NONE)
		slot = r->chains[slot].newer;
	drop_chain(r, slot);
	return take_free(r);
}

/* `c` is NULL for a flow that has none yet, else it is the one heard last. */
static uint32_t take_chunk(struct recent *r, struct chain *c)
{
	bool open = c && c->id == r->open_id;
	uint32_t limit = open ? RECENT_OPEN_CHUNKS : RECENT_FLOW_CHUNKS, chunk;

	if (limit > r->chunk_count / 2)
		limit = r->chunk_count / 2;
	if (c && c->count >= limit)
		return take_own(r, c);
	chunk = take_free(r);
	if (chunk != NONE)
		return chunk;
	return c && c->count >= 2 && !open ? take_own(r, c) : take_from_oldest(r);
}

static void empty_chunk(struct recent *r, uint32_t chunk)
{
	r->chunks[chunk].used = 0;
	r->chunks[chunk].next = NONE;
}

static void lengthen(struct recent *r, struct chain *c)
{
	uint32_t chunk = take_chunk(r, c);

	empty_chunk(r, chunk);
	r->chunks[c->last].next = chunk;
	c->last = chunk;
	c->count++;
}

static void begin_chain(struct recent *r, uint32_t slot, uint64_t id)
{
	uint32_t chunk = take_chunk(r, NULL);

	empty_chunk(r, chunk);
	r->chains[slot] = (struct chain){.id = id, .first = chunk, .last = chunk, .count = 1};
	link_newest(r, slot);
}

/* --- notes ------------------------------------------------------------------------------------ */

void recent_add(struct recent *r, uint32_t slot, uint64_t id, const struct recent_note *n)
{
	struct chain *c;
	struct chunk *last;

	if (!has_slot(r, slot))
		return;
	c = &r->chains[slot];
	if (c->id && c->id != id)
		drop_chain(r, slot);
	if (!c->id) {
		begin_chain(r, slot, id);
	} else if (r->newest != slot) {
		unlink_chain(r, slot);
		link_newest(r, slot);
	}
	if (r->chunks[c->last].used == RECENT_CHUNK)
		lengthen(r, c);
	last = &r->chunks[c->last];
	last->notes[last->used++] = *n;
}

void recent_add_call(struct recent *r, uint32_t slot, uint64_t id, struct recent_note n)
{
	n.kind = RECENT_CALL;
	n.number = recent_calls(r, slot, id) + 1;
	recent_add(r, slot, id, &n);
	if (find(r, slot, id))
		r->chains[slot].calls = n.number;
}

uint32_t recent_calls(const struct recent *r, uint32_t slot, uint64_t id)
{
	const struct chain *c = find(r, slot, id);

	return c ? c->calls : 0;
}

uint32_t recent_count(const struct recent *r, uint32_t slot, uint64_t id)
{
	const struct chain *c = find(r, slot, id);

	return c ? (c->count - 1) * RECENT_CHUNK + r->chunks[c->last].used : 0;
}

void recent_copy(const struct recent *r, uint32_t slot, uint64_t id, struct recent_note *out)
{
	const struct chain *c = find(r, slot, id);

	for (uint32_t at = c ? c->first : NONE; at != NONE; at = r->chunks[at].next) {
		memcpy(out, r->chunks[at].notes, r->chunks[at].used * sizeof(*out));
		out += r->chunks[at].used;
	}
}
