/* SPDX-License-Identifier: MIT
 *
 * Objects of one size, named by ids that outlive them: an id holds the slot and its generation, so
 * a stale id finds nothing instead of a stranger. Slots live in large chunks that never move.
 */
#ifndef SOCKLENS_BASE_SLAB_H
#define SOCKLENS_BASE_SLAB_H

#include <stddef.h>
#include <stdint.h>

struct slab_id {
	uint32_t slot;
	uint32_t generation; /* 0 is never valid: a zeroed id is "none" */
};

struct slab {
	void **chunks;	       /* owned */
	uint32_t *generations; /* owned; odd = live, even = free; one a slot */
	uint32_t *free_slots;  /* owned stack */
	size_t object_size;
	uint32_t chunk_count, free_count;
	uint32_t slots; /* ever used */
	uint32_t max;	/* cap */
	uint32_t live;
};

/*
 * Large enough that little is left over of a chunk's huge pages, for that comes in small ones: 2 %
 * of a chunk of flows. When it was a ninth, half of all page faults were there.
 */
enum { SLAB_CHUNK_SHIFT = 16, SLAB_CHUNK = 1 << SLAB_CHUNK_SHIFT };

/* 0 or -ENOMEM. At most `max` objects of `object_size` bytes (best a multiple of 64). */
int slab_init(struct slab *s, size_t object_size, uint32_t max);
void slab_done(struct slab *s);

/* A zeroed object and its id; NULL at the cap or out of memory. */
void *slab_new(struct slab *s, struct slab_id *id);
void slab_free(struct slab *s, struct slab_id id);

/* The object in a slot known to be live (from an index). */
static inline void *slab_at(const struct slab *s, uint32_t slot)
{
	char *chunk = s->chunks[slot >> SLAB_CHUNK_SHIFT];

	return chunk + (size_t)(slot & (SLAB_CHUNK - 1)) * s->object_size;
}

/* The object, or NULL when the id is stale or none. */
static inline void *slab_get(const struct slab *s, struct slab_id id)
{
	if (id.slot >= s->slots || s->generations[id.slot] != id.generation || !(id.generation & 1))
		return NULL;
	return slab_at(s, id.slot);
}

static inline struct slab_id slab_id_of(const struct slab *s, uint32_t slot)
{
	return (struct slab_id){.slot = slot, .generation = s->generations[slot]};
}

/* Next live slot at or after `slot`, or `slots` when there is none: for walking all objects. */
uint32_t slab_next(const struct slab *s, uint32_t slot);

#endif
